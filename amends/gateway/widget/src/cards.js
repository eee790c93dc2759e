/** Cards: facts in a message that deserve a form of their own. */

import { h } from "./dom.js";
import { clockTime, moment } from "./format.js";
import { frame } from "./frame.js";
import { surveyCard } from "./survey.js";

const CARDS = {
  case: caseCard,
  offer: offerCard,
  promise: promiseCard,
  handoff: handoffCard,
  survey: surveyCard,
};

/**
 * Builds the card of a message.
 * @param {Object} message
 * @param {{t: Object, language: string, session: Session}} context
 * @returns {HTMLElement|null} null for a card this widget does not know
 */
export function cardFor(message, context) {
  const build = message.card && Object.hasOwn(CARDS, message.card.kind) && CARDS[message.card.kind];
  return build ? build(message.card, context, message) : null;
}

function caseCard(card, { t }) {
  const number = h("p", { class: "card-number", dir: "ltr" }, card.case_number);
  const step = Object.hasOwn(t.nextSteps, card.next_step)
    ? t.nextSteps[card.next_step]
    : card.next_step;
  const next = step ? h("p", { class: "card-note", dir: "auto" }, t.caseNext(step)) : null;
  return frame("case", "case", t.caseLabel, number, next);
}

function offerCard(card, { t, language }) {
  const lines = card.lines.map((line) =>
    h(
      "li",
      {},
      h("span", { dir: "auto" }, line.title),
      line.amount ? h("span", { class: "amount", dir: "auto" }, line.amount) : null,
    ),
  );
  const when = moment(card.expires_at, language);
  const over = when && new Date(card.expires_at) < new Date();
  const note = when ? (over ? t.offerExpired(when) : t.offerUntil(when)) : null;
  const node = frame(
    "offer",
    "offer",
    t.offerLabel,
    h("ul", { class: "lines" }, ...lines),
    note ? h("p", { class: "card-note" }, note) : null,
  );
  node.classList.toggle("over", Boolean(over));
  return node;
}

function promiseCard(card, { t, language }) {
  const lines = card.lines.map((line) => {
    const when = moment(line.due_at, language);
    const due = when ? h("span", { class: "due" }, t.promiseDue(when)) : null;
    return h("li", {}, h("span", { dir: "auto" }, line.title), due);
  });
  return frame("promise", "promise", t.promiseLabel, h("ol", { class: "steps" }, ...lines));
}

function handoffCard(card, { t, language }, message) {
  const said = [];
  if (card.position !== null && card.position !== undefined)
    said.push(card.position <= 1 ? t.handoffNext : t.handoffAhead(card.position - 1));
  const minutes = card.expected_minutes;
  said.push(Number.isFinite(minutes) ? t.handoffMinutes(minutes) : t.handoffUnknown);
  const asOf = t.asOf(clockTime(message.at, language));
  return frame(
    "handoff",
    "person",
    t.handoffLabel,
    h("p", { class: "card-strong" }, said.join(t.gap)),
    h("p", { class: "card-note" }, [asOf, t.handoffLeave].join(t.gap)),
  );
}
