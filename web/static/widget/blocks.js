/** One function per block of the contract. */

import { uniqueId } from './api.js';
import { el, icon, labelled } from './dom.js';
import { sanitise, webAddress } from './sanitise.js';

/** A second press within this time is a slip. */
const DOUBLE_CLICK_MS = 600;

/** The ways to take a checklist away: what the server calls them → what they are called. */
const TAKEN_AWAY = { md: 'Markdown', csv: 'CSV', html: 'print' };

/** Per format: the keyboard, what the browser may fill in, what is certainly wrong. The server knows all rules. */
const FORMATS = {
  text: {},
  email: { inputmode: 'email', autocomplete: 'email', pattern: /^[^@]+@[^@]+\.[^@.]{2,}$/ },
  phone: { inputmode: 'tel', autocomplete: 'tel', pattern: /^\+?[\d()]{5,20}$/ },
  code: { inputmode: 'numeric', autocomplete: 'one-time-code', pattern: /^\d{6}$/ },
  id_card: { pattern: /^[\da-z()]{6,20}$/i },
  account_id: { inputmode: 'numeric', pattern: /^\d+$/ },
  domain: { inputmode: 'url' },
  password: { autocomplete: 'current-password' },
  new_password: { autocomplete: 'new-password', live: true },
  repetition: { autocomplete: 'new-password', live: true },
};

/** What a new password needs: rule PW-2 of the account service. */
const PASSWORD = { size: /^.{8,20}$/, upper: /[A-Z]/, lower: /[a-z]/, digit: /\d/, mark: /[^\w\s]|_/, solid: /^[!-~]*$/ };

const RENDERERS = {
  text: textBlock,
  choices: choicesBlock,
  input: inputBlock,
  checklist: checklistBlock,
  image: imageBlock,
  ticket: ticketBlock,
  sources: sourcesBlock,
};

/** The element for a block, or null for one this version does not know; `actions`: {conversation, submit, resolve, takeAway, texts}. */
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

function singleOptions(block, { conversation }) {
  let last = 0;
  const press = (option, button) => {
    if (Date.now() - last < DOUBLE_CLICK_MS) return;
    last = Date.now();
    for (const other of list.querySelectorAll('button')) other.classList.toggle('chosen', other === button);
    conversation.choose(option.id, option.label);
  };
  const list = el('div', { class: 'options', 'data-role': 'options' }, block.options.map((option) => {
    const button = el('button', { class: 'option', 'data-role': 'option', 'data-id': option.id }, option.label);
    button.addEventListener('click', () => press(option, button));
    return button;
  }));
  return list;
}

/** Several options go as one sentence of their labels: the contract's `choice` holds a single id. */
function severalOptions(block, { conversation, texts }) {
  const send = labelled('button', 'submit', { type: 'submit', class: 'button primary', disabled: true, 'data-role': 'options-send' });
  const boxes = block.options.map((option) => el('label', { class: 'check' },
    el('input', { type: 'checkbox', value: option.label, 'data-role': 'option-box', 'data-id': option.id }), el('span', {}, option.label)));
  const form = el('form', { class: 'checks', 'data-role': 'options' },
    el('fieldset', {}, labelled('legend', 'chooseSeveral'), boxes), send);
  const chosen = () => [...form.querySelectorAll('input:checked')].map((box) => box.value);
  form.addEventListener('change', () => (send.disabled = !chosen().length));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (chosen().length) conversation.say(texts.list(chosen()));
  });
  return form;
}

/** One value, or several secrets: these go as one message, for none of them is kept until the next. */
function inputBlock(block, { submit, texts }) {
  const several = block.fields?.length;
  const fields = [];
  for (const part of several ? block.fields : [block]) fields.push(field(part, block.secret, fields.at(-1), texts));
  const button = labelled('button', 'submit', { type: 'submit', class: 'button primary', 'data-role': 'field-send' });
  const form = el('form', { class: 'field', novalidate: true, autocomplete: 'on', 'data-role': 'field' }, fields.flatMap(({ parts }) => parts));
  (several ? form : form.querySelector('.field-row')).append(button);
  // All of them: a repetition is right or wrong by the field above.
  form.addEventListener('input', () => fields.forEach(({ complain }) => complain(true)));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const wrong = fields.filter(({ complain }) => complain());
    if (wrong.length) return wrong[0].input.focus();
    const value = fields.map(({ value }) => value()).join(' ');
    close(form, button);
    submit(value, block.secret);
  });
  return form;
}

