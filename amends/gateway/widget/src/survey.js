/** The survey: the rating first, sent at once; then short questions that can be skipped. */

import { h } from "./dom.js";
import { frame } from "./frame.js";
import { ratingForm } from "./rating.js";
import { KNOWN, questionForm } from "./survey_steps.js";

/** Builds the survey as far as it was answered in this browser. */
export function surveyCard(card, { t, session }, message) {
  const asked = (card.questions || ["csat"]).filter((one) => one === "csat" || KNOWN.has(one));
  const node = frame("survey", "star", t.survey.label);
  const body = h("div", { class: "survey" });
  node.append(body);
  draw({ t, session, seq: message.seq, asked, body }, false);
  return node;
}

/** Shows what comes next; after an answer the focus goes there too. */
function draw(survey, moves) {
  const { t, session, seq, asked, body } = survey;
  const done = session.surveyed(seq);
  const question = asked.find((one) => !done.includes(one));
  const rest = asked.filter((one) => one !== "csat");
  const parts = [];
  if (question === undefined) parts.push(told(rest.length ? t.survey.done : t.survey.thanks));
  else if (question === "csat") parts.push(ratingForm(t, seq, (said) => take(survey, "csat", said)));
  else {
    if (question === rest[0]) parts.push(told(t.survey.thanks));
    const place = t.survey.progress(rest.indexOf(question) + 1, rest.length);
    const last = question === rest.at(-1);
    parts.push(
      h("p", { class: "card-note progress", tabindex: "-1" }, place),
      questionForm(question, { t, seq, last }, {
        send: (said) => take(survey, question, said),
        skip: () => take(survey, question, null),
      }),
    );
  }
  body.replaceChildren(...parts);
  if (!moves) return;
  body.querySelector("[tabindex='-1']").focus({ preventScroll: true });
  body.scrollIntoView({ block: "nearest" });
}

async function take(survey, question, said) {
  await survey.session.survey(survey.seq, question, said);
  draw(survey, true);
}

function told(text) {
  return h("p", { class: "card-strong", tabindex: "-1" }, text);
}
