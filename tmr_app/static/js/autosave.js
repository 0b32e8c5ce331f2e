// Sends what is typed to the server shortly after the last key. Every page works without this file.
// The form's data-autosave is the address. An empty answer means: kept as a draft. An answer with text is the server's own
// word: it is shown, its data-version goes into the form, and after data-state="both" nothing is sent any more.
const WAIT = 3000

for (const form of document.querySelectorAll('form[data-autosave]')) {
  const said = form.querySelector('[data-autosave-said]')
  const wait = Number(form.dataset.autosaveWait || WAIT)
  let waiting = 0
  let sent = ''
  let running = null

  // The version is the server's affair: it must not make the same text look changed.
  const body = () => new URLSearchParams(new FormData(form))
  const typed = () => {
    const values = body()
    for (const name of [...values.keys()]) if (/(^|-)version$/.test(name)) values.delete(name)
    return values.toString()
  }

  function own (text) {
    const answer = new DOMParser().parseFromString(text, 'text/html').body.firstElementChild
    return answer && answer.dataset.state ? answer : null
  }

  function show (answer) {
    for (const part of answer.querySelectorAll('[data-version]')) {
      const field = form.querySelector(`[name="${part.dataset.name}"]`)
      if (field) field.value = part.dataset.version
    }
    if (answer.dataset.state === 'both') form.dataset.stopped = 'yes'
    if (said) said.replaceChildren(document.importNode(answer, true))
  }

  async function keep () {
    clearTimeout(waiting)
    waiting = 0
    const now = typed()
    if (now === sent || form.dataset.sent === 'yes' || form.dataset.stopped === 'yes') return
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: 'POST',
        body: body(),
        headers: { 'X-Autosave': '1' },
        redirect: 'manual'
      })
      if (answer.type === 'opaqueredirect') {
        if (said) said.textContent = form.dataset.ended || form.dataset.lost
        return
      }
      const text = answer.status === 204 ? '' : await answer.text()
      const word = own(text)
      if (!word && !answer.ok) throw new Error(String(answer.status))
      sent = now
      if (word) {
        show(word)
      } else if (said) {
        const time = new Date().toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hour12: false })
        said.textContent = form.dataset.kept + ' ' + time
      }
    } catch {
      if (said) said.textContent = form.dataset.lost
      plan(wait * 4)
    }
  }

  // One after the other: the next carries the version the last one brought back.
  function next () {
    running = (running || Promise.resolve()).then(keep)
    return running
  }

  function plan (after) {
    clearTimeout(waiting)
    waiting = setTimeout(next, after)
  }

  form.addEventListener('input', () => plan(wait))
  // A save on its way brings a new version back: the button waits for it, or it would meet its own text as another's.
  form.addEventListener('submit', (event) => {
    clearTimeout(waiting)
    waiting = 0
    if (!running) return
    event.preventDefault()
    // In a task of its own: a form ignores requestSubmit while its submit event is still being handled.
    running.then(() => setTimeout(() => {
      clearTimeout(waiting)
      running = null
      form.dataset.sent = ''
      form.requestSubmit(event.submitter)
    }))
  })
  form.addEventListener('focusout', () => { if (waiting) next() })
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden' && waiting) next()
  })
  sent = typed()
}
