/** What every page of the console needs of scripts: a copy button, and fragments that say when they fail. */

import { copyText } from './copy.js';

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-copy]');
  if (button) copyText(button);
  // An entry that was found goes into the field that asked for it.
  const { fill, value } = event.target.closest('[data-fill]')?.dataset ?? {};
  if (!fill) return;
  const field = document.getElementById(fill);
  field.value = value;
  field.focus();
});

// An answer with an error status carries a sentence for people: show it where the part would have been.
document.addEventListener('htmx:beforeSwap', (event) => {
  if (event.detail.xhr.status >= 400 && event.detail.xhr.getResponseHeader('content-type')?.startsWith('text/html')) {
    event.detail.shouldSwap = true;
  }
});

// Who waits for a person is in the title too, for whoever works elsewhere.
const title = document.title;
document.addEventListener('htmx:afterSwap', () => {
  const count = Number(document.getElementById('waiting')?.dataset.count ?? 0);
  document.title = count ? `(${count}) ${title}` : title;
});

// Nobody who signs in after this agent finds what they were writing.
document.addEventListener('submit', ({ target }) => target.matches('[action^="/console/"][action*="sign-out"]') && sessionStorage.clear());

// A wide diagram opens where the flow starts.
for (const drawing of document.querySelectorAll('.drawing')) {
  const start = Number(drawing.querySelector('[data-start]')?.dataset.start ?? 0);
  drawing.scrollLeft = start - drawing.clientWidth / 2;
}
