/** Where the visitor types, with questions that fit, a counter, and the way to a person. */

import { el, icon, iconButton, labelled } from './dom.js';

const LIMIT = 2000;
/** The counter appears when this many characters are left. */
const NEAR = 200;

/** `actions`: {send(text), human(), search, pick(result), suggestionsAllowed()}. */
export class Composer {
  constructor(actions, texts) {
    this.actions = actions;
    this.texts = texts;
    this.input = el('textarea', {
      rows: '1', class: 'input', autocomplete: 'off', enterkeyhint: 'send', 'aria-autocomplete': 'list', 'aria-controls': 'suggestions', 'aria-haspopup': 'listbox',
      'data-label': 'composer', 'data-placeholder': 'composer', 'data-role': 'input',
    });
    this.button = iconButton('send', 'send', 'send', () => this.#submit());
    this.button.classList.add('send');
    this.counter = el('span', { class: 'counter', role: 'status', 'data-role': 'counter' });
    this.suggestions = new Suggestions(this.input, { search: actions.search, pick: (result) => this.#pick(result), allowed: actions.suggestionsAllowed }, texts);
    const human = el('button', { class: 'link human', 'data-role': 'human', onclick: actions.human }, icon('person'), labelled('span', 'human'));
    this.element = el('div', { class: 'composer' },
      this.suggestions.element,
      el('div', { class: 'input-row' }, this.input, this.button),
      el('div', { class: 'footer' }, human, this.counter, labelled('span', 'hint', { class: 'hint' })));
    this.#listen();
    this.#refresh();
  }

  focus() {
    this.input.focus({ preventScroll: true });
  }

  get empty() {
    return !this.input.value.trim();
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

const PAUSE_MS = 120;
const SUGGESTIONS = 3;
const SHORTEST_QUERY = 2;
/** A number, a code or an address is no question and must not end up in a URL. */
const PRIVATE = /\d{4}|@|^[!-~]*\d[!-~]*$/;

/** A listbox over a textarea; `search(query, limit, signal)` looks up, `pick(result)` takes the choice. */
class Suggestions {
  #timer = null;
  #abort = null;
  #results = [];
  #active = -1;

  constructor(input, { search, pick, allowed }, texts) {
    Object.assign(this, { input, search, pick, allowed, texts });
    this.list = el('div', { class: 'suggestions', id: 'suggestions', role: 'listbox', hidden: true, 'data-label': 'suggestions', 'data-role': 'suggestions' });
    this.count = el('span', { class: 'unseen', role: 'status' });
    this.element = el('div', { class: 'suggestions-place' }, this.list, this.count);
  }

  get open() {
    return !this.list.hidden;
  }

  update() {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    const query = this.input.value.trim();
    if (query.length < SHORTEST_QUERY || query.length > 200 || PRIVATE.test(query) || !this.allowed()) return this.close();
    this.#timer = setTimeout(() => this.#look(query), PAUSE_MS);
  }

  close() {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    this.#show([]);
  }

  /** Handle a key of the textarea; true when it was for the list. */
  key(event) {
    if (!this.open) return false;
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves) this.#activate(this.#active + moves[event.key]);
    else if (event.key === 'Escape') this.close();
    else if (event.key === 'Enter' && !event.shiftKey && this.#active >= 0) this.#take(this.#active);
    else return false;
    return true;
  }

  async #look(query) {
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    try {
      const { results } = await this.search(query, SUGGESTIONS, signal);
      if (!signal.aborted) this.#show(results);
    } catch {
      // Suggestions are a convenience: without them one still sends the words.
      if (!signal.aborted) this.#show([]);
    }
  }

  #show(results) {
    this.#results = results;
    this.list.replaceChildren(...results.map((result, index) => this.#option(result, index)));
    this.list.hidden = !results.length;
    this.count.textContent = results.length ? this.texts.get('suggestionCount', { n: results.length }) : '';
    this.#activate(-1);
  }

  #option(result, index) {
    const node = el('div', {
      class: 'suggestion', role: 'option', id: `suggestion-${index}`, lang: result.lang === 'zh' ? 'zh-CN' : 'en', 'data-role': 'suggestion', 'data-id': result.id,
    }, result.question);
    node.addEventListener('pointerdown', (event) => event.preventDefault());
    node.addEventListener('click', () => this.#take(index));
    return node;
  }

  /** Mark one option; below the last and above the first comes the text itself. */
  #activate(index) {
    const count = this.#results.length + 1;
    this.#active = ((index + 1 + count) % count) - 1;
    [...this.list.children].forEach((node, at) => node.setAttribute('aria-selected', String(at === this.#active)));
    if (this.#active >= 0) this.input.setAttribute('aria-activedescendant', `suggestion-${this.#active}`);
    else this.input.removeAttribute('aria-activedescendant');
  }

  #take(index) {
    const result = this.#results[index];
    this.close();
    this.pick(result);
  }
}
