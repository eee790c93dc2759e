/** The rating: one to five, why, and if the customer likes, a few words. */

import { h } from "./dom.js";
import { chosen, numbers, words } from "./scales.js";

const GOOD = 4; // from here on what one is asked for is what pleased

/**
 * Builds the form.
 * @param {Object} t texts
 * @param {number} seq of the message, which keeps the fields of two surveys apart
 * @param {function(Object): Promise} send throws ApiError if the rating could not be stored
 */
export function ratingForm(t, seq, send) {
  const texts = t.survey;
  const name = `score-${seq}`;
  const scale = { name, label: texts.scaleLabel, hidden: true, from: 1, to: 5 };
  const reasons = h("div", { class: "reasons", hidden: true });
  const id = `comment-${seq}`;
  const comment = h("textarea", { id, rows: "2", maxlength: "2000", dir: "auto" });
  const parts = [
    numbers(scale, texts.scale),
    reasons,
    h("label", { class: "comment-label", for: id }, texts.comment),
    comment,
  ];
  const node = answerForm(t, parts, { button: texts.send, missing: texts.pick }, async () => {
    const csat = chosen(node, name);
    if (csat === null) return false;
    const said = { csat: Number(csat) };
    const reason = chosen(node, `reason-${seq}`);
    if (reason) said.reason = reason;
    if (comment.value.trim()) said.comment = comment.value.trim();
    await send(said);
    return true;
  });
  node.addEventListener("change", (event) => {
    if (event.target.name === name) showReasons(reasons, texts, seq, Number(event.target.value));
  });
  return node;
}

/** Asks why, in words that fit the score; what was chosen stays chosen. */
function showReasons(node, texts, seq, csat) {
  const side = csat >= GOOD ? "good" : "bad";
  if (node.dataset.side === side) return;
  const name = `reason-${seq}`;
  const before = chosen(node, name);
  const choices = Object.entries(texts.reasons).map(([value, said]) => [value, said[side]]);
  node.replaceChildren(words({ name, label: texts.reason[side] }, choices));
  for (const input of node.querySelectorAll("input")) input.checked = input.value === before;
  node.dataset.side = side;
  node.hidden = false;
}

/**
 * Builds a form that says what went wrong, and cannot be sent twice at once.
 * @param {Object} t texts
 * @param {Node[]} parts what it asks
 * @param {{button: string, missing: string, beside: Node}} words
 * @param {function(): Promise<boolean>} send false when nothing was chosen
 */
export function answerForm(t, parts, { button, missing, beside }, send) {
  const error = h("p", { class: "card-error", role: "alert" });
  const submit = h("button", { type: "submit", class: "button primary" }, button);
  const buttons = beside ? h("div", { class: "buttons" }, submit, beside) : submit;
  const node = h("form", { novalidate: true }, ...parts, error, buttons);
  node.addEventListener("submit", async (event) => {
    event.preventDefault();
    error.textContent = "";
    submit.disabled = true;
    try {
      if (!(await send())) {
        error.textContent = missing;
        node.querySelector("input").focus();
      }
    } catch (failure) {
      error.textContent = t.errors[failure.code] || t.errors.unknown;
    }
    submit.disabled = false;
  });
  return node;
}
