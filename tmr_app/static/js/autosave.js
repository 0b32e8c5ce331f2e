// Keeps what is typed as a draft on the server, a few seconds after the last key. Every page works without this file.
const WAIT = 3000

for (const form of document.querySelectorAll('form[data-autosave]')) {
  const said = form.querySelector('[data-autosave-said]')
  let waiting = 0
  let sent = ''

  const body = () => new URLSearchParams(new FormData(form)).toString()

  async function keep() {
    const now = body()
    if (now === sent || form.dataset.sent === 'yes') return
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: 'POST',
        body: new URLSearchParams(now),
        headers: { 'X-Autosave': '1' },
        redirect: 'error'
      })
      if (!answer.ok) throw new Error(String(answer.status))
      sent = now
      const time = new Date().toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hour12: false })
      if (said) said.textContent = form.dataset.kept + ' ' + time
    } catch {
      if (said) said.textContent = form.dataset.lost
    }
  }

  form.addEventListener('input', () => {
    clearTimeout(waiting)
    waiting = setTimeout(keep, WAIT)
  })
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden' && waiting) keep()
  })
  sent = body()
}
