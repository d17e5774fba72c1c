/** The message list: bubbles, their states, the typing sign, and where it scrolls to. */

import { renderBlock, updateTickets } from './blocks.js';
import { el, icon, labelled, unseen } from './dom.js';
import { feedbackBar } from './feedback.js';

const MASK = '•••';
/** Nearer to the end than this counts as reading the newest message. */
const NEAR_PX = 80;
/** Most answers are faster than this; a typing sign would only flicker. */
const TYPING_DELAY_MS = 250;

/** Shows messages; `actions` are those of the blocks plus rate, verdict and retry. */
export class MessageList {
  #bubbles = new Map();
  #typingTimer = null;

  constructor(actions, texts) {
    this.actions = actions;
    this.texts = texts;
    this.log = el('div', { class: 'log', role: 'log', 'aria-live': 'polite', tabindex: '0', 'data-label': 'log', 'data-role': 'log' });
    this.typing = el('div', { class: 'typing', hidden: true, 'data-role': 'typing' }, unseen('typing'), el('i'), el('i'), el('i'));
    this.jump = el('button', { type: 'button', class: 'jump', hidden: true, 'data-role': 'new-messages', onclick: () => this.#scrollToEnd() },
      icon('down'), labelled('span', 'newMessages'));
    this.element = el('div', { class: 'conversation' }, this.log, this.typing, this.jump);
    this.log.addEventListener('scroll', () => this.#nearEnd() && (this.jump.hidden = true));
  }

  /** Empty the list; a greeting of the host page stays on top. */
  clear(greeting) {
    this.#bubbles.clear();
    this.setTyping(false);
    this.jump.hidden = true;
    this.log.replaceChildren(...(greeting ? [el('p', { class: 'greeting', 'data-role': 'greeting' }, greeting)] : []));
  }

  /** A message of the assistant, of an agent, or of the visitor as stored. */
  add(message, { turn, decision, replay }) {
    this.#quietly(replay, () => {
      const stay = this.#nearEnd();
      const node = message.role === 'user' ? this.#userMessage(message) : this.#reply(message, turn, decision);
      this.#append(node);
      this.#follow(replay ? 'replay' : decision || stay ? 'reply' : 'away');
    });
  }

  /** What the visitor has just sent. */
  addPending(task) {
    const bubble = el('div', { class: 'bubble', 'data-role': 'text' }, task.secret ? MASK : task.label);
    const node = this.#frame('user', task.lang, bubble, new Date());
    node.append(el('div', { class: 'delivery', 'data-role': 'delivery' }));
    node.dataset.state = 'sending';
    this.#bubbles.set(task, node);
    this.#append(node);
    this.#scrollToEnd();
  }

  /** How far a message got: sending, waiting, sent, refused; `words` say why it is not sent. */
  setDelivery(task, state, words) {
    const node = this.#bubbles.get(task);
    if (!node) return;
    const near = this.#nearEnd();
    node.dataset.state = state;
    const retry = state === 'waiting' && labelled('button', 'retry', { type: 'button', class: 'link', 'data-role': 'retry', onclick: this.actions.retry });
    node.querySelector('.delivery').replaceChildren(...[words, retry].filter(Boolean));
    this.texts.apply(node);
    if (near && words) this.#scrollToEnd();
  }

  /** The stored transcript already has this message. */
  removePending(task) {
    this.#bubbles.get(task)?.remove();
  }

  /** Show or hide the typing sign. */
  setTyping(typing) {
    clearTimeout(this.#typingTimer);
    if (typing && this.typing.hidden) this.#typingTimer = setTimeout(() => this.#showTyping(), TYPING_DELAY_MS);
    if (!typing) this.typing.hidden = true;
  }

  /** The newest message's field, if it asks for one. */
  get openField() {
    return this.log.querySelector('.message.current .field:not(.sent) input');
  }

  #showTyping() {
    const near = this.#nearEnd();
    this.typing.hidden = false;
    if (near) this.#scrollToEnd();
  }

  #userMessage(message) {
    const words = message.blocks.map((block) => block.markdown ?? '').join('\n');
    const node = this.#frame('user', message.lang, el('div', { class: 'bubble', 'data-role': 'text' }, words), new Date(message.at));
    node.dataset.state = 'sent';
    return node;
  }

  #reply(message, turn, decision) {
    const body = el('div', { class: 'bubble' }, message.blocks.map((block) => this.#block(block)));
    const node = this.#frame(message.role, message.lang, body, new Date(message.at));
    const verdict = this.actions.verdict(turn);
    if (decision?.kind === 'answer' || verdict !== undefined) {
      node.append(feedbackBar(verdict ?? null, (helpful, comment) => this.actions.rate(turn, helpful, comment), this.texts));
    }
    return node;
  }

  #block(block) {
    if (block.type === 'ticket') updateTickets(this.log, block, this.texts);
    return renderBlock(block, this.actions);
  }

  #frame(role, lang, body, at) {
    const author = { user: 'you', assistant: 'assistant', agent: 'agent' }[role] ?? 'assistant';
    const visible = role === 'agent';
    const name = visible ? labelled('span', author, { class: 'author' }) : unseen(author);
    body.lang = lang === 'zh' ? 'zh-CN' : 'en';
    return el('div', { class: `message ${role}`, 'data-role': 'message', 'data-author': role }, name, body, timeOf(at));
  }

  /** Add a message; those before it become secondary. */
  #append(node) {
    for (const old of this.log.querySelectorAll('.current')) old.classList.remove('current');
    node.classList.add('current');
    this.log.append(this.texts.apply(node));
  }

  /** A screen reader is not to read a whole old conversation aloud. */
  #quietly(quiet, change) {
    if (quiet) this.log.setAttribute('aria-live', 'off');
    change();
    if (quiet) requestAnimationFrame(() => this.log.setAttribute('aria-live', 'polite'));
  }

  #nearEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR_PX;
  }

  /** After a reply the question stays in sight; a reader further up is not pulled away. */
  #follow(reason) {
    if (reason === 'away') {
      this.jump.hidden = false;
      return;
    }
    const questions = this.log.querySelectorAll('.message.user');
    const question = questions[questions.length - 1];
    const end = this.log.scrollHeight - this.log.clientHeight;
    const top = reason === 'reply' && question ? Math.min(end, question.offsetTop - 12) : end;
    this.log.scrollTo({ top, behavior: reason === 'replay' ? 'instant' : 'auto' });
  }

  /** Show the end, at once. */
  showEnd() {
    this.log.scrollTo({ top: this.log.scrollHeight, behavior: 'instant' });
  }

  #scrollToEnd() {
    this.jump.hidden = true;
    this.log.scrollTo({ top: this.log.scrollHeight });
  }
}

function timeOf(at) {
  if (Number.isNaN(at.getTime())) return null;
  const clock = `${at.getHours()}`.padStart(2, '0') + ':' + `${at.getMinutes()}`.padStart(2, '0');
  return el('time', { class: 'time', datetime: at.toISOString(), title: at.toLocaleString() }, clock);
}
