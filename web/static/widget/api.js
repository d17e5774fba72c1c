/** The HTTP contract, one method per request. */

const TIMEOUT_MS = 20000;

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