/** A labelled input: {input, parts, value(), complain(typing)}; `above` is the field that a repetition repeats. */
function field({ name, slot, label, format, example }, secret, above, texts) {
  const named = format === 'mobile' ? 'phone' : format;
  const kind = named in FORMATS ? named : 'text';
  const { pattern, live, ...attributes } = FORMATS[kind];
  const id = uniqueId();
  const input = el('input', {
    id,
    name: name ?? slot,
    type: secret ? 'password' : 'text',
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    enterkeyhint: 'send',
    maxlength: '500',
    required: true,
    'aria-describedby': `${id}-example ${id}-error`,
    'data-role': 'field-input',
    ...attributes,
  });
  const error = el('p', { class: 'field-error', id: `${id}-error`, role: 'alert', 'data-role': 'field-error' });
  const value = () => (kind === 'code' ? plain(input.value) : secret ? input.value : input.value.trim());
  const wrong = (typing) => {
    if (!value()) return !typing && texts.get('empty');
    if (kind === 'new_password') return missing(value(), texts);
    const right = kind === 'repetition' ? repeats(value(), above.value(), typing) : pattern?.test(plain(value()));
    return right === false && texts.get(`invalid_${kind}`);
  };
  const complain = (typing) => {
    if (typing && !live && !error.textContent) return '';
    const words = wrong(typing) || '';
    if (words !== error.textContent) error.textContent = words;
    input.setAttribute('aria-invalid', String(Boolean(words)));
    return words;
  };
  input.addEventListener('blur', () => value() && complain());
  return { input, value, complain, parts: [
    labelled('label', !label && `field_${kind}`, { for: id }, label),
    el('div', { class: 'field-row' }, input, secret && revealButton(input, texts)),
    example && labelled('p', 'example', { class: 'field-example', id: `${id}-example`, 'data-values': JSON.stringify({ example }) }),
    error,
  ] };
}

/** A value as the server reads it: full-width digits are digits, blanks and hyphens do not count. */
function plain(value) {
  return value.normalize('NFKC').replace(/[\s-]/g, '');
}

function missing(password, texts) {
  const needs = Object.keys(PASSWORD).filter((need) => !PASSWORD[need].test(password));
  return needs.length && texts.get('needed', { needs: texts.list(needs.map((need) => texts.get(need))) });
}

/** Whether a repetition is right, or may still become so. */
function repeats(value, original, typing) {
  return value === (typing ? original.slice(0, value.length) : original);
}

function revealButton(input, texts) {
  const button = el('button', { class: 'icon-button reveal', 'data-role': 'field-reveal', 'data-label': 'reveal' }, icon('eye'));
  button.addEventListener('click', () => {
    const shown = input.type === 'password';
    input.type = shown ? 'text' : 'password';
    button.dataset.label = shown ? 'conceal' : 'reveal';
    texts.apply(button);
  });
  return button;
}

/** What was offered before a turn is over, and what was typed into it leaves the page. */
export function retire(root, turn) {
  const past = root.querySelectorAll(`.message:not([data-turn="${turn}"]) :is(.options, .checks, .field) :enabled`);
  for (const control of past) Object.assign(control, { disabled: true, value: '' });
}

/** Once sent, the values leave the page. */
function close(form, button) {
  for (const input of form.querySelectorAll('input')) Object.assign(input, { type: 'password', value: '' });
  form.classList.add('sent');
  button.replaceWith(icon('done'));
  for (const control of form.elements) control.disabled = true;
}

function checklistBlock(block, { takeAway }) {
  const counted = block.items.filter((item) => item.status !== 'not_applicable');
  const done = counted.filter((item) => item.status === 'done').length;
  const values = JSON.stringify({ done, all: counted.length });
  const id = uniqueId();
  return el('div', { class: 'card checklist', 'data-role': 'checklist', 'data-id': block.id },
    labelled('p', 'progress', { class: 'card-title', id, 'data-values': values }),
    el('progress', { max: String(counted.length || 1), value: String(done), 'aria-labelledby': id }),
    el('ul', {}, block.items.map(checklistItem)),
    el('div', { class: 'links' }, Object.entries(TAKEN_AWAY).map(([format, name]) =>
      labelled('button', name, { class: 'link', 'data-role': `checklist-${format}`, onclick: () => takeAway(block.id, format) }, name))));
}

function checklistItem(item) {
  return el('li', { class: `item ${item.status}`, 'data-status': item.status },
    icon(item.status), el('span', {}, item.label), labelled('span', item.status, { class: 'item-status' }));
}

function imageBlock(block, { resolve, texts }) {
  const source = resolve(block.url);
  if (!/^(https?:|data:image)\//.test(source)) return null;
  const image = el('img', { class: 'image', src: source, alt: block.alt, 'data-role': 'image' });
  return block.text ? el('div', { class: 'text' }, image, copyable(block.text, texts)) : image;
}

/** Where the browser does not let a page copy, it is marked for the person to do so. */
function copyable(words, texts) {
  const code = el('code', { 'data-role': 'image-text' }, words);
  const copy = async () => {
    const copied = await navigator.clipboard?.writeText(words).then(() => true, () => false);
    if (!copied) getSelection().selectAllChildren(code);
    button.dataset.text = copied ? 'copied' : 'copyFailed';
    texts.apply(button);
  };
  const button = labelled('button', 'copy', { class: 'link', 'data-role': 'copy', onclick: copy });
  return el('div', { class: 'links' }, code, button);
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
  return labelled('span', `status_${status}`, { class: 'status', 'data-status': status }, status);
}

/** All cards of a ticket or list show how it stands now; links keep the focus, a screen reader hears the newest card only. */
export function updateCards(root, block, actions) {
  for (const card of root.querySelectorAll('.card')) {
    if (card.dataset.id !== block.id) continue;
    card.setAttribute('aria-live', 'off');
    const fresh = actions.texts.apply(renderBlock(block, actions));
    [...fresh.children].forEach((part, at) => part.matches('a, .links') || card.children[at].replaceWith(part));
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
