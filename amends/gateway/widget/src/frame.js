/** What all cards have in common. */

import { h, icon } from "./dom.js";

/** Returns the frame every card shares: a mark, a label, then what it says. */
export function frame(kind, mark, label, ...content) {
  const head = h("p", { class: "card-label" }, icon(mark), h("span", {}, label));
  const attributes = { class: `card card-${kind}`, role: "group", "aria-label": label };
  return h("div", attributes, head, ...content);
}
