/** <account-assistant>: puts the parts together in a shadow root and connects them with the conversation. */

import { Api } from './api.js';
import { applyAccent } from './colour.js';
import { Composer } from './composer.js';
import { Conversation } from './conversation.js';
import { el, finePointer, icon } from './dom.js';
import { Header, Notice } from './header.js';
import { MessageList } from './messages.js';
import { Store } from './store.js';
import { chooseLanguage, Texts } from './texts.js';
import { downloadTranscript } from './transcript.js';

const STYLES = new URL('./styles.css', import.meta.url).href;
/** Where the panel leaves the page visible; as in styles.css. */
const WIDE = matchMedia('(min-width: 481px) and (min-height: 521px)');
/** What a one-time code or a password looks like, as opposed to a question asked instead of it. */
const SECRET = /^[!-~]{3,128}$/;
/** Events that host pages hear, by the conversation's name for them. */
const PUBLIC_EVENTS = ['message', 'state', 'identified', 'error'];

export class AssistantElement extends HTMLElement {
  #built = false;

  connectedCallback() {
    if (this.#built) return;
    this.#built = true;
    this.#connect();
    this.#build();
    this.#wire();
    this.#begin();
  }

  /** Show the panel; `focus` moves the cursor into it. */
  show({ focus = true } = {}) {
    if (!this.panel.hidden) return;
    this.panel.hidden = false;
    this.store.set({ open: true });
    this.conversation.setVisible(true);
    this.conversation.open();
    this.#arrange();
    this.#updateLauncher();
    if (focus) this.#focusInside();
    this.#tell('open', {});
  }

  /** Hide the panel; the focus returns to the launcher if it was inside. */
  hide() {
    if (this.panel.hidden || this.page) return;
    const inside = this.panel.contains(this.shadowRoot.activeElement);
    this.panel.hidden = true;
    this.store.set({ open: false });
    this.conversation.setVisible(false);
    this.#updateLauncher();
    if (inside) this.launcher.focus();
    this.#tell('close', {});
  }

  /** Show or hide the panel. */
  toggle() {
    if (this.panel.hidden) this.show();
    else this.hide();
  }

  /** Open the panel and say something. */
  ask(text) {
    this.show();
    if (text.trim()) this.conversation.say(text.trim());
  }

  /** Prove who the visitor is. */
  identify(token) {
    return this.conversation.identify(token);
  }

  /** Begin a new conversation. */
  startOver() {
    this.conversation.startOver();
  }

  /** Listen to an event; returns a function that stops. */
  on(name, listener) {
    const hear = (event) => listener(event.detail);
    this.addEventListener(`assistant-${name}`, hear);
    return () => this.removeEventListener(`assistant-${name}`, hear);
  }

  // Parts

  #connect() {
    const base = new URL(this.getAttribute('api') || '/', document.baseURI).href;
    this.page = this.getAttribute('layout') === 'page';
    this.store = new Store(`account-assistant:${base}`);
    this.texts = new Texts(chooseLanguage(this.store.get('lang') ?? this.getAttribute('language')));
    this.api = new Api(base, () => this.texts.lang);
    this.conversation = new Conversation(this.api, this.store, () => this.texts.lang);
  }

