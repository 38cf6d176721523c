// Stands between the browser and the net: keeps what may be read without a connection, and what was written until there
// is one. What is a person's alone is kept only when they say so, and goes when they sign out. ABOUT is put before this.
const FILES = `files-${ABOUT.version}`
const OPEN = 'open'
const OWN = 'own'
const MOST = 40

self.addEventListener('install', event => event.waitUntil(prepare()))
self.addEventListener('activate', event => event.waitUntil(tidy()))
self.addEventListener('sync', event => event.waitUntil(send()))
self.addEventListener('message', event => event.waitUntil(told(event)))

async function prepare () {
  const files = await caches.open(FILES)
  for (const page of ABOUT.pages) {
    const answer = await fetch(page, { credentials: 'omit' })
    if (!answer.ok) continue
    const text = await answer.clone().text()
    await files.put(page, answer)
    const asked = [...text.matchAll(/(?:href|src)="(\/static\/[^"#]+)/g)].map(one => one[1])
    await Promise.allSettled([...new Set(asked)].map(one => files.add(one)))
  }
  await self.skipWaiting()
}

async function tidy () {
  for (const name of await caches.keys()) if (name.startsWith('files-') && name !== FILES) await caches.delete(name)
  await self.clients.claim()
}

self.addEventListener('fetch', event => {
  const url = new URL(event.request.url)
  if (url.origin !== location.origin) return
  if (event.request.method === 'GET' && url.pathname.startsWith('/static/')) return event.respondWith(file(event.request))
  // Those who work at a desk are told at once when it can't be reached; the page of the field has a worker of its own.
  if (event.request.mode !== 'navigate' || /\/(desk|sign-in|account)(\/|$)/.test(url.pathname)) return
  if (event.request.method === 'GET') event.respondWith(page(event.request))
  else if (event.request.method === 'POST') event.respondWith(written(event.request))
})

// Their names change with what is in them: one that is here is right.
async function file (request) {
  const found = await caches.match(request)
  if (found) return found
  const answer = await fetch(request)
  if (answer.ok) (await caches.open(FILES)).put(request, answer.clone())
  return answer
}

async function page (request) {
  try {
    const answer = await fetch(request)
    await keep(request, answer)
    return answer
  } catch (error) {
    return await without(request) ?? Response.error()
  }
}

async function keep (request, answer) {
  const whose = answer.headers.get('X-Keep')
  if (answer.redirected || !answer.ok) return
  // Asked to sign in: what was one's own is not here any longer.
  if (/\/my\/start$/.test(new URL(request.url).pathname)) await caches.delete(OWN)
  if (whose === 'own' && !(await caches.has(OWN))) return
  if (whose !== 'own' && whose !== 'open') return
  const cache = await caches.open(whose === 'own' ? OWN : OPEN)
  await cache.delete(request)
  await cache.put(request, answer.clone())
  for (const old of (await cache.keys()).slice(0, -MOST)) await cache.delete(old)
}

// The page as it was, else what there is without a connection, in the page's language.
async function without (request) {
  return await caches.match(request, { ignoreVary: true }) ?? caches.match(offline(request.url))
}

function offline (url) {
  const path = new URL(url).pathname
  const spoken = ABOUT.pages.filter(one => path.startsWith(one.replace(/offline$/, ''))).sort((a, b) => b.length - a.length)
  return spoken[0] ?? ABOUT.pages[0]
}

// What was written and may wait is put by when there is no connection. Signing out takes away what was one's own.
async function written (request) {
  if (/\/sign-out$|\/erase$/.test(new URL(request.url).pathname)) await caches.delete(OWN)
  const copy = request.clone()
  try {
    return await fetch(request)
  } catch (error) {
    const form = await copy.formData().catch(() => new FormData())
    if (!form.has('waits')) return await caches.match(offline(request.url)) ?? Response.error()
    await put({ url: request.url, fields: [...form.entries()], at: Date.now(), state: 'waiting' })
    await self.registration.sync?.register('send').catch(() => {})
    return Response.redirect(offline(request.url), 303)
  }
}

// One try for each that waits. The same form carries the same mark: the house takes it once, however often it comes.
async function send () {
  for (const one of await all()) {
    if (one.state !== 'waiting') continue
    const form = new FormData()
    for (const [name, value] of one.fields) if (name !== 'sure') form.append(name, value)
    form.append('sure', '1')
    let answer
    try {
      answer = await fetch(one.url, { method: 'POST', body: form })
    } catch (error) {
      break
    }
    // A moment's fault is tried again later.
    if (answer.status >= 500 || answer.status === 429) continue
    const done = answer.ok && answer.redirected
    await put(done ? { id: one.id, at: one.at, state: 'sent', led: answer.url } : { ...one, state: 'look' })
  }
  await tell()
}

async function told (event) {
  if (event.data.do === 'send') await send()
  if (event.data.do === 'drop') await drop(event.data.id)
  if (event.data.do === 'keep-own') await (await caches.open(OWN)).add(new Request(event.data.url, { credentials: 'same-origin' }))
  if (event.data.do === 'drop-own') await caches.delete(OWN)
  await tell()
}

// Every open page is told what waits, what went, and which pages are here.
async function tell () {
  const pages = []
  for (const name of [OWN, OPEN]) {
    if (!(await caches.has(name))) continue
    const cache = await caches.open(name)
    for (const request of (await cache.keys()).reverse()) {
      const title = /<h1[^>]*>([\s\S]*?)<\/h1>/.exec(await (await cache.match(request)).text())?.[1] ?? ''
      pages.push({ url: request.url, title: title.replace(/<[^>]+>/g, '').trim(), own: name === OWN })
    }
  }
  const letters = (await all()).map(({ id, at, state, led, url, fields }) => ({ id, at, state, led, url, text: state === 'sent' ? '' : String(fields.find(([name]) => name === 'text')?.[1] ?? '') }))
  for (const client of await self.clients.matchAll()) client.postMessage({ pages, letters })
}

function store (mode, work) {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open('opinovi', 1)
    asked.onupgradeneeded = () => asked.result.createObjectStore('letters', { keyPath: 'id', autoIncrement: true })
    asked.onerror = () => reject(asked.error)
    asked.onsuccess = () => {
      const done = asked.result.transaction('letters', mode)
      const found = work(done.objectStore('letters'))
      done.oncomplete = () => { asked.result.close(); resolve(found.result) }
      done.onerror = () => { asked.result.close(); reject(done.error) }
    }
  })
}

const put = one => store('readwrite', letters => letters.put(one))
const drop = id => store('readwrite', letters => letters.delete(id))
const all = () => store('readonly', letters => letters.getAll())
