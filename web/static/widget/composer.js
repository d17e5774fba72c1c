/** Where the visitor types: the text field with its suggestions, the counter, the way to a person. */

import { el, icon, iconButton, labelled } from './dom.js';
import { Suggestions } from './suggestions.js';

const LIMIT = 2000;
/** The counter appears when this many characters are left. */
const NEAR = 200;

/** `actions`: {send(text), human(), search, pick(result), suggestionsAllowed()}. */
export class Composer {
  constructor(actions, texts) {
    this.actions = actions;
    this.texts = texts;
    this.input = el('textarea', {
      rows: '1', class: 'input', autocomplete: 'off', enterkeyhint: 'send', 'data-label': 'composer', 'data-placeholder': 'composer', 'data-role': 'input',
    });
    this.button = iconButton('send', 'send', 'send', () => this.#submit());
    this.button.classList.add('send');
    this.counter = el('span', { class: 'counter', role: 'status', 'data-role': 'counter' });
    this.suggestions = new Suggestions(this.input, { search: actions.search, pick: (result) => this.#pick(result), allowed: actions.suggestionsAllowed }, texts);
    this.element = el('div', { class: 'composer' },
      this.suggestions.element,
      el('div', { class: 'input-row' }, this.input, this.button),
      el('div', { class: 'footer' }, this.#humanLink(), this.counter, labelled('span', 'hint', { class: 'hint' })));
    this.#listen();
    this.#refresh();
  }

  /** Put the cursor here. */
  focus() {
    this.input.focus({ preventScroll: true });
  }

  /** Whether nothing is typed. */
  get empty() {
    return !this.input.value.trim();
  }

  #humanLink() {
    return el('button', { type: 'button', class: 'link human', 'data-role': 'human', onclick: () => this.actions.human() },
      icon('person'), labelled('span', 'human'));
  }

  #listen() {
    this.input.addEventListener('keydown', (event) => this.#key(event));
    this.input.addEventListener('input', (event) => this.#refresh(event.isComposing));
    this.input.addEventListener('compositionend', () => this.#refresh());
    this.input.addEventListener('blur', () => this.suggestions.close());
  }

  /** Keys that an input method is still using (isComposing, or 229 in Safari) are not ours. */
  #key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    const forList = this.suggestions.key(event);
    const sends = !forList && event.key === 'Enter' && !event.shiftKey;
    if (!forList && !sends) return;
    event.preventDefault();
    event.stopPropagation();
    if (sends) this.#submit();
  }

  #refresh(composing = false) {
    const left = LIMIT - [...this.input.value].length;
    this.button.disabled = this.empty || left < 0;
    this.counter.textContent = left > NEAR ? '' : this.texts.get(left < 0 ? 'tooLong' : 'left', { n: Math.abs(left) });
    this.counter.classList.toggle('over', left < 0);
    this.element.classList.toggle('near-limit', left <= NEAR);
    this.input.setAttribute('aria-invalid', String(left < 0));
    this.fit();
    if (!composing) this.suggestions.update();
  }

  /** As high as the text, up to the limit that the stylesheet sets. */
  fit() {
    this.input.style.height = 'auto';
    this.input.style.height = `${this.input.scrollHeight}px`;
  }

  #clear() {
    this.input.value = '';
    this.#refresh();
    this.suggestions.close();
  }

  #submit() {
    if (this.button.disabled) return;
    const text = this.input.value.trim();
    this.#clear();
    this.focus();
    this.actions.send(text);
  }

  #pick(result) {
    this.#clear();
    this.focus();
    this.actions.pick(result);
  }
}
