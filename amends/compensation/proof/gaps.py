"""Gaps: facts about which a version says nothing, so that a person decides by default."""

from collections.abc import Iterator
from typing import Final

from amends.compensation.decide import decide
from amends.compensation.decision import Outcome
from amends.compensation.facts import check_facts
from amends.compensation.proof.examples import smallest, widest
from amends.compensation.proof.findings import Example, Finding, Kind, Level
from amends.compensation.proof.formula import Formula, assign, conjunction, negation
from amends.compensation.proof.reading import Reading
from amends.compensation.proof.search import Unproved
from amends.compensation.terms import Compare, Operator, facts_in_condition

MOST_GAPS: Final = 10
"""So many regions are shown; who has more will want to close some before reading on."""


def gaps(reading: Reading) -> Iterator[Finding]:
    """Yield one example for each region of known facts in which nothing is said."""
    values = list(_values_left_out(reading))
    silent = reading.nothing_said()
    left = conjunction([silent, *[negation(reading.space.met(value)) for value in values]])
    yield from (_value_left_out(reading, value) for value in values)
    for _ in range(MOST_GAPS):
        found = reading.known.find(left)
        if found is None:
            return
        core = smallest(reading, silent, found)
        yield _gap(reading, Example(reading.space.facts(core), reading.space.at_default(core)))
        left = conjunction([left, negation(widest(reading, silent, core))])
    if reading.known.find(left) is not None:
        message = f"there are more than these {MOST_GAPS}; close some and look again"
        yield Finding(reading.version.id, "gap", message, Kind.GAP)


def _gap(reading: Reading, example: Example) -> Finding:
    decision = decide(reading.version, check_facts(reading.version, example.facts))
    if decision.outcome is not Outcome.PERSON or decision.clauses:
        raise Unproved(f"by deciding {example}, which comes out as {decision.outcome}")
    message = "no clause grants, refuses or names a person"
    return Finding(reading.version.id, "gap", message, Kind.GAP, example=example)


# -- values that need a clause of their own ------------------------------------------------------


def _values_left_out(reading: Reading) -> Iterator[Compare]:
    """The values that need a clause which asks for them, and have none."""
    for fact in reading.version.facts.values():
        if not fact.every_value_needs_a_clause:
            continue
        asking = [c for c in reading.version.clauses if fact.name in facts_in_condition(c.when)]
        for value in fact.values:
            test = Compare(fact.name, Operator.IS, value)
            spoken_of = conjunction([reading.space.met(test), reading.one_speaks(asking)])
            if reading.every.find(spoken_of) is None:
                yield test


def _value_left_out(reading: Reading, test: Compare) -> Finding:
    message = f"no clause speaks of {test.operand}; every such case goes to a person"
    return Finding(reading.version.id, f"fact {test.fact}", message, Kind.GAP)


# -- unknown facts -------------------------------------------------------------------------------


def gaps_by_unknown_facts(reading: Reading) -> Iterator[Finding]:
    """Note which single unknown fact can leave a version silent that has no other gap.

    A currency that the policy does not cover counts as unknown.
    """
    silent = reading.nothing_said()
    if reading.known.find(silent) is not None:
        return
    needed = [name for name in reading.version.facts if _needed(reading, silent, name)]
    if needed:
        message = (
            "a person decides, without a clause that says so, where one of these is unknown: "
            + ", ".join(needed)
        )
        yield Finding(reading.version.id, "unknown facts", message, Kind.GAP, Level.NOTE)


def _needed(reading: Reading, silent: Formula, fact: str) -> bool:
    domain = reading.space.domains[(fact, None)]
    unknown = [number for number in range(len(domain.values)) if number not in domain.known]
    left = [assign(silent, (fact, None), number) for number in unknown]
    return any(reading.known.find(formula) is not None for formula in left)
