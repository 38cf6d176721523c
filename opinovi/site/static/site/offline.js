// Starts the worker, tells when something waits or went, and fills the page of what is here without a connection. It stands
// on every page: a module, so that its names are nobody else's.
const here = document.querySelector('script[data-worker]')
const worker = navigator.serviceWorker
const post = message => worker.ready.then(one => one.active.postMessage(message))
const text = (parent, name, words) => parent.appendChild(Object.assign(document.createElement(name), { textContent: words }))

function shown ({ pages, letters }) {
  const list = document.querySelector('[data-pages-here]')
  for (const one of document.querySelectorAll('[data-letters]')) one.hidden = Boolean(list) || !letters.some(letter => letter.state === one.dataset.letters)
  for (const one of document.querySelectorAll('[data-own]')) one.hidden = (one.dataset.own === 'kept') !== pages.some(page => page.url === location.href)
  if (!list) return
  document.querySelector('[data-able]').hidden = false
  document.querySelector('[data-unable]').hidden = true
  list.replaceChildren()
  for (const page of pages) text(text(list, 'li', ''), 'a', page.title || page.url).href = page.url
  document.querySelector('[data-kept-none]').hidden = pages.length > 0
  const box = document.querySelector('[data-outbox]')
  box.replaceChildren()
  for (const letter of letters) {
    const card = document.querySelector(`template[data-card=${letter.state}]`).content.cloneNode(true)
    card.querySelector('[data-text]')?.append(letter.text)
    const link = card.querySelector('a')
    if (link) link.href = letter.led ?? letter.url
    card.querySelector('button').addEventListener('click', () => post({ do: 'drop', id: letter.id }))
    box.append(card)
  }
}

if (worker && here) {
  worker.addEventListener('message', event => shown(event.data))
  worker.register(here.dataset.worker).then(() => post({ do: 'send' })).catch(() => {})
  addEventListener('online', () => post({ do: 'send' }))
  for (const one of document.querySelectorAll('[data-own] button')) one.addEventListener('click', () => post({ do: one.value, url: location.href }))
}
