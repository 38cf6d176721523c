// On a slow line a button is there before the script that hears it: until then it can't be pressed in vain.
document.addEventListener('DOMContentLoaded', () => {
  for (const one of document.querySelectorAll('[data-ready]')) one.disabled = false
})
