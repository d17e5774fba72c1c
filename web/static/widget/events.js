/** Server-sent events by fetch: EventSource cannot send the token in a header, and a URL is no place for it. */

import { backoff } from './api.js';

/** The server sends a comment every 15 seconds; after this long without one the connection counts as dead. */
const SILENCE_MS = 45000;

/** Takes the stream's text in pieces and gives its events back. */
export class EventParser {
  #rest = '';

  /** The events that are complete with this piece: {id, event, data}. */
  feed(piece) {
    const parts = (this.#rest + piece).replace(/\r\n?/g, '\n').split('\n\n');
    this.#rest = parts.pop();
    return parts.map(parseEvent).filter((event) => event.data);
  }
}

function parseEvent(lines) {
  const event = { id: null, event: 'message', data: '' };
  for (const line of lines.split('\n')) {
    const [, name, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (name === 'data') event.data += (event.data && '\n') + value;
    else if (name) event[name] = value;
  }
  return event;
}

/** Keeps one stream open while it is wanted, and reconnects with growing pauses. */
export class EventStream {
  #abort = null;
  #lastId = null;

  /** `connect(lastId, signal)` opens the stream; `on` has open(), message(data), gone(). */
  constructor(connect, on) {
    this.connect = connect;
    this.on = on;
  }

  /** Open the stream, or close it. */
  want(wanted) {
    if (wanted && !this.#abort) this.#run();
    else if (!wanted) this.#close();
  }

  /** Close the stream and forget where it stood. */
  reset() {
    this.#close();
    this.#lastId = null;
  }

  #close() {
    this.#abort?.abort();
    this.#abort = null;
  }

  async #run() {
    const abort = (this.#abort = new AbortController());
    for (let attempt = 0; !abort.signal.aborted; attempt += 1) {
      try {
        await this.#read(abort.signal, () => (attempt = 0));
      } catch (problem) {
        if (abort.signal.aborted) return;
        if (problem.status === 404) {
          this.#close();
          return this.on.gone();
        }
      }
      await pause(backoff(attempt) * 1000, abort.signal);
    }
  }

  async #read(signal, connected) {
    const connection = new AbortController();
    const stop = () => connection.abort();
    signal.addEventListener('abort', stop);
    let watchdog = setTimeout(stop, SILENCE_MS);
    try {
      const response = await this.connect(this.#lastId, connection.signal);
      connected();
      this.on.open();
      const parser = new EventParser();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        clearTimeout(watchdog);
        watchdog = setTimeout(stop, SILENCE_MS);
        for (const event of parser.feed(piece.value)) this.#take(event);
      }
    } finally {
      clearTimeout(watchdog);
      signal.removeEventListener('abort', stop);
    }
  }

  #take(event) {
    this.#lastId = event.id ?? this.#lastId;
    try {
      this.on.message(JSON.parse(event.data));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
}

/** Wait, but no longer than until the stream is unwanted or the browser is back online. */
function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const over = new AbortController();
    const end = () => {
      clearTimeout(timer);
      over.abort();
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end, { signal: over.signal });
    window.addEventListener('online', end, { signal: over.signal });
  });
}
