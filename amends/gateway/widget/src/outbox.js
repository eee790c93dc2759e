/** Own messages on their way: one at a time, in order, each under one id however often it is tried. */

import { backoff } from "./feed.js";

const QUIET_TRIES = 3; // then the message is shown as not delivered, with a way to try again
const LONGEST_WAIT_S = 60;

/** Returns an id that no other message of this visitor will have. */
export function newMessageId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return `w-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

export class Outbox {
  #deliver;
  #on;
  #queue = [];
  #running = false;

  /**
   * @param {(item: Object) => Promise<void>} deliver sends one item, throws ApiError
   * @param {{changed: Function, refused: Function, slowed: Function}} on
   */
  constructor(deliver, on) {
    this.#deliver = deliver;
    this.#on = on;
  }

  /** Items that a reload must not lose. */
  get items() {
    return this.#queue.map(({ client_message_id, text, choice_id, at }) => ({
      client_message_id,
      text,
      choice_id,
      at,
    }));
  }

  push(item) {
    this.#queue.push(item);
    for (const waiting of this.#queue) waiting.state = "sending";
    this.#on.changed();
    this.#run();
  }

  /** The gateway is known to have this message, whatever became of our request. */
  settle(clientMessageId) {
    this.#queue = this.#queue.filter((item) => item.client_message_id !== clientMessageId);
  }

  /** Tries everything again that was not delivered. */
  retry() {
    if (!this.#queue.some((item) => item.state === "failed")) return;
    for (const item of this.#queue) item.state = "sending";
    this.#on.changed();
    this.#run();
  }

  clear() {
    this.#queue = [];
    this.#on.changed();
  }

  async #run() {
    if (this.#running) return;
    this.#running = true;
    try {
      while (this.#queue.length && this.#queue[0].state !== "failed") await this.#first();
    } finally {
      this.#running = false;
    }
  }

  async #first() {
    const item = this.#queue[0];
    try {
      await this.#attempt(item);
      this.settle(item.client_message_id);
    } catch (error) {
      if (!this.#queue.includes(item)) return; // settled or cleared meanwhile
      if (error.passing) for (const waiting of this.#queue) waiting.state = "failed";
      else {
        this.settle(item.client_message_id);
        this.#on.refused(item, error);
      }
    }
    this.#on.changed();
  }

  async #attempt(item) {
    for (let failures = 1; ; failures += 1) {
      try {
        return await this.#deliver(item);
      } catch (error) {
        const pointless = !error.passing || (!navigator.onLine && error.status === 0);
        if (pointless || failures >= QUIET_TRIES || !this.#queue.includes(item)) throw error;
        if (error.status === 429) this.#on.slowed(error);
        await this.#wait(failures, error);
      }
    }
  }

  #wait(failures, error) {
    const asked = Math.min(LONGEST_WAIT_S, error.retryAfterSeconds) * 1000;
    return new Promise((resolve) => setTimeout(resolve, asked || backoff(failures)));
  }
}
