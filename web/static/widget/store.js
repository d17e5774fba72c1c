/** What survives a reload: one JSON object in localStorage, or in memory where a page may not use that. */

const EMPTY = Object.freeze({ pending: [], answers: {}, unread: 0, turn: -1 });

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

  set(fields) {
    this.#write({ ...this.#read(), ...fields });
  }

  /** Forget the conversation; keep the person's settings and what waits to be sent. */
  forgetConversation() {
    const { open, lang, pending } = this.#read();
    this.#write({ open, lang, pending });
  }

  #read() {
    try {
      return this.#memory ?? JSON.parse(localStorage.getItem(this.key)) ?? {};
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
