/** Questions of the knowledge base that fit what is being typed. */

import { el } from './dom.js';

const DELAY_MS = 120;
const LIMIT = 3;
const SHORTEST = 2;
/** What looks like a number, a code or an address is nobody's question and must not end up in a URL. */
const PRIVATE = /\d{4}|@|^[!-~]*\d[!-~]*$/;

/** A listbox over a textarea; `search(query, limit, signal)` looks up, `pick(result)` takes the choice. */
export class Suggestions {
  #timer = null;
  #abort = null;
  #results = [];
  #active = -1;

  constructor(input, { search, pick, allowed }, texts) {
    Object.assign(this, { input, search, pick, allowed, texts });
    this.list = el('div', { class: 'suggestions', id: 'suggestions', role: 'listbox', hidden: true, 'data-label': 'suggestions', 'data-role': 'suggestions' });
    this.count = el('span', { class: 'unseen', role: 'status' });
    this.element = el('div', { class: 'suggestions-place' }, this.list, this.count);
    for (const [name, value] of Object.entries({ 'aria-autocomplete': 'list', 'aria-controls': 'suggestions', 'aria-haspopup': 'listbox' })) {
      input.setAttribute(name, value);
    }
  }

  /** Whether the list is on screen. */
  get open() {
    return !this.list.hidden;
  }

  /** What is typed has changed. */
  update() {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    const query = this.input.value.trim();
    if (query.length < SHORTEST || query.length > 200 || PRIVATE.test(query) || !this.allowed()) return this.close();
    this.#timer = setTimeout(() => this.#look(query), DELAY_MS);
  }

  /** Hide the list and stop looking. */
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
      const { results } = await this.search(query, LIMIT, signal);
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
