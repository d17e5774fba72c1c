/** What survives a reload: one JSON object in localStorage, or in memory where a page may not use that. */

const EMPTY = Object.freeze({ pending: [], answers: {}, unread: 0, turn: -1 });
/** What belongs to the conversation and goes with it. */
const CONVERSATION = ['id', 'token', 'turn', 'pending', 'answers', 'unread', 'handedOff'];

/** Fields: id, token, turn, pending, answers (turn → verdict), unread, handedOff; open, lang. */
export class Store {
  #memory = null;

  constructor(key) {
    this.key = key;
  }

  /** One field. Read anew each time: another tab may have changed it. */
  get(name) {
    return this.#read()[name] ?? EMPTY[name];
  }

  /** Change some fields. */
  set(fields) {
    this.#write({ ...this.#read(), ...fields });
  }

  /** Forget the conversation, keep the person's settings. */
  forgetConversation() {
    const fields = this.#read();
    for (const name of CONVERSATION) delete fields[name];
    this.#write(fields);
  }

  #read() {
    if (this.#memory) return { ...this.#memory };
    try {
      return JSON.parse(localStorage.getItem(this.key)) ?? {};
    } catch {
      return {};
    }
  }

  #write(fields) {
    try {
      localStorage.setItem(this.key, JSON.stringify(fields));
    } catch {
      this.#memory = fields;
    }
  }
}
