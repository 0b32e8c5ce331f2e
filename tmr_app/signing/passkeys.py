"""Signing by passkey: the challenge *is* the hash of what is signed, so the assertion can be made by the signer's device only,
for this document only. The stored assertion verifies later from the record alone.
"""

import base64
import hashlib
import json
from typing import Any

from cryptography.exceptions import InvalidSignature
from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.kernel import clock
from tmr_app.kernel.errors import BadInput, OutOfOrder
from tmr_app.members.account_models import Account, WebAuthnCredential
from tmr_app.regulation.verdicts import Message
from tmr_app.signing import digests

BOUND = (
    "kind", "version_id", "code", "number", "content_sha256", "pdf_sha256", "statement_sha256", "position", "person_id",
    "deed",
)  # fmt: skip
"""The parts of a record that the challenge binds."""
LARGEST_ANSWER = 20_000


def challenge(record: dict[str, Any], nonce: str) -> bytes:
    """32 bytes: the hash of document, statement, signer and deed, and of the one page that was shown."""
    bound = {name: record[name] for name in BOUND}
    return digests.digest("passkey-challenge", digests.canonical({**bound, "nonce": nonce}))


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def keys_of(session: Session, account: Account) -> list[WebAuthnCredential]:
    return list(session.scalars(select(WebAuthnCredential).where(WebAuthnCredential.user_id == account.id)))


def options(keys: list[WebAuthnCredential], *, wanted: bytes, rp_id: str) -> str:
    """What the browser is asked, as JSON."""
    return json.dumps(
        {
            "challenge": _text(wanted),
            "rpId": rp_id,
            "timeout": 120_000,
            "userVerification": "preferred",
            "allowCredentials": [
                {"id": _text(one.credential_id), "type": "public-key", "transports": one.transports or []}
                for one in keys
            ],
        }
    )


def judge(
    keys: list[WebAuthnCredential], answer: str, *, wanted: bytes, nonce: str, rp_id: str, origin: str
) -> dict[str, Any]:
    """The assertion as it is stored. BadInput for what is no answer at all, OutOfOrder for one that does not fit:
    another document's, another page's, another person's key."""
    from webauthn import verify_authentication_response
    from webauthn.helpers.exceptions import InvalidAuthenticationResponse, WebAuthnException

    if len(answer) > LARGEST_ANSWER:
        raise BadInput("the passkey's answer is too long")
    try:
        parsed = json.loads(answer)
        credential_id, response = _bytes(parsed["rawId"]), parsed["response"]
        stored = {
            "authenticator_data": response["authenticatorData"],
            "client_data": response["clientDataJSON"],
            "signature": response["signature"],
        }
        if not all(isinstance(one, str) for one in stored.values()):
            raise TypeError
    except (ValueError, KeyError, TypeError):
        raise BadInput("the passkey's answer cannot be read") from None
    key = next((one for one in keys if one.credential_id == credential_id), None)
    if key is None:
        raise _unfit()
    try:
        verified = verify_authentication_response(
            credential=parsed,
            expected_challenge=wanted,
            expected_rp_id=rp_id,
            expected_origin=origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count or 0,
        )
    except (InvalidAuthenticationResponse, WebAuthnException, ValueError):
        raise _unfit() from None
    key.sign_count, key.lastuse_datetime = verified.new_sign_count, clock.real_now()
    return {
        **stored,
        "credential_id": _text(credential_id),
        "public_key": _text(key.public_key),
        "user_verified": verified.user_verified,
        "nonce": nonce,
        "rp_id": rp_id,
        "origin": origin,
    }


def _unfit() -> OutOfOrder:
    return OutOfOrder(
        Message("The passkey's answer does not belong to this document. Open the page again and sign.")
    )


def holds(record: dict[str, Any]) -> bool:
    """Whether a record's stored assertion was made over this record's own challenge, from the record alone."""
    from webauthn.helpers import decode_credential_public_key, decoded_public_key_to_cryptography
    from webauthn.helpers import verify_signature as verify

    try:
        kept = record["passkey"]
        client, device = _bytes(kept["client_data"]), _bytes(kept["authenticator_data"])
        said = json.loads(client)
        if said["type"] != "webauthn.get" or _bytes(said["challenge"]) != challenge(record, kept["nonce"]):
            return False
        if device[:32] != hashlib.sha256(kept["rp_id"].encode()).digest() or not device[32] & 1:
            return False
        key = decoded_public_key_to_cryptography(decode_credential_public_key(_bytes(kept["public_key"])))
        alg = decode_credential_public_key(_bytes(kept["public_key"])).alg
        verify(
            public_key=key,
            signature_alg=alg,
            signature=_bytes(kept["signature"]),
            data=device + hashlib.sha256(client).digest(),
        )
    except (InvalidSignature, ValueError, KeyError, TypeError, IndexError):
        return False
    except Exception as error:  # the library's own errors share no base with the others
        if type(error).__module__.startswith("webauthn"):
            return False
        raise
    return True
