// A map of the places on the page, where the installation has a tile server. The list beside it tells the same.
for (const box of document.querySelectorAll('[data-map]')) {
  const map = L.map(box, { scrollWheelZoom: false })
  L.tileLayer(box.dataset.tiles, { maxZoom: 18, attribution: box.dataset.credit }).addTo(map)
  const inside = box.querySelectorAll('[data-point]')
  const points = inside.length ? inside : document.querySelectorAll('[data-point]')
  const at = []
  for (const one of points) {
    const where = [Number(one.dataset.latitude), Number(one.dataset.longitude)]
    const name = document.createElement('span')
    name.textContent = one.dataset.name
    L.circleMarker(where, { radius: 9, weight: 3, color: '#0b4a5e', fillColor: '#ffc233', fillOpacity: 1 }).bindPopup(name).addTo(map)
    at.push(where)
  }
  if (at.length > 1) map.fitBounds(at, { padding: [20, 20] })
  else if (at.length) map.setView(at[0], 15)
}
