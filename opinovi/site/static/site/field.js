// Notes of the field: kept on the phone first, sent when there is a connection, once however often they are sent.
// Without this the page is a form that needs a connection.
const form = document.querySelector('form[data-field]')
const { who, notes, token, worker, kept, waiting, sent, out, edit, bare } = form.dataset
const place = location.pathname
const line = document.querySelector('[data-line]')
const list = document.querySelector('ul[data-waiting]')
const draftKey = `draft ${place} ${who}`
let current = null, sending = false

const database = new Promise((resolve, reject) => {
  const opening = indexedDB.open('field', 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore('notes', { keyPath: 'id' })
  opening.onsuccess = () => resolve(opening.result)
  opening.onerror = () => reject(opening.error)
})

async function change (act) {
  const store = (await database).transaction('notes', 'readwrite', { durability: 'strict' })
  return new Promise((resolve, reject) => {
    act(store.objectStore('notes'))
    store.oncomplete = () => resolve()
    store.onerror = store.onabort = () => reject(store.error)
  })
}

async function mine () {
  const asking = (await database).transaction('notes').objectStore('notes').getAll()
  return new Promise((resolve, reject) => {
    asking.onsuccess = () => resolve(asking.result.filter(one => one.place === place && one.who === who)
      .sort((a, b) => a.written - b.written))
    asking.onerror = () => reject(asking.error)
  })
}

const counts = () => Object.fromEntries([...form.querySelectorAll('[data-group]')]
  .map(one => [one.dataset.group, Number(one.value) || 0]).filter(([, count]) => count > 0))

function show (one) {
  form.elements.text.value = one?.text ?? ''
  form.querySelectorAll('[data-group]').forEach(field => { field.value = one?.met?.[field.dataset.group] ?? '' })
}

const draft = () => localStorage.setItem(draftKey, JSON.stringify({ text: form.elements.text.value, met: counts(), current }))

async function draw () {
  const rows = await mine()
  list.replaceChildren(...rows.map(one => {
    const item = document.createElement('li'), button = document.createElement('button')
    const total = Object.values(one.met).reduce((sum, count) => sum + count, 0)
    item.textContent = `${new Date(one.written).toLocaleTimeString().slice(0, 5)} ${one.text.slice(0, 80)}${total ? ` (${total})` : ''} `
    button.type = 'button'
    button.className = 'link'
    button.textContent = edit
    button.onclick = () => { current = { id: one.id, revision: one.revision, written: one.written }; show(one); draft(); form.elements.text.focus() }
    item.append(button)
    return item
  }))
  return rows
}

async function send () {
  if (sending) return
  sending = true
  try {
    const rows = await draw()
    if (!rows.length) return
    line.textContent = waiting.replace('{n}', rows.length)
    const asked = await fetch(token, { cache: 'no-store' })
    if (asked.redirected || !asked.ok) { line.textContent = out; return }
    const me = await asked.json()
    if (me.who !== who) { line.textContent = out; return }
    const answer = await fetch(notes, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-CSRFToken': me.token },
      body: JSON.stringify({ sent: Date.now(), notes: rows.slice(0, 100) })
    })
    if (!answer.ok) return
    const told = await answer.json()
    await change(store => rows.forEach(one => {
      if (told.kept[one.id] >= one.revision || told.refused[one.id]) store.delete(one.id)
    }))
    const left = await draw()
    line.textContent = left.length ? waiting.replace('{n}', left.length) : sent
  } catch {
    // No connection: what is on the phone stays, and is sent later.
  } finally { sending = false }
}

form.addEventListener('submit', async event => {
  event.preventDefault()
  const text = form.elements.text.value.trim(), met = counts()
  if (!text && !Object.keys(met).length) { line.textContent = bare; return }
  const one = { id: current?.id ?? crypto.randomUUID?.() ?? form.elements.id.value, revision: (current?.revision ?? 0) + 1,
    place, who, text, met, written: current?.written ?? Date.now() }
  try {
    await change(store => store.put(one))
  } catch {
    // The phone keeps nothing: the form goes as it is.
    form.submit()
    return
  }
  current = null
  form.elements.id.value = crypto.randomUUID?.() ?? ''
  show(null)
  localStorage.removeItem(draftKey)
  line.textContent = kept
  await draw()
  send()
})
form.addEventListener('input', draft)
addEventListener('online', send)
document.addEventListener('visibilitychange', () => { if (!document.hidden) send() })
setInterval(send, 20000)

const before = JSON.parse(localStorage.getItem(draftKey) ?? 'null')
if (before) { show(before); current = before.current }
draw().then(send)
navigator.storage?.persist?.()
navigator.serviceWorker?.register(worker).then(async () => {
  const cache = await caches.open('field-1')
  const parts = [...document.querySelectorAll('link[rel=stylesheet], link[rel=icon], script[src]')].map(one => one.href || one.src)
  await cache.addAll([place, ...parts])
  form.dataset.ready = '1'
}).catch(() => {})
