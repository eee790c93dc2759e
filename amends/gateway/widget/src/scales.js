/** Rows of answers of which one can be chosen: numbers in a grid, or words that wrap. */

import { h } from "./dom.js";

/**
 * Builds a row of numbers.
 * @param {{name: string, label: string, hidden: boolean, from: number, to: number}} scale its field,
 *   what it asks, and whether only a screen reader is told so
 * @param {string[]} names what each number means, or only the first and the last
 */
export function numbers({ name, label, hidden, from, to }, names) {
  const count = to - from + 1;
  const options = Array.from({ length: count }, (_, at) => {
    const meaning = names.length === count ? names[at] : ends(names, at, count);
    const value = from + at;
    return option(name, value, String(value), meaning ? `${value}, ${meaning}` : String(value));
  });
  return h(
    "fieldset",
    { class: "scale" },
    h("legend", { class: hidden ? "sr" : "question" }, label),
    h("div", { class: `scores of-${count}` }, ...options),
    h(
      "p",
      { class: "ends", "aria-hidden": "true" },
      h("span", {}, names[0]),
      h("span", {}, names.at(-1)),
    ),
  );
}

/**
 * Builds a row of words.
 * @param {{name: string, label: string}} scale
 * @param {Array<[string, string]>} choices value and text of each
 */
export function words({ name, label }, choices) {
  return h(
    "fieldset",
    { class: "scale" },
    h("legend", { class: "question" }, label),
    h("div", { class: "picks" }, ...choices.map(([value, text]) => option(name, value, text))),
  );
}

/** Returns what was chosen of a field within a node, or null. */
export function chosen(node, name) {
  const found = [...node.querySelectorAll("input:checked")].find((one) => one.name === name);
  return found ? found.value : null;
}

function ends(names, at, count) {
  if (at === 0) return names[0];
  return at === count - 1 ? names.at(-1) : null;
}

function option(name, value, text, spoken = null) {
  const id = `${name}-${value}`;
  const hidden = spoken ? "true" : null;
  return h(
    "span",
    { class: "score" },
    h("input", { type: "radio", id, name, value, "aria-label": spoken }),
    h("label", { for: id, "aria-hidden": hidden }, text),
  );
}
