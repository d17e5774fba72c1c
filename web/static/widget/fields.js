/** The input block: one field with the right keyboard, a live check, and care with secrets. */

import { el, icon, labelled } from './dom.js';

/** Per format: which keyboard, what the browser may fill in, what is certainly wrong. */
const FORMATS = {
  text: { inputmode: 'text', autocomplete: 'off' },
  email: { inputmode: 'email', autocomplete: 'email', pattern: /^[^\s@]+@[^\s@]+\.[^\s@.]{2,}$/ },
  phone: { inputmode: 'tel', autocomplete: 'tel', pattern: /^\+?[\d\s()-]{5,24}$/ },
  code: { inputmode: 'numeric', autocomplete: 'one-time-code', pattern: /^[0-9A-Za-z-]{4,12}$/ },
  password: { inputmode: 'text', autocomplete: 'current-password' },
  number: { inputmode: 'numeric', autocomplete: 'off', pattern: /^\d+$/ },
  id_card: { inputmode: 'text', autocomplete: 'off', pattern: /^[0-9A-Za-z()-]{6,20}$/ },
  account_id: { inputmode: 'numeric', autocomplete: 'username', pattern: /^\d{5,20}$/ },
  name: { inputmode: 'text', autocomplete: 'name' },
  date: { inputmode: 'text', autocomplete: 'off', pattern: /^\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?$/ },
  url: { inputmode: 'url', autocomplete: 'url', pattern: /^https?:\/\/\S+$/i },
};

let count = 0;

/** A form for one value; `submit(value, secret)` takes it. */
export function inputBlock(block, submit, texts) {
  const format = FORMATS[block.format] ?? FORMATS.text;
  const kind = block.format in FORMATS ? block.format : 'text';
  const id = `field-${(count += 1)}`;
  const input = field(block, format, id);
  const error = el('p', { class: 'field-error', id: `${id}-error`, role: 'alert', 'data-role': 'field-error' });
  const example = exampleLine(block, id);
  const button = labelled('button', 'submit', { type: 'submit', class: 'button primary', 'data-role': 'field-send' });
  const row = el('div', { class: 'field-row' }, input, block.secret && revealButton(input, texts), button);
  const form = el('form', { class: 'field', novalidate: true, autocomplete: 'on', 'data-role': 'field' },
    labelled('label', `field_${kind}`, { for: id }), row, example, error);

  const complain = (key) => showError(input, error, key, texts);
  const wrong = () => format.pattern && !format.pattern.test(input.value.trim()) && `invalid_${kind}`;
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

function field(block, format, id) {
  return el('input', {
    id,
    name: block.slot,
    type: block.secret ? 'password' : 'text',
    inputmode: format.inputmode,
    autocomplete: block.secret && block.format === 'text' ? 'off' : format.autocomplete,
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
