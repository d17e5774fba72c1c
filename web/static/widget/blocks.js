/** One function per block of the contract: data in, elements out. */

import { uniqueId } from './api.js';
import { el, icon, labelled } from './dom.js';
import { sanitise, webAddress } from './sanitise.js';

/** A second press within this time is a slip. */
const DOUBLE_CLICK_MS = 600;

/** Per format: which keyboard, what the browser may fill in, what is certainly wrong. The server knows the exact rules. */
const FORMATS = {
  text: { inputmode: 'text', autocomplete: 'off' },
  email: { inputmode: 'email', autocomplete: 'email', pattern: /^[^@]+@[^@]+\.[^@.]{2,}$/ },
  phone: { inputmode: 'tel', autocomplete: 'tel', pattern: /^\+?[\d()]{5,20}$/ },
  code: { inputmode: 'numeric', autocomplete: 'one-time-code', pattern: /^\d{4,8}$/ },
  password: { inputmode: 'text', autocomplete: 'current-password' },
  id_card: { inputmode: 'text', autocomplete: 'off', pattern: /^[\da-z()]{6,20}$/i },
  account_id: { inputmode: 'numeric', autocomplete: 'off', pattern: /^\d+$/ },
};

const RENDERERS = {
  text: textBlock,
  choices: choicesBlock,
  input: inputBlock,
  checklist: checklistBlock,
  image: imageBlock,
  ticket: ticketBlock,
  sources: sourcesBlock,
};

/** The element for a block, or null for one this version does not know; `actions`: {choose, say, submit, resolve, texts}. */
export function renderBlock(block, actions) {
  return RENDERERS[block.type]?.(block, actions) ?? null;
}

function textBlock(block) {
  const node = el('div', { class: 'text', 'data-role': 'text' });
  node.append(block.html ? sanitise(block.html) : block.markdown);
  return node;
}

function choicesBlock(block, actions) {
  return block.multiple ? severalOptions(block, actions) : singleOptions(block, actions);
}

function singleOptions(block, { choose }) {
  let last = 0;
  const press = (option, button) => {
    if (Date.now() - last < DOUBLE_CLICK_MS) return;
    last = Date.now();
    for (const other of list.querySelectorAll('button')) other.classList.toggle('chosen', other === button);
    choose(option.id, option.label);
  };
  const list = el('div', { class: 'options', 'data-role': 'options' }, block.options.map((option) => {
    const button = el('button', { type: 'button', class: 'option', 'data-role': 'option', 'data-id': option.id }, option.label);
    button.addEventListener('click', () => press(option, button));
    return button;
  }));
  return list;
}

/** Several options go as one sentence of their labels: the contract's `choice` holds a single id. */
function severalOptions(block, { say, texts }) {
  const send = labelled('button', 'submit', { type: 'submit', class: 'button primary', disabled: true, 'data-role': 'options-send' });
  const boxes = block.options.map((option) => el('label', { class: 'check' },
    el('input', { type: 'checkbox', value: option.label, 'data-role': 'option-box', 'data-id': option.id }), el('span', {}, option.label)));
  const form = el('form', { class: 'checks', 'data-role': 'options' },
    el('fieldset', {}, labelled('legend', 'chooseSeveral'), boxes), send);
  const chosen = () => [...form.querySelectorAll('input:checked')].map((box) => box.value);
  form.addEventListener('change', () => (send.disabled = !chosen().length));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (chosen().length) say(chosen().join(texts.lang === 'zh' ? '、' : ', '));
  });
  return form;
}

/** A form for one value, checked while it is typed. */
function inputBlock(block, { submit, texts }) {
  const format = FORMATS[block.format] ?? FORMATS.text;
  const kind = block.format in FORMATS ? block.format : 'text';
  const id = uniqueId();
  const input = field(block, format, id);
  const error = el('p', { class: 'field-error', id: `${id}-error`, role: 'alert', 'data-role': 'field-error' });
  const example = exampleLine(block, id);
  const button = labelled('button', 'submit', { type: 'submit', class: 'button primary', 'data-role': 'field-send' });
  const row = el('div', { class: 'field-row' }, input, block.secret && revealButton(input, texts), button);
  const form = el('form', { class: 'field', novalidate: true, autocomplete: 'on', 'data-role': 'field' },
    labelled('label', `field_${kind}`, { for: id }), row, example, error);

  const complain = (key) => showError(input, error, key, texts);
  const wrong = () => format.pattern?.test(plain(input.value)) === false && `invalid_${kind}`;
  input.addEventListener('blur', () => input.value && complain(wrong()));
  input.addEventListener('input', () => error.textContent && complain(wrong()));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const value = block.secret ? input.value : input.value.trim();
    const key = value ? wrong() : 'empty';
    complain(key);
    if (key) return input.focus();
    close(form, input, button);
    submit(value, block.secret);
  });
  return form;
}

/** A value as the server reads it: full-width digits are digits, blanks and hyphens do not count. */
function plain(value) {
  return value.normalize('NFKC').replace(/[\s-]/g, '');
}

