/** The line under the header that says what is wrong right now. */

import { el } from './dom.js';

/** A refusal is read and done with; an outage stays until it is over. */
const SHOWN_MS = 8000;

export class Notice {
  #timer = null;
  #waiting = false;

  constructor(texts) {
    this.texts = texts;
    this.element = el('p', { class: 'notice', role: 'status', 'data-role': 'notice' });
  }

  /** A request waits for the network or for the server. */
  waiting(problem, seconds) {
    const reason = { 0: 'offline', 429: 'busy' }[problem.status] ?? 'unavailable';
    this.#show(this.texts.get(reason, { n: seconds }));
    this.#waiting = true;
  }

  /** The request went through after all. */
  clearWaiting() {
    if (this.#waiting) this.clear();
  }

  /** A request was refused; the server's sentence says why. */
  problem(problem) {
    this.#show(problem?.detail ?? this.texts.get(problem?.status === 0 ? 'offline' : 'failed'));
    this.#timer = setTimeout(() => this.clear(), SHOWN_MS);
  }

  /** Nothing is wrong. */
  clear() {
    this.#show('');
  }

  #show(words) {
    clearTimeout(this.#timer);
    this.#waiting = false;
    if (this.element.textContent !== words) this.element.textContent = words;
  }
}
