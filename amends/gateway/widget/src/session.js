/** One visitor's conversation across pages, reloads and tabs. */

import { Feed } from "./feed.js";
import { subjectOf } from "./identity.js";
import { newMessageId, Outbox } from "./outbox.js";
import { oneTabAtATime } from "./store.js";
import { Transcript } from "./transcript.js";

const TYPING_LIMIT_MS = 30_000;
const BLINK_MS = 1_200; // a connection that is back by then was never worth a word
const RECORD = "conversation"; // shared: {id, token, who, seen, surveys}
const UNSENT = "unsent"; // this tab: messages that a reload must not lose

export class Session {
  #api;
  #store;
  #on;
  #feed;
  #outbox;
  #identity;
  #record = null;
  #typingTimer = 0;
  #creating = null;
  #epoch = 0; // counts conversations left behind, so that late answers are not taken for ours
  transcript = new Transcript();
  mode = "bot";
  typing = null;
  linked = true;
  loaded = false;

  /**
   * @param {Api} api
   * @param {{shared: Shelf, tab: Shelf}} store
   * @param {{identity: string|null, language: string}} visitor
   * @param {{changed: Function, message: Function, reset: Function, notice: Function}} on
   */
  constructor(api, store, visitor, on) {
    this.#api = api;
    this.#store = store;
    this.#identity = visitor.identity;
    this.language = visitor.language;
    this.#on = on;
    this.#feed = new Feed(api, {
      messages: (messages) => this.#receive(messages),
      mode: (mode) => this.#setMode(mode),
      typing: (event) => this.#setTyping(event.active ? event.role : null),
      link: (up) => this.#setLink(up),
      gone: (conversation) => this.#lost(conversation),
    });
    this.#outbox = new Outbox((item) => this.#deliver(item), {
      changed: () => this.#outboxChanged(),
      refused: (item, error) => this.#refused(item, error),
      slowed: (error) => on.notice(error.code),
    });
  }

  /** Takes up the conversation this browser knows, if it is this visitor's. */
  resume() {
    const record = this.#store.shared.read(RECORD);
    if (record && record.who !== subjectOf(this.#identity)) {
      this.#store.shared.write(RECORD, null);
      this.#store.tab.write(UNSENT, null);
    } else if (record) this.#adopt(record);
    for (const item of this.#store.tab.read(UNSENT) || []) this.#submit(item);
    this.loaded = !this.#record;
    this.#on.changed();
  }

  /** Another person uses the page now; their conversation is a new one. */
  identify(identity) {
    const before = subjectOf(this.#identity);
    this.#identity = identity;
    if (subjectOf(this.#identity) !== before) this.restart();
  }

  send(text) {
    this.#submit({ client_message_id: newMessageId(), text, at: new Date().toISOString() });
  }

  choose(choice) {
    const at = new Date().toISOString();
    const chosen = { text: choice.title, choice_id: choice.id };
    this.#submit({ client_message_id: newMessageId(), ...chosen, at });
  }

  retry() {
    this.#outbox.retry();
    this.#feed.nudge();
  }

  restart() {
    this.#store.shared.write(RECORD, null);
    this.#forget();
  }

  /** Stores an answer of a survey, or that it was skipped; throws ApiError if that failed. */
  async survey(seq, question, said) {
    if (said) await this.#api.survey(this.#record, said);
    const done = { [seq]: [...this.surveyed(seq), question] };
    if (this.#record) this.#remember({ surveys: { ...this.#record.surveys, ...done } });
  }

  /** The questions of a survey that this visitor is done with. */
  surveyed(seq) {
    return this.#record?.surveys?.[seq] || [];
  }

  get unread() {
    return this.#record ? this.transcript.unreadAfter(this.#record.seen || 0) : 0;
  }

  markSeen() {
    const last = this.transcript.lastSeq;
    if (!this.#record || last <= (this.#record.seen || 0)) return;
    this.#remember({ seen: last });
    this.#on.changed();
  }

  /** Another tab wrote to the shared storage. */
  storageChanged(event) {
    if (this.#store.shared.keyOf(event) !== RECORD) return;
    const record = this.#store.shared.read(RECORD);
    if (record && record.who !== subjectOf(this.#identity)) return;
    if (!record) return this.#record ? this.#forget() : undefined;
    if (record.id !== this.#record?.id) this.#adopt(record);
    else this.#record = record;
    this.#on.changed();
  }

  setHidden(hidden) {
    this.#feed.setHidden(hidden);
  }

  leavePage() {
    this.#feed.stop();
  }

  returnToPage() {
    this.#feed.resume();
  }

  #adopt(record) {
    this.#record = record;
    this.#startTranscript(this.transcript.pending);
    this.loaded = false;
    this.#on.reset();
    this.#feed.start(record);
  }

  #forget() {
    this.#outbox.clear();
    this.#leave([]);
    this.linked = true;
    this.#on.changed();
  }

  #leave(unsent) {
    this.#epoch += 1;
    this.#creating = null;
    this.#feed.forget();
    this.#record = null;
    this.#startTranscript(unsent);
    this.mode = "bot";
    this.typing = null;
    this.loaded = true;
    this.#on.reset();
  }

  #startTranscript(unsent) {
    this.transcript = new Transcript();
    for (const item of unsent) this.transcript.expect(item);
  }

  #remember(fields) {
    const stored = this.#store.shared.read(RECORD);
    const current = stored?.id === this.#record.id ? stored : this.#record;
    this.#record = { ...current, ...fields };
    this.#store.shared.write(RECORD, this.#record);
  }

  #submit(said) {
    const item = { ...said, role: "customer", author: null };
    this.transcript.expect(item);
    this.#outbox.push(item);
  }

  async #deliver(item, again = false) {
    const epoch = this.#epoch;
    const conversation = this.#record || (await this.#create());
    if (epoch !== this.#epoch) return;
    const { client_message_id, text, choice_id } = item;
    const said = choice_id ? { choice_id } : { text };
    try {
      const { seq } = await this.#api.post(conversation, { client_message_id, ...said });
      if (epoch === this.#epoch) this.#delivered(item, seq);
    } catch (error) {
      if (!error.gone || again) throw error;
      this.#lost(conversation);
      await this.#deliver({ ...item, choice_id: undefined }, true); // old answers mean nothing there
    }
  }

  #delivered(item, seq) {
    this.transcript.confirm(item, seq);
    this.#setLink(true);
    this.#feed.expect(seq);
  }

  /** Creates the conversation once, even when several tabs or messages ask for it together. */
  #create() {
    this.#creating ||= oneTabAtATime(() => this.#createOrJoin()).finally(() => {
      this.#creating = null;
    });
    return this.#creating;
  }

  async #createOrJoin() {
    if (this.#record) return this.#record; // another tab told of one while we waited for our turn
    const epoch = this.#epoch;
    const who = subjectOf(this.#identity);
    const other = this.#store.shared.read(RECORD);
    const record = other?.who === who ? other : { ...(await this.#open()), who };
    if (epoch !== this.#epoch) return record;
    this.#store.shared.write(RECORD, record);
    this.#record = record;
    this.#feed.start(record);
    return record;
  }

  async #open() {
    const page = location.origin + location.pathname;
    const fields = { language: this.language, page };
    let answer;
    try {
      answer = await this.#api.create({ ...fields, identity: this.#identity || undefined });
    } catch (error) {
      if (!this.#identity || error.passing) throw error;
      answer = await this.#api.create(fields); // an expired identity must not silence a complaint
    }
    return { id: answer.conversation_id, token: answer.token };
  }

  /** The gateway no longer knows this conversation: begin another, keeping what is unsent. */
  #lost(conversation) {
    if (conversation.id !== this.#record?.id) return;
    const stored = this.#store.shared.read(RECORD);
    if (stored?.id === conversation.id) this.#store.shared.write(RECORD, null);
    this.#leave(this.transcript.pending);
    this.#on.notice("renewed");
    this.#on.changed();
  }

  #receive(messages) {
    const fresh = messages.filter((message) => {
      if (message.client_message_id) this.#outbox.settle(message.client_message_id);
      return this.transcript.add(message);
    });
    if (fresh.some((message) => message.role !== "customer")) this.typing = null;
    if (fresh.length) this.#saveUnsent();
    this.#on.changed();
    if (this.loaded) fresh.forEach((message) => this.#on.message(message));
  }

  #setMode(mode) {
    this.mode = mode;
    this.loaded = true;
    this.#on.changed();
  }

  #setTyping(role) {
    clearTimeout(this.#typingTimer);
    this.typing = role;
    if (role) this.#typingTimer = setTimeout(() => this.#setTyping(null), TYPING_LIMIT_MS);
    this.#on.changed();
  }

  #setLink(up) {
    if (up && !this.linked) this.#outbox.retry();
    if (up === this.linked) return;
    this.linked = up;
    if (!up) this.typing = null;
    setTimeout(() => this.#on.changed(), up ? 0 : BLINK_MS);
  }

  #refused(item, error) {
    this.transcript.withdraw(item);
    this.#on.notice(error.code, item.choice_id ? null : item.text);
  }

  #saveUnsent() {
    const items = this.#outbox.items;
    this.#store.tab.write(UNSENT, items.length ? items : null);
  }

  #outboxChanged() {
    this.#saveUnsent();
    this.#on.changed();
  }
}