function field(block, format, id) {
  return el('input', {
    id,
    name: block.slot,
    type: block.secret ? 'password' : 'text',
    inputmode: format.inputmode,
    autocomplete: format.autocomplete,
    autocapitalize: 'off',
    spellcheck: 'false',
    enterkeyhint: 'send',
    maxlength: '500',
    required: true,
    'aria-describedby': `${id}-example ${id}-error`,
    'data-role': 'field-input',
  });
}

function exampleLine(block, id) {
  if (!block.example) return null;
  const values = JSON.stringify({ example: block.example });
  return labelled('p', 'example', { class: 'field-example', id: `${id}-example`, 'data-values': values });
}

/** Shows what is typed for as long as the person wants. */
function revealButton(input, texts) {
  const button = el('button', { type: 'button', class: 'icon-button reveal', 'data-role': 'field-reveal', 'data-label': 'reveal' }, icon('eye'));
  button.addEventListener('click', () => {
    const shown = input.type === 'password';
    input.type = shown ? 'text' : 'password';
    button.dataset.label = shown ? 'conceal' : 'reveal';
    texts.apply(button);
  });
  return button;
}

function showError(input, error, key, texts) {
  if (key) input.setAttribute('aria-invalid', 'true');
  else input.removeAttribute('aria-invalid');
  error.textContent = key ? texts.get(key) : '';
}

/** Once sent, the value leaves the page; the bubble says what there is to say. */
function close(form, input, button) {
  input.type = 'password';
  input.value = '';
  form.classList.add('sent');
  button.textContent = '';
  button.append(icon('done'));
  for (const control of form.elements) control.disabled = true;
}

function checklistBlock(block) {
  const counted = block.items.filter((item) => item.status !== 'not_applicable');
  const done = counted.filter((item) => item.status === 'done').length;
  const values = JSON.stringify({ done, all: counted.length });
  const id = uniqueId();
  return el('div', { class: 'card checklist', 'data-role': 'checklist', 'data-id': block.id },
    labelled('p', 'progress', { class: 'card-title', id, 'data-values': values }),
    el('progress', { max: String(counted.length || 1), value: String(done), 'aria-labelledby': id }),
    el('ul', {}, block.items.map(checklistItem)));
}

function checklistItem(item) {
  return el('li', { class: `item ${item.status}`, 'data-status': item.status },
    icon(item.status), el('span', {}, item.label), labelled('span', item.status, { class: 'item-status' }));
}

function imageBlock(block, { resolve }) {
  const source = /^data:image\/(png|jpeg|gif|webp|svg\+xml)[;,]/i.test(block.url) ? block.url : resolve(block.url);
  if (!/^(https?|data):/i.test(source)) return null;
  return el('img', { class: 'image', src: source, alt: block.alt, 'data-role': 'image' });
}

function ticketBlock(block, { resolve }) {
  const link = block.url && webAddress(resolve(block.url));
  return el('div', { class: 'card ticket', 'data-role': 'ticket', 'data-id': block.id },
    icon('ticket'),
    el('div', { class: 'ticket-name' }, labelled('span', 'ticket'), el('strong', {}, block.id)),
    ticketStatus(block.status),
    link && labelled('a', 'ticketOpen', { href: link, target: '_blank', rel: 'noopener noreferrer' }));
}

/** A status the widget has no word for is shown as the server wrote it. */
function ticketStatus(status) {
  return el('span', { class: 'status', 'data-status': status, 'data-text': `status_${status}` }, status);
}

/** Carry a ticket's new status into its earlier cards. */
export function updateTickets(root, block, texts) {
  for (const card of root.querySelectorAll('[data-role="ticket"]')) {
    if (card.dataset.id === block.id) card.querySelector('.status').replaceWith(texts.apply(ticketStatus(block.status)));
  }
}

function sourcesBlock(block) {
  if (!block.items.length) return null;
  return el('details', { class: 'sources', 'data-role': 'sources' },
    el('summary', {}, labelled('span', 'sources'), el('span', { class: 'count' }, String(block.items.length))),
    el('ul', {}, block.items.map(sourceItem)));
}

function sourceItem({ title, url, updated }) {
  const link = webAddress(url);
  const name = link ? el('a', { href: link, target: '_blank', rel: 'noopener noreferrer' }, title) : el('span', {}, title);
  const date = updated && el('span', { class: 'date' }, labelled('span', 'updated'), ' ', el('time', { datetime: updated }, updated.slice(0, 10)));
  return el('li', {}, name, date);
}

/** Blocks as plain lines, for the downloaded transcript. */
export function blockAsText(block) {
  const lines = {
    text: () => [block.markdown],
    choices: () => block.options.map((option) => `  ( ) ${option.label}`),
    checklist: () => block.items.map((item) => `  [${item.status === 'done' ? 'x' : ' '}] ${item.label}`),
    image: () => [`[${block.alt}]`],
    ticket: () => [`#${block.id} (${block.status})`],
    sources: () => block.items.map((item) => `  * ${[item.title, item.url, item.updated].filter(Boolean).join(' · ')}`),
  };
  return lines[block.type]?.() ?? [];
}

