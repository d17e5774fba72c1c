/** The conversation without its looks: sends, receives, remembers, and tells the view by events. */

import { EventStream, Problem, uniqueId } from './api.js';
import { TaskQueue } from './queue.js';
import { languageOf } from './texts.js';

const ANSWERS_KEPT = 60;

/**
 * Events (`detail`): opened {identity}, message {message, turn, decision, replay}, pending {task}, progress {task, state, problem,
 * seconds}, state {state}, unread {count}, reset {}, identified {visitor}, error {problem}.
 */
export class Conversation extends EventTarget {
  #api;
  #store;
  #queue;
  #stream;
  #identity = null;
  #seen = new Set();
  #asked = new Set();
  #turn = -1;
  #epoch = 0;
  /** Id of the conversation on this page; the stored one may be another tab's. */
  #shown = null;

  constructor(api, store, language) {
    super();
    this.#api = api;
    this.#store = store;
    this.language = language;
    this.state = null;
    this.visible = false;
    this.#queue = new TaskQueue((task) => this.#perform(task), (...report) => this.#report(...report));
    this.#stream = new EventStream((lastId, signal) => api.events(this.#key, lastId, signal), {
      open: () => this.#queue.push({ kind: 'refresh' }),
      message: (message) => this.#takeLive(message),
      gone: () => this.#forget(),
    });
    document.addEventListener('visibilitychange', () => this.#listen());
    window.addEventListener('storage', (event) => event.key === store.key && this.#followOtherTab());
  }

  get exists() {
    return Boolean(this.#store.get('id'));
  }

  resume() {
    if (this.exists) this.#queue.push({ kind: 'refresh' });
  }

  open() {
    if (!this.exists) this.#queue.push({ kind: 'open' });
  }

  /** A secret is neither shown nor kept. */
  say(text, { secret = false } = {}) {
    this.#send({ text, label: text, secret });
  }

  choose(id, label) {
    this.#send({ choice: id, label, secret: false });
  }

  retryNow() {
    this.#queue.retryNow();
  }

  startOver() {
    this.#forget();
    this.#queue.push({ kind: 'open', afresh: true });
  }

  signOut() {
    this.#identity = null;
    this.#forget();
    if (this.visible) this.open();
  }

  /** Resolves to whether the server has it. */
  async rate(turn, helpful, comment = null) {
    const kept = await this.#accepted(this.#api.feedback(this.#key, { turn, helpful, comment }));
    if (kept) this.#keepAnswer(turn, helpful);
    return kept;
  }

  /** The verdict on an answer: true, false, null when there is none yet, undefined when the turn was no answer. */
  verdict(turn) {
    return this.#store.get('answers')[turn];
  }

  /** Resolves to whether it was accepted; the conversation may be theirs from another device. */
  async identify(identity) {
    this.#identity = identity;
    if (!this.exists) {
      this.open();
      const opened = await new Promise((resolve) => this.addEventListener('opened', resolve, { once: true }));
      if (opened.detail.identity === identity) return true;
    }
    return this.#prove();
  }

  async #prove() {
    const proven = Boolean(this.#identity) && (await this.#accepted(this.#api.identify(this.#key, this.#identity)));
    if (proven) this.#emitIdentified();
    return proven;
  }

  #emitIdentified() {
    this.#emit('identified', { visitor: holderOf(this.#identity) });
  }

  async #accepted(request) {
    try {
      await request;
      return true;
    } catch (problem) {
      this.#emit('error', { problem });
      return false;
    }
  }

  async transcript() {
    if (!this.exists) return [];
    const { messages } = await this.#api.transcript(this.#key, -1);
    return messages.map((item) => item.message);
  }

  checklist(id, format) {
    return this.#api.checklist(this.#key, id, format);
  }

  setVisible(visible) {
    this.visible = visible;
    if (visible) this.#setUnread(0);
  }

  get #key() {
    return { id: this.#store.get('id'), token: this.#store.get('token') };
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  #send(content) {
    const task = { kind: 'send', message_id: uniqueId(), lang: languageOf(content.label), ...content };
    this.#emit('pending', { task });
    this.#queue.push(task);
    this.#keepPending();
  }

  async #perform(task) {
    const epoch = this.#epoch;
    const act = { open: () => this.#performOpen(task), refresh: () => this.#performRefresh(), send: () => this.#performSend(task) };
    const apply = await act[task.kind]();
    if (epoch === this.#epoch) apply?.();
  }

  /** An identity brings its holder's latest conversation back, unless it is proven only afterwards: `afresh`. */
  async #performOpen({ afresh, silent }) {
    if (this.exists) return () => this.#emit('opened', {});
    const { identity, ...opened } = await this.#openAs(afresh ? null : this.#identity);
    const key = { id: opened.conversation_id, token: opened.token };
    const kept = opened.messages.some((message) => message.role === 'user');
    const transcript = kept && (await this.#api.transcript(key, -1));
    return () => {
      this.#store.set({ ...key, turn: 0 });
      this.#shown = key.id;
      this.#turn = 0;
      if (transcript) this.#takeTranscript(transcript, Infinity);
      else if (!silent) this.#show(opened.messages[0], { turn: 0 });
      this.#setState(opened.state);
      this.#emit('opened', { identity });
      if (afresh) this.#prove();
    };
  }

  /** A stale identity must not keep the visitor from asking. */
  async #openAs(identity) {
    try {
      const opened = await this.#api.open(this.language(), identity);
      if (identity) this.#emitIdentified();
      return { ...opened, identity };
    } catch (problem) {
      if (problem.status !== 401 || !identity) throw problem;
      this.#identity = null;
      this.#emit('error', { problem });
      return this.#openAs(null);
    }
  }

  async #performRefresh() {
    if (!this.exists) return null;
    const first = this.#turn < 0;
    this.#shown = this.#store.get('id');
    try {
      const transcript = await this.#api.transcript(this.#key, this.#turn);
      return () => {
        this.#takeTranscript(transcript, first ? this.#store.get('turn') : -1);
        if (first) this.#restorePending();
      };
    } catch (problem) {
      if (problem.status !== 404) throw problem;
      return () => this.#restart();
    }
  }

  /** Where the server has forgotten the conversation, the message begins another, `silent` about it. */
  async #performSend(task, silent = false) {
    const { message_id, text, choice } = task;
    if (!this.exists) (await this.#performOpen({ silent }))();
    try {
      const reply = await this.#api.send(this.#key, { message_id, text, choice });
      return () => this.#takeReply(task, reply);
    } catch (problem) {
      if (problem.status !== 404 || silent) throw problem;
      this.#detach();
      this.#store.forgetConversation();
      return this.#performSend(task, true);
    }
  }

  #report(task, state, problem, seconds) {
    if (problem && !(problem instanceof Problem)) console.error(problem);
    if (state === 'done' || state === 'refused') this.#keepPending();
    this.#emit('progress', { task, state, problem, seconds });
  }

  #takeReply(task, reply) {
    task.duplicate = this.#asked.has(reply.turn);
    this.#asked.add(reply.turn);
    if (reply.decision?.kind === 'answer') this.#keepAnswer(reply.turn, this.verdict(reply.turn) ?? null);
    // A person who has taken over answers in their own time.
    task.quiet = !reply.messages.length;
    this.#emit('progress', { task, state: 'answered' });
    for (const message of reply.messages) this.#show(message, { turn: reply.turn, decision: reply.decision });
    this.#setTurn(reply.turn);
    this.#setState(reply.state);
  }

  /** Up to the turn `known` the visitor has read it before. */
  #takeTranscript({ messages, state }, known) {
    for (const { turn, message } of messages) {
      const replay = turn <= known;
      if (message.role !== 'user') this.#show(message, { turn, replay });
      else if (!this.#asked.has(turn)) {
        this.#asked.add(turn);
        this.#emit('message', { message, turn, replay });
      }
      this.#setTurn(turn);
    }
    this.#setState(state);
  }

  #takeLive(message) {
    this.#show(message, {});
    this.#queue.push({ kind: 'refresh' });
  }

  #show(message, { turn, decision, replay = false }) {
    const print = `${message.role} ${message.at} ${JSON.stringify(message.blocks)}`;
    if (this.#seen.has(print)) return;
    this.#seen.add(print);
    this.#emit('message', { message, turn, decision, replay });
    if (!this.visible && !replay && turn !== 0) this.#setUnread(this.#store.get('unread') + 1);
  }

  #setTurn(turn) {
    this.#turn = Math.max(this.#turn, turn);
    if (this.#turn > this.#store.get('turn')) this.#store.set({ turn: this.#turn });
  }

  #setState(state) {
    this.state = state;
    this.#store.set({ handedOff: Boolean(state?.handed_off) });
    this.#emit('state', { state });
    this.#listen();
  }

  #setUnread(count) {
    if (count !== this.#store.get('unread')) this.#store.set({ unread: count });
    this.#emit('unread', { count });
  }

  #keepAnswer(turn, verdict) {
    const answers = Object.entries({ ...this.#store.get('answers'), [turn]: verdict });
    this.#store.set({ answers: Object.fromEntries(answers.slice(-ANSWERS_KEPT)) });
  }

  #keepPending() {
    const pending = this.#queue.tasks.filter((task) => task.kind === 'send' && !task.secret);
    if (pending.length || this.#store.get('pending').length) this.#store.set({ pending });
  }

  #restorePending() {
    const waiting = this.#queue.tasks.map((task) => task.message_id);
    for (const task of this.#store.get('pending').filter((task) => !waiting.includes(task.message_id))) {
      this.#emit('pending', { task });
      this.#queue.push(task);
    }
  }

  /** The stream costs a connection: a hidden page keeps it only while a person may write. */
  #listen() {
    const awaited = !document.hidden || this.#store.get('handedOff');
    this.#stream.want(this.exists && this.#turn >= 0 && awaited);
  }

  #detach() {
    this.#stream.reset();
    this.#seen.clear();
    this.#asked.clear();
    this.#turn = -1;
  }

  #clear() {
    this.#epoch += 1;
    this.#queue.clear();
    this.#detach();
    this.state = null;
    this.#emit('reset', {});
  }

  #forget() {
    this.#clear();
    this.#store.forgetConversation();
    this.#store.set({ pending: [] });
  }

  /** The server has forgotten the conversation: go on in a new one, with what was not sent. */
  #restart() {
    this.#clear();
    this.#store.forgetConversation();
    if (this.visible || this.#store.get('pending').length) this.open();
    this.#restorePending();
  }

  /** Another tab has moved on, or has begun a new conversation. */
  #followOtherTab() {
    const id = this.#store.get('id');
    if (id && id === this.#shown) {
      if (this.#store.get('turn') > this.#turn) this.#queue.push({ kind: 'refresh' });
    } else if (id || this.#shown) {
      this.#shown = id;
      this.#clear();
      this.resume();
    }
  }
}

/** The account that an accepted token names. */
function holderOf(token) {
  return JSON.parse(atob(token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/'))).sub;
}
