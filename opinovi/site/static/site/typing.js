// Looks for what is being typed, and puts what was found in place. Without it, pressing the button does the same.
const field = document.querySelector('[data-typing]')
let waiting, asked

async function find () {
  const place = document.getElementById(field.dataset.typing)
  const wanted = field.value.trim()
  if (wanted === asked || wanted.length < 2) return
  asked = wanted
  try {
    const told = new URLSearchParams(new FormData(field.form))
    told.set('part', 'list')
    const answer = await fetch(`${location.pathname}?${told}`, { headers: { 'X-Requested-With': 'fetch' } })
    if (!answer.ok || answer.redirected || wanted !== field.value.trim()) return
    const page = document.createElement('template')
    page.innerHTML = await answer.text()
    place.replaceChildren(page.content)
  } catch { /* the button is there */ }
}

field?.addEventListener('input', () => {
  clearTimeout(waiting)
  waiting = setTimeout(find, 250)
})
