/** The reply: its draft is kept for the conversation until it has been sent, and answers come in where the cursor is. */

const key = `draft:${document.querySelector('[data-draft]').dataset.draft}`;
const reply = () => document.getElementById('reply');
const cited = () => [...document.querySelectorAll('#cited label')];

function keep() {
  const { value: text, selectionStart: at } = reply();
  const entries = cited().map((line) => ({ entry: line.firstElementChild.value, label: line.lastElementChild.textContent }));
  sessionStorage.setItem(key, JSON.stringify({ text, at, entries }));
}

/** Offer to add the sources of an entry. */
function cite({ entry, label }) {
  if (cited().some((line) => line.firstElementChild.value === entry)) return;
  const line = document.getElementById('cite').content.cloneNode(true).firstElementChild;
  line.firstElementChild.value = entry;
  line.lastElementChild.textContent = label;
  document.getElementById('cited').append(line);
}

/** Put a text where the cursor is, as a paragraph of its own. */
function insert(text) {
  const area = reply();
  const before = area.value.slice(0, area.selectionStart).trimEnd();
  const after = area.value.slice(area.selectionEnd).trimStart();
  const head = [before, text].filter(Boolean).join('\n\n');
  area.value = [head, after].filter(Boolean).join('\n\n');
  area.focus();
  area.setSelectionRange(head.length, head.length);
  keep();
}

/** Bring the draft back; an answer that the address names comes in once. */
function restore() {
  const area = reply();
  if (!area) return;
  const draft = JSON.parse(sessionStorage.getItem(key) ?? 'null');
  const named = new URLSearchParams(location.search).has('draft') && area.defaultValue;
  if (draft) {
    area.value = draft.text;
    area.setSelectionRange(draft.at, draft.at);
    draft.entries.forEach(cite);
  }
  if (named && draft) insert(named);
  if (location.search) history.replaceState(null, '', location.pathname);
  keep();
}

if (location.hash === '#sent') {
  sessionStorage.removeItem(key);
  history.replaceState(null, '', location.pathname);
}
restore();

document.addEventListener('input', (event) => event.target === reply() && keep());
document.addEventListener('selectionchange', () => document.activeElement === reply() && keep());
document.addEventListener('htmx:oobAfterSwap', (event) => event.detail.target?.id === 'desk' && restore());

document.addEventListener('click', (event) => {
  const link = event.target.closest('[data-insert]');
  if (!link || !reply()) return;
  event.preventDefault();
  cite({ entry: link.dataset.insert, label: link.dataset.label });
  insert(link.dataset.body);
});
