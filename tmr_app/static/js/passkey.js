// Passkeys: turns the server's options into what the browser asks, and the browser's answer into a form value.
const bytes = (text) => Uint8Array.from(atob(text.replace(/_/g, "/").replace(/-/g, "+")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");

function common(answer, response) {
  return { id: answer.id, rawId: text(answer.rawId), type: answer.type, response };
}

async function create(options) {
  const wanted = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: (options.excludeCredentials || []).map((one) => ({ ...one, id: bytes(one.id) })),
  };
  const answer = await navigator.credentials.create({ publicKey: wanted });
  const transports = answer.response.getTransports ? answer.response.getTransports() : null;
  return {
    ...common(answer, {
      attestationObject: text(answer.response.attestationObject),
      clientDataJSON: text(answer.response.clientDataJSON),
      transports,
    }),
    extensions: JSON.stringify(answer.getClientExtensionResults()),
  };
}

async function get(options) {
  const wanted = {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: (options.allowCredentials || []).map((one) => ({ ...one, id: bytes(one.id) })),
  };
  const answer = await navigator.credentials.get({ publicKey: wanted });
  return {
    ...common(answer, {
      authenticatorData: text(answer.response.authenticatorData),
      clientDataJSON: text(answer.response.clientDataJSON),
      signature: text(answer.response.signature),
      userHandle: text(answer.response.userHandle || new ArrayBuffer(0)),
    }),
    assertionClientExtensions: JSON.stringify(answer.getClientExtensionResults()),
  };
}

// A form with data-start="submit" asks when its first button is pressed (a signature); any other asks at once (a sign-in).
const form = document.getElementById("passkey-form");
if (form) {
  const deed = form.dataset.passkey === "create" ? create : get;
  const ask = () => {
    document.getElementById("passkey-problem").hidden = true;
    return deed(JSON.parse(form.dataset.options))
      .then((credential) => {
        document.getElementById("credential").value = JSON.stringify(credential);
        form.submit();
      })
      .catch(() => {
        document.getElementById("passkey-problem").hidden = false;
      });
  };
  if (form.dataset.start !== "submit") {
    ask();
  } else {
    form.addEventListener("submit", (event) => {
      const without = event.submitter && event.submitter.name === "way";
      const agreed = form.querySelector("input[name=agreed]");
      if (without || !window.PublicKeyCredential || (agreed && !agreed.checked)) return;
      event.preventDefault();
      ask();
    });
  }
}
