"""Decide what a set of facts earns: pure, total, and the same every time.

Order of precedence: a person clause (unless the role is high enough) beats everything; a forbid
clause beats a grant; what is owed is checked against the role's authority but never reduced;
goodwill is reduced by every cap. Where no clause speaks, a person decides.
"""

from collections.abc import Iterable, Sequence
from itertools import islice, product
from typing import Final

from amends.compensation.clauses import Clause, Role, Texts
from amends.compensation.decision import (
    CapHit,
    Decision,
    Outcome,
    RemedyGrant,
    Usage,
    decision_from_json,
    decision_to_json,
)
from amends.compensation.offer import Offered, word_plan
from amends.compensation.plan import Plan, Situation, plan_rung
from amends.compensation.policy import PolicyVersion
from amends.compensation.program import CompiledClause, CompiledOption
from amends.compensation.terms import Facts, FactValue

__all__ = [
    "CapHit",
    "Decision",
    "Outcome",
    "RemedyGrant",
    "Usage",
    "decide",
    "decision_from_json",
    "decision_to_json",
]

MOST_ALTERNATIVES: Final = 3
"""How many bundles a customer is asked to choose between: what fits on a phone as buttons."""


def decide(
    version: PolicyVersion,
    facts: Facts,
    usage: Usage | None = None,
    role: Role = Role.BOT,
    rung: int = 0,
) -> Decision:
    """Return what the policy grants on these facts.

    Args:
        version: The policy as in force on the day.
        facts: Every declared fact, as `check_facts` returns them.
        usage: Goodwill already given; caps are computed against it.
        role: Who decides.
        rung: 0 is offered first, one more after each decline; beyond the last, a person.

    Raises:
        ValueError: the rung is negative.
    """
    if rung < 0:
        raise ValueError(f"rung is {rung}; the first rung is 0")
    speaking = version.program.speaking(facts)
    situation = Situation(version, facts, usage or Usage.none(), role)
    report = _Report(situation, speaking, rung)
    persons = [c.clause for c in speaking if needs_person(c.clause, role)]
    if persons:
        return report.person(persons)
    granting = [compiled for compiled in speaking if compiled.steps]
    forbidding = [compiled.clause for compiled in speaking if compiled.clause.forbids]
    plans = _plans(situation, granting, forbidding)
    if not plans or not plans[0].considered:
        return _decide_without_grant(report, forbidding, rung)
    return _decide_rung(report, situation, plans, rung)


def needs_person(clause: Clause, role: Role) -> bool:
    """Return whether the clause asks for a higher person than this role."""
    return clause.needs_role is not None and role.rank < clause.needs_role.rank


def _combinations(
    granting: Sequence[CompiledClause], step: int, facts: Facts
) -> list[tuple[CompiledOption, ...]]:
    """The bundles of options open on a rung: one option of every clause that grants."""
    groups = []
    for compiled in granting:
        options = [o for o in compiled.steps[min(step, len(compiled.steps) - 1)] if o.holds(facts)]
        if len(options) > 1:
            options.sort(key=lambda o: not (o.comes_first is not None and o.comes_first(facts)))
        if options:
            groups.append(options)
    return list(islice(product(*groups), MOST_ALTERNATIVES)) if groups else []


def _plans(
    situation: Situation, granting: Sequence[CompiledClause], forbidding: Sequence[Clause]
) -> list[Plan]:
    """The rungs of the ladder, without last rungs that would only repeat the one before.

    Adding a forbid clause must not bring a richer rung forward or back to life, so only the end
    is cut, by two tests which a further forbid cannot turn from "the same" to "different": what
    forbids leave before caps, and what caps leave before forbids.
    """
    steps = max((len(compiled.steps) for compiled in granting), default=0)
    combinations = [_combinations(granting, step, situation.facts) for step in range(steps)]
    plans = [plan_rung(situation, options, forbidding) for options in combinations]
    if steps < 2:
        return plans
    free = plans
    if forbidding:
        free = [plan_rung(situation, options, ()) for options in combinations]
    last = steps
    while last > 1 and (
        plans[last - 1].allowed == plans[last - 2].allowed
        or free[last - 1].outcome == free[last - 2].outcome
    ):
        last -= 1
    return plans[:last]


