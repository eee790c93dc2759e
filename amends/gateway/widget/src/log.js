/** The transcript on screen. Nodes are kept and only ever added to, so focus and speech stay put. */

import { cardFor } from "./cards.js";
import { h, icon, linked } from "./dom.js";
import { clockTime, dayKey, dayName, regional } from "./format.js";
import { textsLike } from "./texts.js";

const NEAR_END_PX = 80;
const QUESTION_MARGIN_PX = 12;
const QUESTION_KEPT_PX = 160; // of a long question, its end is enough
const GROUP_MS = 5 * 60_000;

export class Log {
  #t;
  #session;
  #on;
  #language;
  #nodes = new Map();
  #shownChoices = "";
  #following = true; // the visitor reads along, so new messages scroll into view
  #list = h("div", { class: "list" });
  #choices;
  #typing = h("div", { class: "typing", "aria-hidden": "true", hidden: true });
  #more;

  /**
   * @param {Object} t texts
   * @param {Session} session
   * @param {string} name the company's
   * @param {{lost: Function}} on `lost` is called when the focused node had to go
   */
  constructor(t, session, name, on) {
    this.#t = t;
    this.#session = session;
    this.#language = regional(session.language);
    this.#on = on;
    this.#choices = h("div", { class: "choices", role: "group", "aria-label": t.choices });
    this.#typing.append(h("span"), h("span"), h("span"));
    const toEnd = { type: "button", class: "more", hidden: true, onclick: () => this.toEnd() };
    const label = { "aria-label": t.newMessages, title: t.newMessages };
    this.#more = h("button", { ...toEnd, ...label }, icon("down"));
    this.scroller = h(
      "div",
      { class: "scroller", role: "log", "aria-live": "polite", "aria-label": t.log, tabindex: "0" },
      this.#intro(name),
      this.#list,
      this.#choices,
      this.#typing,
    );
    this.scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.node = h("div", { class: "log" }, this.scroller, this.#more);
    // A growing composer or a phone's keyboard must not push the last message out of sight.
    new ResizeObserver(() => this.#following && this.toEnd()).observe(this.scroller);
  }

  /** Forgets what is shown: another conversation begins. */
  reset() {
    for (const node of this.#nodes.values()) node.remove();
    this.#nodes.clear();
    this.#following = true;
  }

  /** Brings the screen up to the session's state. */
  update() {
    const session = this.#session;
    // A transcript that is loaded again is not news to a screen reader.
    this.scroller.setAttribute("aria-live", session.loaded ? "polite" : "off");
    const before = this.#nodes.size;
    this.#syncMessages(session.transcript.entries);
    this.#syncChoices();
    this.#typing.hidden = !session.typing;
    if (!session.loaded || session.transcript.pending.length) this.toEnd();
    else if (this.#following) this.#follow();
    if (this.#nodes.size > before && this.#belowFold > NEAR_END_PX) this.#more.hidden = false;
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.#following = true;
    this.#more.hidden = true;
  }

  /** Scrolls to the end, but keeps the customer's question in view: answers are read from the top. */
  #follow() {
    const asked = [...this.#list.querySelectorAll(".customer")].at(-1);
    const end = this.scroller.scrollHeight - this.scroller.clientHeight;
    const kept = Math.min(asked?.offsetHeight, QUESTION_KEPT_PX);
    const limit = asked ? asked.offsetTop + asked.offsetHeight - kept - QUESTION_MARGIN_PX : end;
    this.scroller.scrollTop = Math.max(this.scroller.scrollTop, Math.min(end, limit));
    this.#following = this.#belowFold < NEAR_END_PX;
  }

  get #belowFold() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight;
  }

  #scrolled() {
    if (!this.scroller.clientHeight) return; // closed
    this.#following = this.#belowFold < NEAR_END_PX;
    if (this.#following) this.#more.hidden = true;
  }

  #intro(name) {
    return h(
      "div",
      { class: "intro" },
      h("p", { class: "intro-title" }, this.#t.introTitle),
      h("p", {}, this.#t.introText(name)),
    );
  }

  #syncMessages(entries) {
    const wanted = new Set();
    let place = null;
    let previous = null;
    for (const { key, message } of entries) {
      if (!previous || dayKey(previous.at) !== dayKey(message.at)) {
        place = this.#put(`day-${dayKey(message.at)}`, wanted, place, () => this.#day(message));
      }
      place = this.#put(key, wanted, place, () => this.#message(message));
      this.#refresh(place, message, previous);
      previous = message;
    }
    for (const [key, node] of this.#nodes) {
      if (wanted.has(key)) continue;
      node.remove();
      this.#nodes.delete(key);
    }
  }

  #put(key, wanted, after, build) {
    wanted.add(key);
    if (!this.#nodes.has(key)) this.#nodes.set(key, build());
    const node = this.#nodes.get(key);
    if (node.previousSibling !== after || !node.parentNode) {
      if (after) after.after(node);
      else this.#list.prepend(node);
    }
    return node;
  }

  #day(message) {
    return h("p", { class: "day" }, dayName(message.at, this.#language, this.#t));
  }

  #message(message) {
    const t = this.#t;
    const names = { customer: t.you, bot: t.assistant, staff: message.author || t.staff };
    const who = names[message.role];
    return h(
      "div",
      { class: `message ${message.role}` },
      who ? h("p", { class: "who" }, who, h("span", { class: "sr" }, ":")) : null,
      message.text ? h("div", this.#saidIn("bubble", message.text), ...linked(message.text)) : null,
      this.#card(message),
      h("p", { class: "meta" }),
    );
  }

  /** A card speaks the language of its message, which need not be the page's. */
  #card(message) {
    const t = textsLike(message.text || "", this.#t);
    const language = t === this.#t ? this.#language : regional(t.lang.split("-")[0]);
    const card = cardFor(message, { t, language, session: this.#session });
    if (card && t !== this.#t) card.lang = t.lang;
    return card;
  }

  /** Returns the attributes of a text, its language included where it is not the widget's. */
  #saidIn(kind, text) {
    const { lang } = textsLike(text, this.#t);
    return { class: kind, dir: "auto", lang: lang === this.#t.lang ? null : lang };
  }

  /** Updates what may change after a message was first shown: its state and its place in a group. */
  #refresh(node, message, previous) {
    const near = previous && new Date(message.at) - new Date(previous.at) < GROUP_MS;
    const same = near && previous.role === message.role && previous.author === message.author;
    node.classList.toggle("follows", Boolean(same));
    const state = message.seq ? "sent" : message.state;
    if (node.dataset.state === state) return;
    node.dataset.state = state;
    const meta = node.lastElementChild;
    if (state === "sent") meta.replaceChildren(clockTime(message.at, this.#language));
    else if (state === "sending") meta.replaceChildren(this.#t.sending);
    else meta.replaceChildren(this.#t.failed, " ", this.#retryButton());
  }

  #retryButton() {
    const retry = () => {
      this.#on.lost();
      this.#session.retry();
    };
    return h("button", { type: "button", class: "retry", onclick: retry }, this.#t.retry);
  }

  #syncChoices() {
    const session = this.#session;
    const fresh = session.transcript.empty && session.loaded;
    const choices = fresh
      ? this.#t.starters.map((title) => ({ title, pick: () => session.send(title) }))
      : // What the assistant asked is settled when a person has the chat.
        (session.mode === "staff" ? [] : session.transcript.liveChoices).map((choice) => ({
          title: choice.title,
          id: choice.id,
          pick: () => session.choose(choice),
        }));
    const shown = JSON.stringify([session.transcript.lastSeq, choices]);
    if (shown === this.#shownChoices) return;
    this.#shownChoices = shown;
    const focused = this.#choices.contains(this.#choices.getRootNode().activeElement);
    const buttons = choices.map(({ title, pick }) =>
      h("button", { type: "button", ...this.#saidIn("choice", title), onclick: pick }, title),
    );
    this.#choices.replaceChildren(...buttons);
    this.#choices.hidden = !buttons.length;
    if (focused) this.#on.lost();
  }
}
