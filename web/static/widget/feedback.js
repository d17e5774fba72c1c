/** "Was this helpful?" under an answer. */

import { el, icon, labelled } from './dom.js';

/** Thumbs, and a comment where the answer did not help; `rate(helpful, comment)` resolves to whether it was kept. */
export function feedbackBar(verdict, rate, texts) {
  const up = thumb('up', 'feedbackUp');
  const down = thumb('down', 'feedbackDown');
  const note = el('span', { class: 'feedback-note', role: 'status', 'data-role': 'feedback-note' });
  const bar = el('div', { class: 'feedback', 'data-role': 'feedback' },
    el('div', { class: 'feedback-row', role: 'group', 'data-label': 'feedbackQuestion' },
      labelled('span', 'feedbackQuestion', { 'aria-hidden': 'true' }), up, down, note));
  const show = (helpful) => {
    up.setAttribute('aria-pressed', String(helpful === true));
    down.setAttribute('aria-pressed', String(helpful === false));
    bar.classList.toggle('rated', helpful !== null);
  };
  const give = async (helpful, comment) => {
    show(helpful);
    const kept = await rate(helpful, comment);
    if (!kept) show(null);
    note.textContent = kept && (helpful || comment) ? texts.get('feedbackThanks') : '';
    return kept;
  };
  const askWhy = async () => {
    const box = bar.querySelector('form') ?? commentBox(give, down);
    bar.append(texts.apply(box));
    box.scrollIntoView({ block: 'nearest' });
    if (await give(false, null)) box.querySelector('textarea').focus();
    else box.remove();
  };
  up.addEventListener('click', () => {
    bar.querySelector('form')?.remove();
    give(true, null);
  });
  down.addEventListener('click', askWhy);
  show(verdict);
  return bar;
}

function thumb(direction, label) {
  return el('button', {
    type: 'button', class: `icon-button thumb ${direction}`, 'aria-pressed': 'false', 'data-role': `feedback-${direction}`, 'data-label': label,
  }, icon('thumb'));
}

function commentBox(give, opener) {
  const comment = el('textarea', {
    rows: '2', maxlength: '2000', 'data-label': 'feedbackComment', 'data-placeholder': 'feedbackComment', 'data-role': 'feedback-comment',
  });
  const form = el('form', { class: 'comment' }, comment,
    el('div', { class: 'comment-row' },
      labelled('button', 'feedbackSkip', { type: 'button', class: 'button', onclick: () => finish(), 'data-role': 'feedback-skip' }),
      labelled('button', 'feedbackSend', { type: 'submit', class: 'button primary', 'data-role': 'feedback-send' })));
  const finish = () => {
    form.remove();
    opener.focus();
  };
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (!comment.value.trim() || (await give(false, comment.value.trim()))) finish();
  });
  return form;
}
