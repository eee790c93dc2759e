/** The round button in the corner, its unread mark, and the greeting beside it. */

import { h, icon } from "./dom.js";

const GREETED = "greeted";

export class Launcher {
  #t;
  #shelf;
  #badge = h("span", { class: "badge", "aria-hidden": "true", hidden: true });
  #teaser = null;

  /**
   * @param {Object} t texts
   * @param {string} greeting "" for none
   * @param {Shelf} shelf remembers for this tab that the greeting was seen
   * @param {{toggle: Function, open: Function}} on
   */
  constructor(t, greeting, shelf, on) {
    this.#t = t;
    this.#shelf = shelf;
    this.button = h(
      "button",
      { type: "button", class: "launcher", "aria-expanded": "false", onclick: on.toggle },
      icon("chat"),
      icon("down"),
      this.#badge,
    );
    if (greeting && !shelf.read(GREETED)) this.#teaser = this.#buildTeaser(greeting, on.open);
    this.node = h("div", { class: "corner" }, this.#teaser, this.button);
  }

  update(open, unread) {
    const count = open ? 0 : unread;
    const name = count ? this.#t.launcherUnread(count) : this.#t.launcher;
    this.button.setAttribute("aria-expanded", String(open));
    this.button.setAttribute("aria-label", open ? this.#t.close : name);
    this.#badge.hidden = !count;
    this.#badge.textContent = count > 9 ? "9+" : String(count);
    if (open) this.#dismiss();
  }

  focus() {
    this.button.focus({ preventScroll: true });
  }

  #buildTeaser(greeting, open) {
    const dismiss = () => {
      this.#dismiss();
      this.focus();
    };
    return h(
      "div",
      { class: "teaser" },
      h("button", { type: "button", class: "teaser-text", dir: "auto", onclick: open }, greeting),
      h(
        "button",
        { type: "button", class: "bare", "aria-label": this.#t.dismiss, onclick: dismiss },
        icon("close"),
      ),
    );
  }

  #dismiss() {
    if (!this.#teaser) return;
    this.#teaser.remove();
    this.#teaser = null;
    this.#shelf.write(GREETED, true);
  }
}
