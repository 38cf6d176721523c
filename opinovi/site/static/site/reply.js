// Keeps an answer as it is written, and puts a ready text in. Without it the buttons keep it, and the texts are there to copy.
const form = document.querySelector('form[data-draft]')
const text = form?.querySelector('textarea')
const line = form?.querySelector('[data-line]')
let timer, leaving = false

async function keep () {
  const told = new FormData()
  told.set('csrfmiddlewaretoken', form.elements.csrfmiddlewaretoken.value)
  told.set('then', 'draft')
  told.set('text', text.value)
  try {
    const answer = await fetch(location.pathname, { method: 'POST', body: told })
    if (!leaving) line.textContent = answer.ok && !answer.redirected ? form.dataset.saved : form.dataset.failed
  } catch { line.textContent = form.dataset.failed }
}

text?.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(keep, 1000) })
// What was typed before this was here is kept too.
if (text && text.value !== text.defaultValue) timer = setTimeout(keep, 1000)
form?.addEventListener('submit', () => { leaving = true; clearTimeout(timer) })
// Who chooses by the keys goes through the list, and says by Enter which it is.
const ready = document.querySelector('[data-template]')
const into = ready?.form.querySelector('textarea')
let byKeys = false
// Until this is here, a choice would be in vain.
if (ready) ready.disabled = false

function putIn () {
  if (!ready.value) return
  into.value = into.value.trim() ? `${into.value.trimEnd()}\n\n${ready.value}` : ready.value
  ready.value = ''
  into.focus()
  if (into === text) keep()
}

ready?.addEventListener('pointerdown', () => { byKeys = false })
ready?.addEventListener('keydown', event => {
  byKeys = event.key !== 'Enter'
  if (byKeys) return
  event.preventDefault()
  putIn()
})
ready?.addEventListener('change', () => { if (!byKeys) putIn() })
