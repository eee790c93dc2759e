/** Where the customer writes. What was typed is kept until it is sent. */

import { h, icon } from "./dom.js";

export const TEXT_LIMIT = 2000;
const COUNT_FROM = 1800;
const TALLEST_PX = 140;
const DRAFT = "draft";

/** Returns the length as the gateway counts it: in characters, not in UTF-16 units. */
function lengthOf(text) {
  return [...text].length;
}

export class Composer {
  #t;
  #shelf;
  #send;
  #button;
  #count = h("p", { class: "count", id: "count", hidden: true });

  /**
   * @param {Object} t texts
   * @param {Shelf} shelf keeps the draft for this tab
   * @param {(text: string) => void} send
   */
  constructor(t, shelf, send) {
    this.#t = t;
    this.#shelf = shelf;
    this.#send = send;
    this.input = h("textarea", {
      rows: "1",
      dir: "auto",
      enterkeyhint: "send",
      autocomplete: "off",
      placeholder: t.placeholder,
      "aria-label": t.composer,
      "aria-describedby": "count",
      oninput: () => this.#changed(),
      onkeydown: (event) => this.#key(event),
    });
    this.#button = h(
      "button",
      { type: "submit", class: "send", "aria-label": t.send, title: t.send },
      icon("send"),
    );
    const field = h("div", { class: "field" }, this.input, this.#button);
    this.node = h("form", { class: "composer", novalidate: true }, this.#count, field);
    this.node.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.input.value = shelf.read(DRAFT) || "";
    this.#changed();
  }

  /** Offers a text to send; what the customer has typed already is not touched. */
  suggest(text) {
    if (this.input.value.trim()) return;
    this.input.value = text;
    this.#changed();
  }

  clear() {
    this.input.value = "";
    this.#changed();
  }

  setPlaceholder(text) {
    if (this.input.placeholder !== text) this.input.placeholder = text;
  }

  /** Fits the height to the text; only possible while the panel is shown. */
  fit() {
    if (!this.input.scrollHeight) return;
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(TALLEST_PX, this.input.scrollHeight)}px`;
  }

  #changed() {
    const text = this.input.value;
    const left = TEXT_LIMIT - lengthOf(text);
    this.#shelf.write(DRAFT, text || null);
    this.#button.disabled = left < 0 || !text.trim();
    this.#count.hidden = left > TEXT_LIMIT - COUNT_FROM;
    this.#count.textContent = left < 0 ? this.#t.over(-left) : this.#t.left(left);
    this.#count.classList.toggle("over", left < 0);
    this.input.setAttribute("aria-invalid", String(left < 0));
    this.fit();
  }

  #key(event) {
    const composing = event.isComposing || event.keyCode === 229; // Enter picks a candidate
    if (event.key !== "Enter" || event.shiftKey || composing) return;
    event.preventDefault();
    this.#submit();
  }

  #submit() {
    const text = this.input.value.trim();
    if (!text || lengthOf(this.input.value) > TEXT_LIMIT) return;
    this.clear();
    this.#send(text);
    this.input.focus();
  }
}
