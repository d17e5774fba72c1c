/** <account-assistant>: the parts in a shadow root, connected with the conversation. */

import { Api } from './api.js';
import { applyAccent } from './colour.js';
import { Composer } from './composer.js';
import { Conversation } from './conversation.js';
import { el, finePointer, icon } from './dom.js';
import { saveChecklist, saveTranscript } from './downloads.js';
import { Header, Notice } from './header.js';
import { MessageList } from './messages.js';
import { Store } from './store.js';
import { chooseLanguage, languageNamed, Texts } from './texts.js';

const STYLES = new URL('./styles.css', import.meta.url).href;
/** Where the panel leaves the page visible; as in styles.css. */
const WIDE = matchMedia('(min-width: 481px) and (min-height: 521px)');
/** What a code or a password looks like, as opposed to a question. */
const SECRET = /^[!-~]{3,128}$/;
/** The conversation's events that host pages hear. */
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

  open({ focus = true } = {}) {
    if (!this.panel.hidden) return;
    this.#show(true);
    this.conversation.open();
    this.#arrange();
    if (focus) this.#focusInside();
    this.#tell('open', {});
  }

  close() {
    if (this.panel.hidden || this.page) return;
    const inside = this.panel.contains(this.shadowRoot.activeElement);
    this.#show(false);
    if (inside) this.launcher.focus();
    this.#tell('close', {});
  }

  toggle() {
    if (this.panel.hidden) this.open();
    else this.close();
  }

  ask(text) {
    this.open();
    if (text.trim()) this.conversation.say(text.trim());
  }

  /** Sign the visitor in by a token of the host's server; resolves to whether it was accepted. */
  identify(token) {
    return this.conversation.identify(token);
  }

  startOver() {
    this.conversation.startOver();
  }

  /** For when the visitor signs out of the host page: their conversation goes with them. */
  signOut() {
    this.conversation.signOut();
  }

  /** Listen to open, close, message, state, identified or error; returns a function that stops listening. */
  on(name, listener) {
    const hear = (event) => listener(event.detail);
    this.addEventListener(`assistant-${name}`, hear);
    return () => this.removeEventListener(`assistant-${name}`, hear);
  }

  #connect() {
    const base = new URL(this.getAttribute('api') || '/', document.baseURI).href;
    this.page = this.getAttribute('layout') === 'page';
    this.store = new Store(`account-assistant:${base}`);
    this.texts = new Texts(chooseLanguage(this.store.get('lang') ?? this.getAttribute('language')));
    this.api = new Api(base, () => this.texts.lang);
    this.conversation = new Conversation(this.api, this.store, () => this.texts.lang);
  }

  #build() {
    this.header = new Header(this.#headerActions(), this.texts, !this.page);
    this.notice = new Notice(this.texts);
    this.messages = new MessageList(this.#messageActions(), this.texts);
    this.composer = new Composer(this.#composerActions(), this.texts);
    this.badge = el('span', { class: 'badge', hidden: true, 'data-role': 'badge', 'aria-hidden': 'true' });
    this.launcher = el('button', { class: 'launcher', hidden: this.page, 'aria-controls': 'panel', 'data-role': 'launcher', onclick: () => this.toggle() },
      icon('chat'), icon('down'), this.badge);
    this.panel = el('section', { class: 'panel', id: 'panel', role: 'dialog', 'aria-labelledby': 'title', hidden: true, 'data-role': 'panel' },
      this.header.element, this.notice.element, this.messages.element, this.composer.element);
    const side = this.getAttribute('position') === 'left' ? 'left' : 'right';
    this.root = el('div', { class: `root ${side} ${this.page ? 'page' : 'floating'}`, hidden: true }, this.panel, this.launcher);
    this.attachShadow({ mode: 'open' }).append(this.#stylesheet(), this.root);
    this.messages.clear(this.getAttribute('greeting'));
    applyAccent(this, this.getAttribute('color'));
    this.#applyTexts();
  }

  /** Nothing shows before the styles are there; without them it still works. */
  #stylesheet() {
    const reveal = () => {
      this.root.hidden = false;
      this.#arrange();
      performance.mark('account-assistant-ready');
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
      close: () => this.close(),
    };
  }

  #messageActions() {
    return {
      texts: this.texts,
      conversation: this.conversation,
      submit: (value, secret) => {
        this.conversation.say(value, { secret });
        this.#focusInside();
      },
      resolve: (url) => this.api.resolve(url),
      takeAway: (id, format) => this.#takeAway(id, format),
    };
  }

  #composerActions() {
    return {
      send: (text) => this.conversation.say(text, { secret: this.#looksSecret(text) }),
      human: () => this.conversation.say(this.texts.get('sayHuman')),
      search: (query, limit, signal) => this.api.search(query, limit, signal),
      pick: (result) => this.conversation.choose(`entry:${result.id}`, result.question),
      // What answers a flow's question or goes to a person is not to travel in a search URL.
      suggestionsAllowed: () => !this.messages.openFields.length && !this.conversation.state?.handed_off,
    };
  }

  #wire() {
    const hear = (name, handler) => this.conversation.addEventListener(name, (event) => handler(event.detail));
    hear('message', (detail) => this.#onMessage(detail));
    hear('pending', ({ task }) => this.messages.addPending(task));
    hear('progress', (detail) => this.#onProgress(detail));
    hear('unread', () => this.#updateLauncher());
    hear('state', ({ state }) => this.#onState(state));
    hear('identified', ({ visitor }) => this.header.setPeople({ visitor }));
    hear('reset', () => {
      this.header.setPeople({ agent: false, visitor: '' });
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
    if (this.page || (before === undefined ? asked : before && WIDE.matches)) this.open({ focus: false });
    else this.removeAttribute('open');
    this.#updateLauncher();
  }

  #onMessage({ message, turn, decision, replay }) {
    const held = this.shadowRoot.activeElement;
    this.messages.add(message, { turn, decision, replay });
    if (held?.disabled) this.#focusInside();
    if (!decision) return;
    if (decision.act?.startsWith('switch-')) this.#setLanguage(message.lang);
    this.#focusField();
  }

  /** Where the host page asks for no language, it is the conversation's; an agent's is known to nobody. */
  #onState(state) {
    this.header.setPeople({ agent: Boolean(state?.handed_off) });
    const asked = languageNamed(this.getAttribute('language'));
    if (state && !state.handed_off && !asked) this.#setLanguage(state.lang);
  }

  #onProgress({ task, state, problem, seconds }) {
    const sending = task.kind === 'send';
    this.messages.setTyping(sending && state === 'running' && !this.conversation.state?.handed_off);
    if (state === 'waiting') this.notice.waiting(problem, seconds);
    if (state === 'done' || state === 'answered') this.notice.clearWaiting();
    if (state === 'refused') this.notice.problem(problem);
    if (!sending) return;
    if (task.duplicate) this.messages.removePending(task);
    else this.messages.setDelivery(task, state, this.#delivery(task, problem, seconds)[state]);
  }

  #delivery({ quiet }, problem, seconds) {
    return {
      waiting: this.texts.get(problem?.status === 429 ? 'notSentBusy' : 'notSent', { n: seconds }),
      refused: [this.texts.get('refused'), problem?.detail].filter(Boolean).join(': '),
      done: quiet && this.texts.get('delivered'),
    };
  }

  #onKey(event) {
    if (event.key !== 'Escape' || event.isComposing) return;
    event.stopPropagation();
    if (!this.header.dismiss()) this.close();
  }

  #download() {
    return this.#try(async () => saveTranscript(await this.conversation.transcript(), this.texts));
  }

  #takeAway(id, format) {
    return this.#try(async () => saveChecklist(await this.conversation.checklist(id, format), format));
  }

  async #try(work) {
    try {
      await work();
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

  /** The attribute lets the host page's styles make room. */
  #show(open) {
    this.panel.hidden = !open;
    this.toggleAttribute('open', open);
    this.store.set({ open });
    this.conversation.setVisible(open);
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
    if (inside && finePointer() && this.composer.empty) this.messages.openFields[0]?.focus({ preventScroll: true });
  }

  /** Secrets typed below instead of in their fields are treated like them. */
  #looksSecret(text) {
    const { openFields } = this.messages;
    const words = text.split(/\s+/);
    return openFields[0]?.type === 'password' && words.length === openFields.length && words.every((word) => SECRET.test(word));
  }

  /** Hidden elements have no sizes. */
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
