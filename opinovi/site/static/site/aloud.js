// Reads the page aloud by the device's own voice, piece by piece, each in its language. Nothing leaves the device.
const bar = document.querySelector('[data-aloud]')
const PIECES = 'h1, h2, h3, p, li, dt, dd, th, td, summary, label, legend'

function pieces () {
  const found = [...document.querySelectorAll(`main :is(${PIECES})`)]
  return found.filter(one => !one.querySelector(PIECES) && one.checkVisibility?.() !== false && one.innerText.trim())
}

function start () {
  const rows = pieces()
  let at = 0
  const next = () => {
    document.querySelector('.spoken')?.classList.remove('spoken')
    const one = rows[at++]
    if (!one) return ended()
    one.classList.add('spoken')
    one.scrollIntoView({ block: 'center' })
    const said = new SpeechSynthesisUtterance(one.innerText.trim())
    said.lang = one.closest('[lang]').lang
    said.onend = next
    said.onerror = ended
    speechSynthesis.speak(said)
  }
  next()
}

function ended () {
  speechSynthesis.cancel()
  document.querySelector('.spoken')?.classList.remove('spoken')
  show('start')
}

function show (what) {
  for (const button of bar.querySelectorAll('button')) button.hidden = !button.dataset.when.split(' ').includes(what)
}

const DO = {
  start () { speechSynthesis.cancel(); show('going'); start() },
  pause () { speechSynthesis.pause(); show('paused') },
  on () { speechSynthesis.resume(); show('going') },
  stop: ended,
}

if (bar && 'speechSynthesis' in window) {
  bar.hidden = false
  show('start')
  bar.addEventListener('click', event => DO[event.target.dataset.do]?.())
  addEventListener('pagehide', () => speechSynthesis.cancel())
}
