/** The demo page: its buttons ask the widget. */

for (const button of document.querySelectorAll('[data-ask]')) {
  button.addEventListener('click', () => window.AccountAssistant.ask(button.dataset.ask));
}

for (const place of document.querySelectorAll('[data-origin]')) {
  place.textContent = location.origin;
}
