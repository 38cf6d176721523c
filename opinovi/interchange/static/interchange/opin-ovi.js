// <opin-ovi show="search|services|times" of="id" language="fi|sv|en" look="…"></opin-ovi>: a door on any site.
// What is shown is a page of Opin ovi in a frame that grows with it: nothing of this page is read or changed.
const home = new URL(import.meta.url).origin
const SHOWS = { search: 'search', services: 'organisations/', places: 'organisations/', times: 'services/' }

class OpinOvi extends HTMLElement {
  static observedAttributes = ['show', 'of', 'language', 'q', 'where']

  connectedCallback () {
    this.heard = event => {
      if (event.source === this.frame?.contentWindow && event.origin === home && Number.isFinite(event.data?.opinOvi)) {
        this.frame.style.height = `${Math.min(Math.max(event.data.opinOvi, 60), 20000)}px`
      }
    }
    window.addEventListener('message', this.heard)
    this.draw()
  }

  disconnectedCallback () { window.removeEventListener('message', this.heard) }

  attributeChangedCallback () { if (this.frame) this.draw() }

  draw () {
    const show = this.getAttribute('show') ?? 'search'
    const language = this.getAttribute('language') ?? 'fi'
    const where = SHOWS[show] ?? SHOWS.search
    const of = where.endsWith('/') ? encodeURIComponent(this.getAttribute('of') ?? '') : ''
    const asked = new URLSearchParams({ fit: '1' })
    if (show === 'places') asked.set('show', 'places')
    for (const name of ['q', 'where']) if (this.getAttribute(name)) asked.set(name, this.getAttribute(name))
    const frame = document.createElement('iframe')
    frame.src = `${home}${language === 'fi' ? '' : `/${language}`}/embed/${where}${of}?${asked}`
    frame.title = this.getAttribute('title') ?? 'Opin ovi'
    frame.loading = 'lazy'
    frame.style.cssText = 'border:0;width:100%;height:480px;display:block'
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' })
    root.replaceChildren(frame)
    this.frame = frame
  }
}

if (!customElements.get('opin-ovi')) customElements.define('opin-ovi', OpinOvi)
