/** Keeps a conversation up to date: a stream while it holds, polling where streams cannot pass. */

import { ApiError } from "./api.js";
import { readEvents } from "./sse.js";

const SILENCE_LIMIT_MS = 40_000; // the gateway sends a keep-alive every 15 s
const HIDDEN_GRACE_MS = 60_000; // browsers allow six connections per site: hidden tabs give theirs up
const POLL_MS = 3_000;
const POLL_HIDDEN_MS = 20_000;
const ECHO_CHECKS_MS = [3_000, 9_000];
const STREAM_TRIES = 3;

/** Returns how long to wait before try number `failures`, in ms: doubling to 30 s, with jitter. */
export function backoff(failures) {
  const ceiling = Math.min(30_000, 700 * 2 ** Math.min(failures, 6));
  return ceiling / 2 + Math.random() * (ceiling / 2);
}

export class Feed {
  #api;
  #on;
  #conversation = null;
  #stop = null;
  #round = null;
  #wake = () => {};
  #resting = false;
  #restTimer = 0;
  #modesTold = 0; // by streams: the mode in an answer asked for before the last one is old
  known = 0; // every message up to this seq has been handed over

  /**
   * @param {Api} api
   * @param {{messages: Function, mode: Function, typing: Function, link: Function, gone: Function}} on
   */
  constructor(api, on) {
    this.#api = api;
    this.#on = on;
  }

  start(conversation) {
    this.stop();
    this.#conversation = conversation;
    this.known = 0;
    this.resume();
  }

  /** Goes on after `stop`, from the last message known. */
  resume() {
    if (!this.#conversation || this.#stop) return;
    this.#stop = new AbortController();
    this.#loop(this.#stop.signal);
  }

  stop() {
    this.#stop?.abort();
    this.#round?.abort();
    this.#stop = null;
    this.#wake();
  }

  forget() {
    this.stop();
    this.#conversation = null;
  }

  /** Tries again at once instead of at the end of a pause. */
  nudge() {
    this.#wake();
  }

  /** The page was hidden or shown. */
  setHidden(hidden) {
    clearTimeout(this.#restTimer);
    if (hidden) {
      this.#restTimer = setTimeout(() => this.#rest(), HIDDEN_GRACE_MS);
      return;
    }
    this.#resting = false;
    this.#wake();
  }

  /** A message was accepted under this seq: look for it ourselves if the stream stays silent. */
  expect(seq) {
    const conversation = this.#conversation;
    for (const delay of ECHO_CHECKS_MS) {
      setTimeout(() => {
        if (this.#conversation !== conversation || this.known > seq) return;
        this.#catchUp(conversation).catch(() => {});
      }, delay);
    }
  }

  #rest() {
    this.#resting = true;
    this.#round?.abort();
  }

  async #loop(signal) {
    const conversation = this.#conversation;
    let misses = 0; // rounds since a stream last delivered anything
    let down = 0; // rounds since anything last worked
    const alive = () => {
      misses = 0;
      down = 0;
    };
    while (!signal.aborted) {
      const streaming = !this.#resting && (misses < STREAM_TRIES || misses % 10 === 0);
      try {
        if (streaming) await this.#stream(conversation, signal, alive);
        else await this.#catchUp(conversation);
        down = 0;
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof ApiError && error.gone) return this.#on.gone(conversation);
        down += 1;
      }
      if (signal.aborted) return;
      misses += 1;
      if (down) this.#on.link(false);
      await this.#pause(this.#delay(down, streaming));
    }
  }

  #delay(down, streaming) {
    if (down) return backoff(down);
    if (this.#resting) return POLL_HIDDEN_MS;
    return streaming ? Math.random() * 500 : POLL_MS;
  }

  #pause(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #stream(conversation, signal, alive) {
    const round = new AbortController();
    this.#round = round;
    let watchdog = setTimeout(() => round.abort(), SILENCE_LIMIT_MS);
    const active = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => round.abort(), SILENCE_LIMIT_MS);
      alive();
    };
    try {
      const after = this.known;
      const body = await this.#api.stream(conversation, after, round.signal);
      const current = { caughtUp: false, early: new Set() };
      const read = readEvents(body, (event) => this.#take(event, current), active);
      read.catch(() => {});
      await this.#catchUp(conversation); // also tells the mode, which a stream need not repeat
      current.caughtUp = true;
      while (current.early.has(this.known + 1)) this.known += 1;
      await read;
    } catch (error) {
      if (!this.#resting && !signal.aborted) throw error;
    } finally {
      clearTimeout(watchdog);
      round.abort();
    }
  }

  async #catchUp(conversation) {
    for (;;) {
      const modesTold = this.#modesTold;
      const answer = await this.#api.messages(conversation, this.known);
      if (conversation !== this.#conversation) return;
      this.#on.link(true);
      this.#on.messages(answer.messages);
      if (modesTold === this.#modesTold) this.#on.mode(answer.mode);
      const last = answer.messages.at(-1);
      if (last) this.known = Math.max(this.known, last.seq);
      if (!last || last.seq >= answer.last_seq) return;
    }
  }

  #take(event, current) {
    const data = JSON.parse(event.data);
    if (event.type === "mode") {
      this.#modesTold += 1;
      this.#on.mode(data.mode);
    }
    if (event.type === "typing") this.#on.typing(data);
    if (event.type !== "message") return;
    this.#on.messages([data]);
    if (!current.caughtUp) current.early.add(data.seq);
    else if (data.seq <= this.known + 1) this.known = Math.max(this.known, data.seq);
    else this.#catchUp(this.#conversation).catch(() => {}); // never step over a gap
  }
}
