/** The message list: bubbles, their states, feedback, the typing sign, and where it scrolls to. */

import { renderBlock, retire, updateCards } from './blocks.js';
import { el, icon, labelled, unseen } from './dom.js';

const MASK = '••••••';
/** Nearer to the end than this counts as reading the newest message. */
const NEAR_PX = 80;
/** Most answers are faster than this; a typing sign would only flicker. */
const TYPING_DELAY_MS = 250;

/** `actions` are those of the blocks. */
export class MessageList {
  #bubbles = new Map();
  #typingTimer = null;

  constructor(actions, texts) {
    this.actions = actions;
    this.texts = texts;
    this.log = el('div', { class: 'log', role: 'log', 'aria-live': 'polite', tabindex: '0', 'data-label': 'log', 'data-role': 'log' });
    this.typing = el('div', { class: 'typing', hidden: true, 'data-role': 'typing' }, unseen('typing'), el('i'), el('i'), el('i'));
    this.jump = el('button', { class: 'jump', hidden: true, 'data-role': 'new-messages', onclick: () => this.#scrollToEnd() },
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

  add(message, { turn, decision, replay }) {
    this.#quietly(replay, () => {
      const stay = this.#nearEnd();
      const node = message.role === 'user' ? this.#userMessage(message) : this.#reply(message, turn, decision);
      this.#append(node, turn === 0);
      // An agent's words and a ticket's news end no question.
      if (message.role === 'assistant' && turn !== undefined) retire(this.log, turn);
      this.#follow(replay ? 'replay' : decision || stay ? 'reply' : 'away');
    });
  }

  addPending(task) {
    const bubble = el('div', { class: 'bubble', 'data-role': 'text' }, task.secret ? MASK : task.label);
    const node = this.#frame('user', task.lang, bubble, new Date());
    node.append(el('div', { class: 'delivery', 'data-role': 'delivery' }));
    this.#bubbles.set(task, node);
    this.#append(node);
    this.#scrollToEnd();
  }

  /** `state` in the queue's words; `words` say why it is not sent. */
  setDelivery(task, state, words) {
    const node = this.#bubbles.get(task);
    if (!node) return;
    const near = this.#nearEnd();
    node.classList.toggle('unsent', state === 'waiting' || state === 'refused');
    const retry = state === 'waiting' && labelled('button', 'retry', { class: 'link', 'data-role': 'retry', onclick: () => this.actions.conversation.retryNow() });
    node.querySelector('.delivery').replaceChildren(...[words, retry].filter(Boolean));
    this.texts.apply(node);
    if (near && words) this.#scrollToEnd();
  }

  removePending(task) {
    this.#bubbles.get(task)?.remove();
  }

  setTyping(typing) {
    clearTimeout(this.#typingTimer);
    if (typing && this.typing.hidden) this.#typingTimer = setTimeout(() => this.#showTyping(), TYPING_DELAY_MS);
    if (!typing) this.typing.hidden = true;
  }

  get openFields() {
    return this.log.querySelectorAll('.field input:enabled');
  }

  #showTyping() {
    const near = this.#nearEnd();
    this.typing.hidden = false;
    if (near) this.#scrollToEnd();
  }

  #userMessage(message) {
    const words = message.blocks.map((block) => block.markdown ?? '').join('\n');
    return this.#frame('user', message.lang, el('div', { class: 'bubble', 'data-role': 'text' }, words), new Date(message.at));
  }

  #reply(message, turn, decision) {
    const body = el('div', { class: 'bubble' }, message.blocks.map((block) => this.#block(block)));
    const node = this.#frame(message.role, message.lang, body, new Date(message.at), message.author);
    node.dataset.turn = turn;
    const { conversation } = this.actions;
    const verdict = conversation.verdict(turn);
    if (decision?.kind === 'answer' || verdict !== undefined) {
      node.append(feedbackBar(verdict ?? null, (helpful, comment) => conversation.rate(turn, helpful, comment), this.texts));
    }
    return node;
  }

  #block(block) {
    updateCards(this.log, block, this.actions);
    return renderBlock(block, this.actions);
  }

  #frame(role, lang, body, at, author) {
    const name = role === 'agent' ? labelled('span', !author && role, { class: 'author' }, author) : unseen(role);
    body.lang = lang === 'zh' ? 'zh-CN' : 'en';
    return el('div', { class: `message ${role}`, 'data-role': 'message', 'data-author': role }, name, body, timeOf(at));
  }

  /** The greeting goes above a question that was quicker. */
  #append(node, greeting = false) {
    const place = greeting && this.log.querySelector('.message');
    this.log.insertBefore(this.texts.apply(node), place || null);
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
  return el('time', { class: 'time', datetime: at.toISOString(), title: at.toLocaleString() }, at.toTimeString().slice(0, 5));
}

/** Thumbs, and a comment on what did not help; `rate(helpful, comment)` resolves to whether it was kept. */
function feedbackBar(verdict, rate, texts) {
  const up = thumb('up', 'feedbackUp');
  const down = thumb('down', 'feedbackDown');
  const note = el('span', { class: 'feedback-note', role: 'status', 'data-role': 'feedback-note' });
  const bar = el('div', { class: 'feedback', 'data-role': 'feedback' },
    el('div', { class: 'feedback-row', role: 'group', 'data-label': 'feedbackQuestion' },
      labelled('span', 'feedbackQuestion', { 'aria-hidden': 'true' }), up, down, note));
  const show = (helpful) => {
    up.setAttribute('aria-pressed', String(helpful === true));
    down.setAttribute('aria-pressed', String(helpful === false));
    bar.classList.toggle('rated', helpful !== null);
  };
  const give = async (helpful, comment) => {
    show(helpful);
    const kept = await rate(helpful, comment);
    if (!kept) show(null);
    note.textContent = kept && (helpful || comment) ? texts.get('feedbackThanks') : '';
    return kept;
  };
  const askWhy = async () => {
    const box = bar.querySelector('form') ?? commentBox(give, down);
    bar.append(texts.apply(box));
    box.scrollIntoView({ block: 'nearest' });
    if (await give(false, null)) box.querySelector('textarea').focus();
    else box.remove();
  };
  up.addEventListener('click', () => {
    bar.querySelector('form')?.remove();
    give(true, null);
  });
  down.addEventListener('click', askWhy);
  show(verdict);
  return bar;
}

function thumb(direction, label) {
  return el('button', {
    class: `icon-button thumb ${direction}`, 'aria-pressed': 'false', 'data-role': `feedback-${direction}`, 'data-label': label,
  }, icon('thumb'));
}

function commentBox(give, opener) {
  const comment = el('textarea', {
    rows: '2', maxlength: '2000', 'data-label': 'feedbackComment', 'data-placeholder': 'feedbackComment', 'data-role': 'feedback-comment',
  });
  const form = el('form', { class: 'comment' }, comment,
    el('div', { class: 'comment-row' },
      labelled('button', 'feedbackSkip', { class: 'button', onclick: () => finish(), 'data-role': 'feedback-skip' }),
      labelled('button', 'feedbackSend', { type: 'submit', class: 'button primary', 'data-role': 'feedback-send' })));
  const finish = () => {
    form.remove();
    opener.focus();
  };
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (!comment.value.trim() || (await give(false, comment.value.trim()))) finish();
  });
  return form;
}