def _decide_without_grant(report: "_Report", forbidding: Sequence[Clause], rung: int) -> Decision:
    settling = [c for c in forbidding if any(forbid.everything for forbid in c.forbids)]
    if settling and rung > 0:
        return report.person((), "The refusal was not accepted: a person decides.", rungs=1)
    if settling:
        return report.none(settling, 1)
    return report.person((), "No clause grants or refuses anything here: a person decides.")


def _decide_rung(report: "_Report", situation: Situation, plans: list[Plan], rung: int) -> Decision:
    plan = plans[min(rung, len(plans) - 1)]
    offered = word_plan(situation, plan)
    if plan.beyond and plan.bundles:
        note = f"What is owed is not for the {situation.role} to decide: a person decides."
        return report.person(offered.spoke, note, offered)
    if rung >= len(plans):
        note = f"Every rung of the ladder ({len(plans)}) was declined: a person decides."
        return report.person((), note, rungs=len(plans))
    if not plan.bundles:
        return report.none([*offered.struck_by, *offered.spoke], len(plans), offered)
    return report.remedy(offered, len(plans))


class _Report:
    """Words a decision: explanation for staff, reason for the customer, facts used."""

    __slots__ = ("_rung", "_situation", "_speaking")

    def __init__(self, situation: Situation, speaking: list[CompiledClause], rung: int):
        self._situation = situation
        self._speaking = speaking
        self._rung = rung

    def person(
        self,
        clauses: Sequence[Clause],
        note: str | None = None,
        offered: Offered | None = None,
        rungs: int = 0,
    ) -> Decision:
        version = self._situation.version
        worded = [clause.reason for clause in clauses if clause.needs_role and clause.reason]
        reason = worded[0] if worded else version.reasons.person
        lines = [note] if note else []
        if offered:
            lines += offered.lines
        return self._decision(Outcome.PERSON, (), clauses, offered, lines, dict(reason), rungs)

    def none(
        self, clauses: Sequence[Clause], rungs: int, offered: Offered | None = None
    ) -> Decision:
        reasons = self._situation.version.reasons
        worded = _joined([clause.reason for clause in clauses if clause.forbids], reasons.none)
        reason = {
            lang: _gap(lang).join([worded[lang], recourse])
            for lang, recourse in reasons.recourse.items()
            if lang in worded
        }
        lines = offered.lines if offered else ()
        return self._decision(Outcome.NONE, (), clauses, offered, lines, reason, rungs)

    def remedy(self, offered: Offered, rungs: int) -> Decision:
        clauses = [*offered.granted_by, *offered.struck_by]
        reason = _joined(
            [clause.reason for clause in offered.granted_by],
            self._situation.version.reasons.remedy,
        )
        return self._decision(
            Outcome.REMEDY, offered.alternatives, clauses, offered, offered.lines, reason, rungs
        )

    def _decision(
        self,
        outcome: Outcome,
        alternatives: tuple[tuple[RemedyGrant, ...], ...],
        clauses: Sequence[Clause],
        offered: Offered | None,
        lines: Iterable[str],
        reason: dict[str, str],
        rungs: int,
    ) -> Decision:
        version, role = self._situation.version, self._situation.role
        step = f"step {self._rung + 1} of the ladder"
        head = f"Policy {version.policy}, version {version.id}; role {role}, {step}."
        return Decision(
            outcome=outcome,
            alternatives=alternatives,
            clauses=tuple(dict.fromkeys([clause.id for clause in clauses])),
            caps=offered.caps if offered else (),
            facts_used=self._facts_used(),
            explanation=(head, *[c.line for c in self._speaking], *lines, f"Outcome: {outcome}."),
            customer_reason=reason,
            rungs=rungs,
            rung=self._rung,
            policy=version.policy,
            version=version.id,
        )

    def _facts_used(self) -> dict[str, FactValue]:
        facts = self._situation.facts
        return {name: facts[name] for compiled in self._speaking for name in compiled.facts}


def _joined(reasons: Sequence[Texts], fallback: Texts) -> dict[str, str]:
    given = [reason for reason in reasons if reason]
    if not given:
        return dict(fallback)
    if len(given) == 1:
        return dict(given[0])
    return {
        lang: _gap(lang).join(dict.fromkeys(text for reason in given if (text := reason.get(lang))))
        for lang in fallback
    }


def _gap(language: str) -> str:
    """Return what stands between two sentences; Chinese writes none."""
    return "" if language == "zh" else " "
