/** The gateway's HTTP API. */

const ANSWER_WITHIN_MS = 15_000;

export class ApiError extends Error {
  /**
   * @param {number} status HTTP status, 0 when no answer came
   * @param {string} code the API's error code
   * @param {number} retryAfterSeconds how long the server asks us to wait, 0 if it does not say
   */
  constructor(status, code, retryAfterSeconds = 0) {
    super(code);
    this.status = status;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** The conversation does not exist (any more) for our token. */
  get gone() {
    return this.status === 401 || this.status === 403 || this.status === 404;
  }

  /** The same request may succeed later. */
  get passing() {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

async function failure(response) {
  const body = await response.json().catch(() => null);
  const wait = Number(response.headers.get("Retry-After")) || 0;
  return new ApiError(response.status, body?.error?.code || "unknown", wait);
}

export class Api {
  #server;

  constructor(server) {
    this.#server = server;
  }

  create(fields) {
    return this.#json("POST", "/api/conversations", null, fields);
  }

  post(conversation, message) {
    return this.#json("POST", this.#path(conversation, "messages"), conversation, message);
  }

  messages(conversation, after) {
    return this.#json("GET", this.#path(conversation, `messages?after=${after}`), conversation);
  }

  survey(conversation, rating) {
    return this.#json("POST", this.#path(conversation, "survey"), conversation, rating);
  }

  /** Opens the event stream after a message; the caller ends it through the signal. */
  async stream(conversation, after, signal) {
    const headers = { Accept: "text/event-stream", "Last-Event-ID": String(after) };
    const path = this.#path(conversation, "stream");
    return (await this.#fetch(path, { headers, signal }, conversation)).body;
  }

  #path(conversation, rest) {
    return `/api/conversations/${encodeURIComponent(conversation.id)}/${rest}`;
  }

  async #json(method, path, conversation, body) {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), ANSWER_WITHIN_MS);
    const options = { method, headers: {}, signal: limit.signal };
    if (body) {
      options.headers["Content-Type"] = "application/json";
      options.body = JSON.stringify(body);
    }
    try {
      const response = await this.#fetch(path, options, conversation);
      return await response.json();
    } catch (error) {
      throw error instanceof ApiError ? error : new ApiError(0, "unknown");
    } finally {
      clearTimeout(timer);
    }
  }

  async #fetch(path, options, conversation) {
    if (conversation) options.headers.Authorization = `Bearer ${conversation.token}`;
    const fixed = { cache: "no-store", credentials: "omit", mode: "cors" };
    let response;
    try {
      response = await fetch(this.#server + path, { ...options, ...fixed });
    } catch {
      throw new ApiError(0, "unknown");
    }
    if (!response.ok) throw await failure(response);
    return response;
  }
}
