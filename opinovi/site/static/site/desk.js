// Saves a draft as it is typed, and says so. Without it the page's own button does the same.
const form = document.querySelector('form[data-autosave]')
const line = document.getElementById('saved-line')
let timer, saving = false, again = false, stopped = false, leaving = null

async function save () {
  if (saving || stopped) { again = !stopped; return }
  saving = true
  line.textContent = form.dataset.saving
  try {
    const answer = await fetch(form.action, { method: 'POST', body: new FormData(form), headers: { Accept: 'application/json' } })
    if (answer.status === 409) { stopped = true; line.textContent = form.dataset.collided; return }
    if (!answer.ok) throw new Error(String(answer.status))
    const told = await answer.json()
    form.elements.revision.value = told.revision
    form.elements.was.value = told.was
    line.textContent = form.dataset.saved
  } catch {
    line.textContent = form.dataset.failed
  } finally {
    saving = false
    if (leaving) form.requestSubmit(leaving)
    else if (again) { again = false; save() }
  }
}

function changed (one) {
  if (one.options) return [...one.options].some(option => option.selected !== option.defaultSelected && one.multiple)
  if (one.type === 'checkbox' || one.type === 'radio') return one.checked !== one.defaultChecked
  return one.defaultValue !== undefined && one.value !== one.defaultValue && one.type !== 'hidden'
}

if (form && line) {
  // What was typed before this was here is kept too.
  if ([...form.elements].some(changed)) timer = setTimeout(save, 1200)
  form.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(save, 1200) })
  form.addEventListener('submit', (event) => {
    clearTimeout(timer)
    stopped = true
    // What is on its way must arrive first, or the page would collide with itself.
    if (saving) { event.preventDefault(); leaving = event.submitter }
  })
}
