/** The messages of a conversation: those the gateway holds, then our own that are under way. */

export class Transcript {
  #bySeq = new Map();
  #pending = new Map();

  /** Adds what the gateway sent. Returns true if the message was not known before. */
  add(message) {
    const known = this.#bySeq.has(message.seq);
    if (message.client_message_id) this.#pending.delete(message.client_message_id);
    this.#bySeq.set(message.seq, message);
    return !known;
  }

  /** Adds a message of our own before the gateway has it. */
  expect(item) {
    this.#pending.set(item.client_message_id, item);
  }

  /** Takes back a message of our own that the gateway will not accept. */
  withdraw(item) {
    this.#pending.delete(item.client_message_id);
  }

  /** The gateway accepted our message under this seq. */
  confirm(item, seq) {
    this.#pending.delete(item.client_message_id);
    if (this.#bySeq.has(seq)) return;
    const { client_message_id, text, at } = item;
    const blank = { choices: [], card: null, in_reply_to: null, author: null };
    this.#bySeq.set(seq, { seq, role: "customer", text, at, client_message_id, ...blank });
  }

  get pending() {
    return [...this.#pending.values()];
  }

  get delivered() {
    return [...this.#bySeq.values()].sort((one, other) => one.seq - other.seq);
  }

  /** Everything in the order of display; each entry has a key that outlives delivery. */
  get entries() {
    return [...this.delivered, ...this.pending].map((message) => ({
      key: message.client_message_id || `seq-${message.seq}`,
      message,
    }));
  }

  get lastSeq() {
    return this.#bySeq.size ? Math.max(...this.#bySeq.keys()) : 0;
  }

  get empty() {
    return this.#bySeq.size === 0 && this.#pending.size === 0;
  }

  /** The answers that can be chosen now: those of the latest message, if it has any. A notice
   * without choices of its own leaves those before it. */
  get liveChoices() {
    if (this.#pending.size) return [];
    const asks = (message) => message.role !== "system" || message.choices.length > 0;
    return this.delivered.filter(asks).at(-1)?.choices || [];
  }

  /** How many messages to the customer came after this seq. */
  unreadAfter(seq) {
    const toUs = (message) => message.role === "bot" || message.role === "staff";
    return this.delivered.filter((message) => message.seq > seq && toUs(message)).length;
  }

  /** The name of the staff member who wrote last, or null. */
  get staffName() {
    return this.delivered.filter((message) => message.role === "staff").at(-1)?.author || null;
  }
}
