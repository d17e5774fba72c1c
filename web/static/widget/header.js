/** The panel's top: title, language, start over, download, close, and the question before starting over. */

import { el, icon, iconButton, labelled } from './dom.js';

/** `actions`: {switchLanguage, startOver, download, close}; `closable` is false where the panel is the page. */
export class Header {
  constructor(actions, closable) {
    this.actions = actions;
    this.restart = iconButton('restart', 'start-over', 'startOver', () => this.#ask(true));
    this.question = this.#question();
    this.element = el('div', { class: 'top' },
      el('header', { class: 'header' },
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
