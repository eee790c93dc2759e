/** The rating: one to five and, if the customer likes, a few words. */

import { h } from "./dom.js";
import { frame } from "./frame.js";

/** Builds the rating form, or the thanks if this survey was answered already. */
export function surveyCard(_card, { t, session }, message) {
  const node = frame("survey", "star", t.surveyLabel);
  if (session.hasRated(message.seq)) node.append(thanks(t));
  else node.append(form(t, session, message.seq));
  return node;
}

function thanks(t) {
  return h("p", { class: "card-strong", tabindex: "-1" }, t.surveyThanks);
}

function scale(t, seq) {
  const options = t.surveyScale.map((meaning, at) => {
    const value = at + 1;
    const id = `score-${seq}-${value}`;
    const name = `score-${seq}`;
    return h(
      "span",
      { class: "score" },
      h("input", { type: "radio", id, name, value, "aria-label": `${value}, ${meaning}` }),
      h("label", { for: id, "aria-hidden": "true" }, String(value)),
    );
  });
  const [worst, best] = [t.surveyScale[0], t.surveyScale.at(-1)];
  return h(
    "fieldset",
    { class: "scale" },
    h("legend", { class: "sr" }, t.surveyScaleLabel),
    h("div", { class: "scores" }, ...options),
    h("p", { class: "ends", "aria-hidden": "true" }, h("span", {}, worst), h("span", {}, best)),
  );
}

function form(t, session, seq) {
  const id = `comment-${seq}`;
  const comment = h("textarea", { id, rows: "2", maxlength: "2000", dir: "auto" });
  const error = h("p", { class: "card-error", role: "alert" });
  const button = h("button", { type: "submit", class: "button primary" }, t.surveySend);
  const node = h(
    "form",
    { novalidate: true },
    scale(t, seq),
    h("label", { class: "comment-label", for: id }, t.surveyComment),
    comment,
    error,
    button,
  );
  node.addEventListener("submit", async (event) => {
    event.preventDefault();
    const picked = node.querySelector("input:checked");
    error.textContent = picked ? "" : t.surveyPick;
    if (!picked) return node.querySelector("input").focus();
    button.disabled = true;
    await send(node, error, t, () => session.rate(seq, Number(picked.value), comment.value.trim()));
    button.disabled = false;
  });
  return node;
}

async function send(node, error, t, rate) {
  try {
    await rate();
  } catch (failure) {
    error.textContent = t.errors[failure.code] || t.errors.unknown;
    return;
  }
  const done = thanks(t);
  node.replaceWith(done);
  done.focus();
}
