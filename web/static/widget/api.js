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

  get temporary() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** Not randomUUID, which pages without HTTPS lack. */
export function uniqueId() {
  return crypto.getRandomValues(new Uint32Array(4)).join('-');
}

/** Seconds until the next attempt: doubling, and spread, for many clients wait. */
export function backoff(attempt) {
  return Math.min(30, 2 ** attempt) * (0.75 + Math.random() / 2);
}

/** Client of one server; `language()` gives the language for its error sentences. */
export class Api {
  constructor(base, language) {
    this.base = base.replace(/\/+$/, '');
    this.language = language;
  }

  open(lang, identity) {
    return this.#json('POST', '/conversations', { body: { lang, channel: 'web', identity } });
  }

  send({ id, token }, message) {
    return this.#json('POST', `/conversations/${id}/messages`, { token, body: message });
  }

  transcript({ id, token }, after) {
    return this.#json('GET', `/conversations/${id}/messages?after=${after}`, { token });
  }

  feedback({ id, token }, verdict) {
    return this.#json('POST', `/conversations/${id}/feedback`, { token, body: verdict });
  }

  identify({ id, token }, identity) {
    return this.#json('POST', `/conversations/${id}/identity`, { token, body: { identity } });
  }

  search(query, limit, signal) {
    return this.#json('GET', `/search?q=${encodeURIComponent(query)}&limit=${limit}`, { signal });
  }

  /** A checklist as a file; a page's styles get full addresses, for a blob has none to count from. */
  async checklist({ id, token }, checklist, format) {
    const response = await this.#fetch('GET', `/conversations/${id}/checklists/${encodeURIComponent(checklist)}?format=${format}`, { token });
    if (format !== 'html') return response.blob();
    return new Blob([(await response.text()).replaceAll(' href="/', ` href="${this.base}/`)], { type: 'text/html;charset=utf-8' });
  }

  events({ id, token }, lastEventId, signal) {
    const headers = lastEventId ? { 'Last-Event-ID': lastEventId } : {};
    return this.#fetch('GET', `/conversations/${id}/events`, { token, signal, headers });
  }

  resolve(url) {
    return new URL(url, `${this.base}/`).href;
  }

  async #json(method, path, options) {
    const response = await this.#fetch(method, path, { signal: AbortSignal.timeout(TIMEOUT_MS), ...options });
    return response.status === 204 ? null : response.json().catch(() => Promise.reject(new Problem(0)));
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

/** The fields of a server-sent event by their names; those of ours have one line each. */
function parseEvent(lines) {
  return Object.fromEntries([...lines.matchAll(/^(\w+): ?([^\n]*)/gm)].map(([, name, value]) => [name, value]));
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

  want(wanted) {
    if (wanted && !this.#abort) this.#run();
    else if (!wanted) this.#close();
  }

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
      let rest = '';
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        clearTimeout(watchdog);
        watchdog = setTimeout(stop, SILENCE_MS);
        const parts = (rest + piece.value).replaceAll('\r', '').split('\n\n');
        rest = parts.pop();
        for (const { id, data } of parts.map(parseEvent)) {
          this.#lastId = id ?? this.#lastId;
          if (data) this.on.message(JSON.parse(data));
        }
      }
    } finally {
      clearTimeout(watchdog);
      signal.removeEventListener('abort', stop);
    }
  }
}

/** Wait, at most until the stream is unwanted or the browser online. */
function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', resolve, { once: true });
    window.addEventListener('online', resolve, { once: true });
  });
}
