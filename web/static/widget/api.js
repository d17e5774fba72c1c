/** The HTTP contract: one method per request, and the event stream. */

const TIMEOUT_MS = 20000;
/** The server sends a comment every 15 seconds; after this long without one the connection counts as dead. */
const SILENCE_MS = 45000;

/** A request that did not succeed; status 0 when no answer came. */
export class Problem extends Error {
  constructor(status, detail = null, retryAfter = null) {
    super(detail ?? `status ${status}`);
    this.status = status;
    this.detail = detail;
    this.retryAfter = retryAfter;
  }

  /** Whether the same request may succeed later. */
  get temporary() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** A unique id, also where randomUUID is missing (pages without HTTPS). */
export function uniqueId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Seconds until time `attempt` + 1: doubling up to half a minute, spread so that clients do not return all at once. */
export function backoff(attempt) {
  return Math.min(30, 2 ** attempt) * (0.75 + Math.random() / 2);
}

/** Client of one server; `language()` gives the language for its error sentences. */
export class Api {
  constructor(base, language) {
    this.base = base.replace(/\/+$/, '');
    this.language = language;
  }

  /** Open a conversation. */
  open(lang, identity) {
    return this.#json('POST', '/conversations', { body: { lang, channel: 'web', identity } });
  }

  /** Say something; the same message_id may be sent again. */
  send({ id, token }, message) {
    return this.#json('POST', `/conversations/${id}/messages`, { token, body: message });
  }

  /** The stored messages of the turns after `after`. */
  transcript({ id, token }, after) {
    return this.#json('GET', `/conversations/${id}/messages?after=${after}`, { token });
  }

  /** Whether an answer helped. */
  feedback({ id, token }, verdict) {
    return this.#json('POST', `/conversations/${id}/feedback`, { token, body: verdict });
  }

  /** Prove who the visitor is. */
  identify({ id, token }, identity) {
    return this.#json('POST', `/conversations/${id}/identity`, { token, body: { identity } });
  }

  /** Entries that answer a query. */
  search(query, limit, signal) {
    return this.#json('GET', `/search?q=${encodeURIComponent(query)}&limit=${limit}`, { signal });
  }

  /** The open response of the event stream. */
  events({ id, token }, lastEventId, signal) {
    const headers = lastEventId ? { 'Last-Event-ID': lastEventId } : {};
    return this.#fetch('GET', `/conversations/${id}/events`, { token, signal, headers });
  }

  /** An address that the server gave, as seen from this page. */
  resolve(url) {
    return new URL(url, `${this.base}/`).href;
  }

  async #json(method, path, options) {
    const response = await this.#fetch(method, path, { signal: AbortSignal.timeout(TIMEOUT_MS), ...options });
    if (response.status === 204) return null;
    try {
      return await response.json();
    } catch {
      throw new Problem(0);
    }
  }

  async #fetch(method, path, { token, body, signal, headers = {} }) {
    const request = { method, signal, credentials: 'omit', cache: 'no-store', headers: { 'Accept-Language': this.language(), ...headers } };
    if (token) request.headers.Authorization = `Bearer ${token}`;
    if (body) {
      request.headers['Content-Type'] = 'application/json';
      request.body = JSON.stringify(body);
    }
    let response;
    try {
      response = await fetch(`${this.base}/api/v1${path}`, request);
    } catch (error) {
      throw signal?.aborted && error.name === 'AbortError' ? error : new Problem(0);
    }
    if (!response.ok) throw await problemOf(response);
    return response;
  }
}

async function problemOf(response) {
  const body = await response.json().catch(() => ({}));
  const seconds = Number(response.headers.get('Retry-After'));
  return new Problem(response.status, typeof body.detail === 'string' ? body.detail : null, seconds > 0 ? seconds : null);
}

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

/**
 * Keeps one stream of server-sent events open while it is wanted, and reconnects with growing pauses. By fetch:
 * EventSource cannot send the token in a header, and a URL is no place for it.
 */
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
