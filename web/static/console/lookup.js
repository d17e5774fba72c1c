/** The look-up page by keyboard: / searches, arrows select, Enter opens, c and m copy. */

import { copyText } from './copy.js';

const input = document.getElementById('q');
const results = document.getElementById('results');
const ONE_COLUMN = matchMedia('(max-width: 1000px)');

const hits = () => [...results.querySelectorAll('[role="tab"]')];
const chosen = () => results.querySelector('[role="tab"][aria-selected="true"]');

let running = new AbortController();

/**
 * Fetch the results for what stands in the field; a newer query overtakes an older one. It is posted, and kept by this tab
 * alone: addresses end up in the history and in logs.
 */
async function search() {
  running.abort();
  running = new AbortController();
  sessionStorage.setItem(input.dataset.kept, input.value);
  const [body, headers] = [new URLSearchParams(new FormData(input.form)), { 'HX-Request': 'true' }];
  try {
    const answer = await fetch('/console/search', { method: 'POST', body, headers, signal: running.signal });
    if (answer.status === 401) {
      location.assign(answer.headers.get('HX-Redirect'));
      return;
    }
    results.innerHTML = await answer.text();
  } catch (error) {
    if (error.name !== 'AbortError') results.replaceChildren(document.getElementById('unreachable').content.cloneNode(true));
  }
}

// Not while an input method is still composing: half a pinyin syllable is no question.
input.addEventListener('input', (event) => event.isComposing || search());
input.addEventListener('compositionend', search);

// Whoever comes back finds what they had looked up.
const kept = sessionStorage.getItem(input.dataset.kept);
const [arrival] = performance.getEntriesByType('navigation');
if (kept && (!input.value || arrival?.type !== 'navigate')) {
  input.value = kept;
  input.select();
  search();
}

/** Show one hit's entry. */
function choose(hit) {
  for (const one of hits()) {
    const here = one === hit;
    one.setAttribute('aria-selected', String(here));
    one.tabIndex = here ? 0 : -1;
    document.getElementById(one.getAttribute('aria-controls')).hidden = !here;
  }
}

/** Select the next or the last hit; above the first one is the search field. */
function move(by) {
  const all = hits();
  const fromInput = document.activeElement === input;
  const at = fromInput ? -1 : all.indexOf(chosen());
  const next = all[Math.min(at + by, all.length - 1)];
  if (!next) {
    input.focus();
    return;
  }
  choose(next);
  next.focus();
}

/** Copy the chosen entry, in the page's language or in the other one. */
function copy(as, other) {
  const panel = chosen() && document.getElementById(chosen().getAttribute('aria-controls'));
  const mine = document.documentElement.lang.startsWith('zh') ? 'zh' : 'en';
  const lang = other ? { zh: 'en', en: 'zh' }[mine] : mine;
  const button = panel?.querySelector(`[data-as="${as}"][data-lang="${lang}"]`);
  if (button) copyText(button);
}

results.addEventListener('click', (event) => {
  const hit = event.target.closest('[role="tab"]');
  if (!hit) return;
  choose(hit);
  // On a phone the entry stands below the list.
  if (ONE_COLUMN.matches) document.getElementById(hit.getAttribute('aria-controls')).scrollIntoView();
});

document.addEventListener('keydown', (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.matches('input, textarea, select');
  if (typing && event.target !== input) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (key === 'ArrowDown' || key === 'ArrowUp') {
    if (event.target === input && key === 'ArrowUp') return;
    move(key === 'ArrowDown' ? 1 : -1);
  } else if (key === 'Enter' && (event.target === input || event.target.matches('[role="tab"]')) && chosen()) {
    location.assign(chosen().dataset.href);
  } else if (!typing && key === '/') {
    input.focus();
    input.select();
  } else if (!typing && (key === 'c' || key === 'm')) {
    copy(key === 'c' ? 'plain' : 'markdown', event.shiftKey);
  } else {
    return;
  }
  event.preventDefault();
});
