// Looks again for what is new and puts it in place. Without it, opening the page again does the same.
const box = document.querySelector('[data-live]')

async function look () {
  const busy = document.hidden || box.contains(document.activeElement)
  if (busy) return
  try {
    const answer = await fetch(box.dataset.live, { headers: { 'X-Requested-With': 'fetch' } })
    if (!answer.ok || answer.redirected) return
    const page = document.createElement('template')
    page.innerHTML = await answer.text()
    for (const token of page.content.querySelectorAll('[name=csrfmiddlewaretoken]')) token.value = box.querySelector('[name=csrfmiddlewaretoken]')?.value ?? token.value
    const before = box.innerText
    const was = box.innerHTML
    box.replaceChildren(page.content)
    if (box.innerText === before) box.innerHTML = was
  } catch { /* the next look will do */ }
}

if (box) setInterval(look, Number(box.dataset.seconds) * 1000)
