/** The header's menu: a person, how the case stands, or a fresh start. */

import { h, icon } from "./dom.js";

export class Menu {
  #t;
  #casePage;
  #on;
  #list;

  /**
   * @param {Object} t texts
   * @param {string} casePage address of the page that tells how a case stands
   * @param {{person: Function, fresh: Function}} on
   */
  constructor(t, casePage, on) {
    this.#t = t;
    this.#casePage = casePage;
    this.#on = on;
    this.button = h(
      "button",
      {
        type: "button",
        class: "bare",
        "aria-label": t.menu,
        title: t.menu,
        "aria-expanded": "false",
        "aria-controls": "menu",
        onclick: () => (this.isOpen ? this.close() : this.#open()),
      },
      icon("more"),
    );
    this.#list = h("div", { class: "menu", id: "menu", hidden: true });
    this.node = h("div", { class: "menu-place" }, this.button, this.#list);
    this.node.addEventListener("focusout", (event) => this.#focusLeft(event));
  }

  get isOpen() {
    return !this.#list.hidden;
  }

  close() {
    const inside = this.#list.contains(this.#list.getRootNode().activeElement);
    this.#list.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    if (inside) this.button.focus();
  }

  #open() {
    const { askForPerson, newConversation } = this.#t;
    this.#show(
      this.#item(askForPerson, "person", () => this.#finish(this.#on.person)),
      this.#caseLink(),
      this.#item(newConversation, "fresh", () => this.#confirm()),
    );
    this.button.setAttribute("aria-expanded", "true");
  }

  #confirm() {
    this.#show(
      h("p", {}, this.#t.confirmNew),
      this.#item(this.#t.confirmNewYes, null, () => this.#finish(this.#on.fresh)),
      this.#item(this.#t.confirmNewNo, null, () => this.close()),
    );
  }

  #show(...nodes) {
    this.#list.hidden = false;
    this.#list.replaceChildren(...nodes);
    this.#list.querySelector("button").focus();
  }

  #finish(action) {
    this.close();
    action();
  }

  #item(label, mark, onclick) {
    return h("button", { type: "button", onclick }, mark ? icon(mark) : null, label);
  }

  #caseLink() {
    const attributes = { href: this.#casePage, target: "_blank", rel: "noopener" };
    return h("a", { ...attributes, onclick: () => this.close() }, icon("case"), this.#t.seeCase);
  }

  #focusLeft(event) {
    if (this.isOpen && event.relatedTarget && !this.node.contains(event.relatedTarget)) this.close();
  }
}
