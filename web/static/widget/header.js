/** The panel's top: title and buttons, the question before starting over, and the line that says what is wrong. */

import { el, icon, iconButton, labelled } from './dom.js';

/** A refusal is read and done with; an outage stays until it is over. */
const SHOWN_MS = 8000;

/** `actions`: {switchLanguage, startOver, download, close}; `closable` is false where the panel is the page. */
export class Header {
  constructor(actions, closable) {
    this.actions = actions;
    this.restart = iconButton('restart', 'start-over', 'startOver', () => this.#ask(true));
    this.question = this.#question();
    this.element = el('div', { class: 'top' },
      el('div', { class: 'header' },
        el('span', { class: 'avatar' }, icon('chat')),
        el('div', { class: 'titles' },
          labelled('h2', 'title', { class: 'title', id: 'title', 'data-role': 'title' }),
          labelled('p', 'subtitle', { class: 'subtitle' })),
        this.#language(),
        this.restart,
        iconButton('download', 'download', 'download', actions.download),
        closable && iconButton('close', 'close', 'close', actions.close)),
      this.question);
  }

  /** Close the question, if it is open; true when it was. */
  dismiss() {
    const open = !this.question.hidden;
    if (open) this.#ask(false);
    return open;
  }

  #language() {
    return el('button', { type: 'button', class: 'language', 'data-role': 'language', 'data-label': 'language', onclick: () => this.actions.switchLanguage() },
      labelled('span', 'languageShort'));
  }

  #question() {
    const yes = () => {
      this.#ask(false);
      this.actions.startOver();
    };
    return el('div', { class: 'question', hidden: true, role: 'group', 'data-label': 'startOver' },
      labelled('p', 'startOverQuestion'),
      labelled('button', 'dismiss', { type: 'button', class: 'button', 'data-role': 'confirm-no', onclick: () => this.#ask(false) }),
      labelled('button', 'confirm', { type: 'button', class: 'button primary', 'data-role': 'confirm-yes', onclick: yes }));
  }

  #ask(open) {
    this.question.hidden = !open;
    if (open) this.question.querySelector('[data-role="confirm-yes"]').focus();
    else this.restart.focus();
  }
}

/** The line under the header that says what is wrong right now. */
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