  #build() {
    this.header = new Header(this.#headerActions(), !this.page);
    this.notice = new Notice(this.texts);
    this.messages = new MessageList(this.#messageActions(), this.texts);
    this.composer = new Composer(this.#composerActions(), this.texts);
    this.badge = el('span', { class: 'badge', hidden: true, 'data-role': 'badge', 'aria-hidden': 'true' });
    this.launcher = el('button', { type: 'button', class: 'launcher', hidden: this.page, 'aria-controls': 'panel', 'data-role': 'launcher', onclick: () => this.toggle() },
      icon('chat'), icon('down'), this.badge);
    this.panel = el('section', { class: 'panel', id: 'panel', role: 'dialog', 'aria-labelledby': 'title', hidden: true, 'data-role': 'panel' },
      this.header.element, this.notice.element, this.messages.element, this.composer.element);
    this.root = el('div', { class: this.#rootClass(), hidden: true }, this.panel, this.launcher);
    this.attachShadow({ mode: 'open' }).append(this.#stylesheet(), this.root);
    this.messages.clear(this.getAttribute('greeting'));
    applyAccent(this, this.getAttribute('color'));
    this.#applyTexts();
  }

  #rootClass() {
    const side = this.getAttribute('position') === 'left' ? 'left' : 'right';
    return `root ${side} ${this.page ? 'page' : 'floating'}`;
  }

  /** Nothing shows before the styles are there; without them it still works. */
  #stylesheet() {
    const reveal = () => {
      this.root.hidden = false;
      this.#arrange();
    };
    return el('link', { rel: 'stylesheet', href: STYLES, crossorigin: 'anonymous', onload: reveal, onerror: reveal });
  }

  #headerActions() {
    return {
      switchLanguage: () => this.#switchLanguage(),
      startOver: () => {
        this.startOver();
        this.#focusInside();
      },
      download: () => this.#download(),
      close: () => this.hide(),
    };
  }

  #messageActions() {
    return {
      texts: this.texts,
      choose: (id, label) => this.conversation.choose(id, label),
      say: (text) => this.conversation.say(text),
      submit: (value, secret) => {
        this.conversation.say(value, { secret });
        this.#focusInside();
      },
      resolve: (url) => this.api.resolve(url),
      rate: (turn, helpful, comment) => this.conversation.rate(turn, helpful, comment),
      verdict: (turn) => this.conversation.verdict(turn),
      retry: () => this.conversation.retryNow(),
    };
  }

  #composerActions() {
    return {
      send: (text) => this.conversation.say(text, { secret: this.#looksSecret(text) }),
      human: () => this.conversation.say(this.texts.get('sayHuman')),
      search: (query, limit, signal) => this.api.search(query, limit, signal),
      pick: (result) => this.conversation.choose(`entry:${result.id}`, result.question),
      // What answers a flow's question or goes to a person is not to travel in a search URL.
      suggestionsAllowed: () => !this.messages.openField && !this.conversation.state?.handed_off,
    };
  }

  // Connections

  #wire() {
    const hear = (name, handler) => this.conversation.addEventListener(name, (event) => handler(event.detail));
    hear('message', (detail) => this.#onMessage(detail));
    hear('pending', ({ task }) => this.messages.addPending(task));
    hear('progress', (detail) => this.#onProgress(detail));
    hear('unread', () => this.#updateLauncher());
    hear('reset', () => {
      this.notice.clear();
      this.messages.clear(this.getAttribute('greeting'));
    });
    hear('error', ({ problem }) => this.notice.problem(problem));
    for (const name of PUBLIC_EVENTS) hear(name, (detail) => this.#tell(name, detail));
    this.panel.addEventListener('keydown', (event) => this.#onKey(event));
    window.visualViewport?.addEventListener('resize', () => this.#fitViewport());
    this.#fitViewport();
  }

  #begin() {
    const asked = this.hasAttribute('open') && this.getAttribute('open') !== 'false';
    const before = this.store.get('open');
    this.conversation.resume();
    // On a phone the panel covers the page, so it does not reopen by itself on every page.
    if (this.page || (before === undefined ? asked : before && WIDE.matches)) this.show({ focus: false });
    this.#updateLauncher();
  }

  #onMessage({ message, turn, decision, replay }) {
    this.messages.add(message, { turn, decision, replay });
    const { act } = decision ?? {};
    if (act === 'switch-zh' || act === 'switch-en') this.#setLanguage(act.slice(-2));
    if (decision) this.#focusField();
  }

  #onProgress({ task, state, problem, seconds, duplicate }) {
    const sending = task.kind === 'send';
    this.messages.setTyping(sending && state === 'running' && !this.conversation.state?.handed_off);
    if (state === 'waiting') this.notice.waiting(problem, seconds);
    if (state === 'done' || state === 'answered') this.notice.clearWaiting();
    if (state === 'refused') this.notice.problem(problem);
    if (!sending) return;
    if (duplicate) this.messages.removePending(task);
    else this.messages.setDelivery(task, ...this.#delivery(state, problem, seconds));
  }

  #delivery(state, problem, seconds) {
    const limited = problem?.status === 429;
    const words = {
      waiting: () => this.texts.get(limited ? 'notSentBusy' : 'notSent', { n: seconds }),
      refused: () => [this.texts.get('refused'), problem.detail].filter(Boolean).join(': '),
    };
    const name = { running: 'sending', answered: 'sent', done: 'sent' }[state] ?? state;
    return [name, words[state]?.() ?? null];
  }

  #onKey(event) {
    if (event.key !== 'Escape' || event.isComposing) return;
    event.stopPropagation();
    if (!this.header.dismiss()) this.hide();
  }

  // Behaviour

  async #download() {
    try {
      downloadTranscript(await this.conversation.transcript(), this.texts);
    } catch (problem) {
      this.notice.problem(problem);
    }
  }

  #switchLanguage() {
    this.#setLanguage(this.texts.lang === 'zh' ? 'en' : 'zh');
    const { state } = this.conversation;
    if (state && state.lang !== this.texts.lang && !state.handed_off) this.conversation.say(this.texts.get('saySwitch'));
  }

  #setLanguage(lang) {
    if (lang === this.texts.lang) return;
    this.texts.lang = lang;
    this.store.set({ lang });
    this.#applyTexts();
  }

  #applyTexts() {
    this.root.lang = this.texts.lang === 'zh' ? 'zh-CN' : 'en';
    this.texts.apply(this.root);
    this.#updateLauncher();
  }

  #updateLauncher() {
    const unread = this.panel.hidden ? this.store.get('unread') : 0;
    const label = this.texts.get(this.panel.hidden ? 'launcher' : 'launcherClose');
    this.launcher.setAttribute('aria-expanded', String(!this.panel.hidden));
    this.launcher.setAttribute('aria-label', unread ? `${label} (${this.texts.get('unread', { n: unread })})` : label);
    this.root.classList.toggle('open', !this.panel.hidden);
    this.badge.textContent = unread > 9 ? '9+' : String(unread);
    this.badge.hidden = !unread;
  }

  /** A touch screen's keyboard would cover what the visitor came to read. */
  #focusInside() {
    if (finePointer()) this.composer.focus();
    else this.messages.log.focus({ preventScroll: true });
  }

  /** A person who types answers goes on typing in the next field. */
  #focusField() {
    const inside = this.panel.contains(this.shadowRoot.activeElement);
    if (inside && finePointer() && this.composer.empty) this.messages.openField?.focus({ preventScroll: true });
  }

  /** A secret typed below instead of in its field is treated like one. */
  #looksSecret(text) {
    return this.messages.openField?.type === 'password' && SECRET.test(text);
  }

  /** Do what needs sizes, which hidden elements do not have. */
  #arrange() {
    this.composer.fit();
    this.messages.showEnd();
  }

  /** Above a screen keyboard only this much is visible. */
  #fitViewport() {
    const height = window.visualViewport?.height;
    if (height) this.style.setProperty('--viewport-height', `${Math.round(height)}px`);
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(`assistant-${name}`, { detail }));
  }
}
