/** The panel's top: title, buttons, the question before starting over, and what is wrong. */

import { el, icon, iconButton, labelled } from './dom.js';

/** A refusal is read and done with; an outage stays until it is over. */
const SHOWN_MS = 8000;

/** `actions`: {switchLanguage, startOver, download, close}; `closable` is false where the panel is the page. */
export class Header {
  constructor(actions, texts, closable) {
    Object.assign(this, { actions, texts });
    this.titles = el('div', { class: 'titles' },
      labelled('h2', 'title', { class: 'title', id: 'title', 'data-role': 'title' }),
      labelled('p', 'subtitle', { class: 'subtitle', 'data-role': 'subtitle' }));
    this.restart = iconButton('restart', 'start-over', 'startOver', () => this.#ask(true));
    this.question = this.#question();
    this.element = el('div', { class: 'top' },
      el('div', { class: 'header' },
        el('span', { class: 'avatar' }, icon('chat')),
        this.titles,
        el('button', { class: 'language', 'data-role': 'language', 'data-label': 'language', onclick: actions.switchLanguage },
          labelled('span', 'languageShort')),
        this.restart,
        iconButton('download', 'download', 'download', actions.download),
        closable && iconButton('close', 'close', 'close', actions.close)),
      this.question);
  }

  /** `agent`: whether a person answers; `visitor`: the account that has signed in. */
  setPeople({ agent = this.agent, visitor = this.visitor }) {
    Object.assign(this, { agent, visitor });
    const [title, subtitle] = this.titles.children;
    title.dataset.text = agent ? 'agent' : 'title';
    subtitle.dataset.text = agent ? 'agentSubtitle' : visitor ? 'signedIn' : 'subtitle';
    subtitle.dataset.values = JSON.stringify({ name: visitor });
    this.texts.apply(this.titles);
  }

  /** Close the question, if it is open; true when it was. */
  dismiss() {
    const open = !this.question.hidden;
    if (open) this.#ask(false);
    return open;
  }

  #question() {
    const yes = () => {
      this.#ask(false);
      this.actions.startOver();
    };
    return el('div', { class: 'question', hidden: true, role: 'group', 'data-label': 'startOver' },
      labelled('p', 'startOverQuestion'),
      labelled('button', 'dismiss', { class: 'button', 'data-role': 'confirm-no', onclick: () => this.#ask(false) }),
      labelled('button', 'startOver', { class: 'button primary', 'data-role': 'confirm-yes', onclick: yes }));
  }

  #ask(open) {
    this.question.hidden = !open;
    if (open) this.question.querySelector('[data-role="confirm-yes"]').focus();
    else this.restart.focus();
  }
}

export class Notice {
  #timer = null;
  #waiting = false;

  constructor(texts) {
    this.texts = texts;
    this.element = el('p', { class: 'notice', role: 'status', 'data-role': 'notice' });
  }

  waiting(problem, seconds) {
    const reason = { 0: 'offline', 429: 'busy' }[problem.status] ?? 'unavailable';
    this.#show(this.texts.get(reason, { n: seconds }));
    this.#waiting = true;
  }

  clearWaiting() {
    if (this.#waiting) this.clear();
  }

  /** A request was refused; the server's sentence says why. */
  problem(problem) {
    this.#show(problem?.detail ?? this.texts.get(problem?.status === 0 ? 'offline' : 'failed'));
    this.#timer = setTimeout(() => this.clear(), SHOWN_MS);
  }

  clear() {
    this.#show('');
  }

  #show(words) {
    clearTimeout(this.#timer);
    this.#waiting = false;
    if (this.element.textContent !== words) this.element.textContent = words;
  }
}
