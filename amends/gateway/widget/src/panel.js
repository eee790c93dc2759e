/** The open chat: header, transcript, notices and composer. */

import { Composer } from "./composer.js";
import { h, icon } from "./dom.js";
import { Log } from "./log.js";
import { Menu } from "./menu.js";

const NOTICE_MS = 9_000;
const TOUCH = "(pointer: coarse)";

export class Panel {
  #t;
  #session;
  #log;
  #menu;
  #status = h("span", { class: "status-text" });
  #header;
  #live = h("p", { class: "sr", role: "status" });
  #notice = h("p", { class: "notice", role: "status", hidden: true });
  #said = "";
  #saidTimer = 0;

  /**
   * @param {Object} t texts
   * @param {Session} session
   * @param {{name: string, store: Object, casePage: string}} options
   * @param {{close: Function}} on
   */
  constructor(t, session, options, on) {
    this.#t = t;
    this.#session = session;
    this.composer = new Composer(t, options.store.tab, (text) => {
      this.say("");
      session.send(text);
    });
    this.#log = new Log(t, session, options.name, { lost: () => this.focus() });
    this.#menu = new Menu(t, options.casePage, {
      person: () => session.send(t.askForPersonMessage),
      fresh: () => this.#startAnew(),
    });
    this.#header = this.#buildHeader(options.name, on.close);
    this.node = this.#build(options.name, on.close);
  }

  #build(name, close) {
    const attributes = { class: "panel", id: "panel", role: "dialog", hidden: true };
    const node = h(
      "section",
      { ...attributes, "aria-label": this.#t.panel(name) },
      this.#header,
      this.#log.node,
      this.#notice,
      this.composer.node,
      this.#live,
    );
    node.addEventListener("keydown", (event) => this.#key(event, close));
    node.addEventListener("pointerdown", (event) => {
      const inMenu = event.composedPath().includes(this.#menu.node);
      if (this.#menu.isOpen && !inMenu) this.#menu.close();
    });
    return node;
  }

  #buildHeader(name, close) {
    const label = this.#t.close;
    const attributes = { type: "button", class: "bare", "aria-label": label, title: label };
    return h(
      "header",
      { class: "header" },
      h("span", { class: "avatar", "aria-hidden": "true" }, [...name][0] || ""),
      h(
        "div",
        { class: "heading" },
        h("h2", { dir: "auto" }, name),
        h("p", { class: "status" }, h("span", { class: "dot" }), this.#status),
      ),
      this.#menu.node,
      h("button", { ...attributes, onclick: close }, icon("close")),
    );
  }

  get isOpen() {
    return !this.node.hidden;
  }

  show() {
    this.node.hidden = false;
    this.composer.fit();
    this.#log.toEnd();
  }

  hide() {
    this.#menu.close();
    this.node.hidden = true;
  }

  /** Moves the focus in; on touch screens not to the input, so that no keyboard pops up unasked. */
  focus() {
    const target = matchMedia(TOUCH).matches ? this.#log.scroller : this.composer.input;
    target.focus({ preventScroll: true });
  }

  /** On a phone the panel covers the page, so the keyboard must not wander off behind it. */
  setModal(modal) {
    if (modal) this.node.setAttribute("aria-modal", "true");
    else this.node.removeAttribute("aria-modal");
  }

  reset() {
    this.#log.reset();
  }

  /** Shows one kind sentence for a while. */
  say(text) {
    clearTimeout(this.#saidTimer);
    this.#said = text;
    if (text) this.#saidTimer = setTimeout(() => this.say(""), NOTICE_MS);
    this.#updateNotice();
  }

  toEnd() {
    this.#log.toEnd();
  }

  update() {
    const { mode, typing } = this.#session;
    const t = this.#t;
    this.#header.dataset.mode = mode;
    setText(this.#status, this.#modeText(mode));
    const writer = typing === "staff" ? this.#session.transcript.staffName || t.staff : t.assistant;
    setText(this.#live, typing ? t.writing(writer) : "");
    this.composer.setPlaceholder(mode === "closed" ? t.placeholderClosed : t.placeholder);
    this.#updateNotice();
    this.#log.update();
  }

  #modeText(mode) {
    const { staffName } = this.#session.transcript;
    if (mode === "waiting") return this.#t.modeWaiting;
    if (mode === "closed") return this.#t.modeClosed;
    if (mode !== "staff") return this.#t.modeBot;
    return staffName ? this.#t.modeStaff(staffName) : this.#t.modeStaffUnnamed;
  }

  #updateNotice() {
    const text = this.#said || this.#linkNotice();
    setText(this.#notice, text);
    this.#notice.hidden = !text;
  }

  #linkNotice() {
    if (!navigator.onLine) return this.#t.offline;
    if (!this.#session.linked) return this.#t.reconnecting;
    return this.#session.mode === "closed" ? this.#t.closedNote : "";
  }

  #startAnew() {
    this.composer.clear();
    this.#session.restart();
    this.focus();
  }

  #key(event, close) {
    if (event.key === "Tab" && this.node.hasAttribute("aria-modal")) this.#keepInside(event);
    if (event.key !== "Escape" || event.isComposing) return;
    event.stopPropagation();
    if (this.#menu.isOpen) this.#menu.close();
    else close();
  }

  #keepInside(event) {
    const candidates = this.node.querySelectorAll("button, a[href], input, textarea, [tabindex='0']");
    const stops = [...candidates].filter((node) => !node.disabled && node.offsetParent);
    const edge = event.shiftKey ? stops[0] : stops.at(-1);
    if (this.node.getRootNode().activeElement !== edge) return;
    event.preventDefault();
    (event.shiftKey ? stops.at(-1) : stops[0]).focus();
  }
}

/** Sets a text only when it differs, so that a screen reader is not told twice. */
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
