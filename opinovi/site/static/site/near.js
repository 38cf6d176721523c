// Sorts the places by how far they are, on the device itself: the position goes nowhere.
const button = document.querySelector('[data-locate]')
const line = document.querySelector('[data-locate-line]')
// Until this is here, a press would be in vain.
if (button) button.disabled = false

function km (a, b, c, d) {
  const r = Math.PI / 180
  const h = Math.sin((c - a) * r / 2) ** 2 + Math.cos(a * r) * Math.cos(c * r) * Math.sin((d - b) * r / 2) ** 2
  return 2 * 6371 * Math.asin(Math.sqrt(h))
}

function sort ({ coords }) {
  const places = [...document.querySelectorAll('li[data-point]')]
  for (const one of places) {
    one.km = km(coords.latitude, coords.longitude, Number(one.dataset.latitude), Number(one.dataset.longitude))
    const shown = one.km.toLocaleString(document.documentElement.lang, { maximumFractionDigits: one.km < 10 ? 1 : 0 })
    one.querySelector('[data-far]').textContent = button.dataset.unit.replace('%s', shown)
  }
  places.sort((a, b) => a.km - b.km)
  const [first, ...rest] = document.querySelectorAll('main section')
  first.querySelector('h2').textContent = button.dataset.title
  first.querySelector('ol').replaceChildren(...places)
  for (const one of rest) one.remove()
  document.querySelector('main .chips')?.remove()
  places[0]?.querySelector('a').focus()
}

button?.addEventListener('click', () => {
  navigator.geolocation.getCurrentPosition(sort, () => { line.textContent = button.dataset.failed })
})
