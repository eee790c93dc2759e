/** The questions after the rating, one at a time. */

import { h } from "./dom.js";
import { answerForm } from "./rating.js";
import { chosen, numbers, words } from "./scales.js";

const STEPS = {
  ces: numberStep("ces", 1, 7),
  expectation: {
    build: ({ title, words: gaps }, seq) => [words({ name: `expectation-${seq}`, label: title }, rated(gaps))],
    read: (node, seq) => one("expectation", chosen(node, `expectation-${seq}`)),
  },
  nps: numberStep("nps", 0, 10),
  servqual: { build: servqualRows, read: readServqual },
};

/** The questions that this widget can show. */
export const KNOWN = new Set(Object.keys(STEPS));

/**
 * Builds the form of one question.
 * @param {string} question
 * @param {{t: Object, seq: number, last: boolean}} context
 * @param {{send: function(Object): Promise, skip: Function}} on
 */
export function questionForm(question, { t, seq, last }, on) {
  const texts = t.survey;
  const { build, read } = STEPS[question];
  const skip = h("button", { type: "button", class: "button quiet", onclick: on.skip }, texts.skip);
  const labels = { button: last ? texts.last : texts.next, missing: texts.pickAny, beside: skip };
  const node = answerForm(t, build(texts[question], seq), labels, async () => {
    const said = read(node, seq);
    if (said === null) return false;
    await on.send(said);
    return true;
  });
  return node;
}

function numberStep(question, from, to) {
  return {
    build: ({ title, ends }, seq) => {
      return [numbers({ name: `${question}-${seq}`, label: title, from, to }, ends)];
    },
    read: (node, seq) => one(question, chosen(node, `${question}-${seq}`)),
  };
}

function one(question, value) {
  return value === null ? null : { [question]: Number(value) };
}

function rated(gaps) {
  return gaps.map((text, at) => [at + 1, text]);
}

function servqualRows({ title, words: gaps, rows }, seq) {
  const fields = Object.entries(rows).map(([name, label]) =>
    numbers({ name: `${name}-${seq}`, label, from: 1, to: 5 }, gaps),
  );
  return [h("p", { class: "question" }, title), ...fields];
}

function readServqual(node, seq) {
  const names = [...new Set([...node.querySelectorAll("input")].map((input) => input.name))];
  const said = names.map((name) => [name, chosen(node, name)]).filter(([, value]) => value !== null);
  if (!said.length) return null;
  const scores = said.map(([name, value]) => [name.replace(`-${seq}`, ""), Number(value)]);
  return { servqual: Object.fromEntries(scores) };
}
