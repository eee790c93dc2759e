"""Two clauses that say the same, or that put the same kind of remedy into one offer twice."""

from collections.abc import Iterator

from amends.compensation.clauses import Clause, Role
from amends.compensation.decision import Usage
from amends.compensation.facts import check_facts
from amends.compensation.plan import Situation, plan_rung
from amends.compensation.program import CompiledClause
from amends.compensation.proof.examples import example_of
from amends.compensation.proof.findings import Example, Finding, Kind
from amends.compensation.proof.formula import conjunction, negation
from amends.compensation.proof.reading import Given, Reading
from amends.compensation.proof.search import Unproved


def say_the_same(reading: Reading, first: Clause, second: Clause) -> bool:
    """Whether both have the same effect on the same facts, however their conditions are put."""
    if _effect(first) != _effect(second):
        return False
    one, other = reading.speaks(first), reading.speaks(second)
    apart = ([one, negation(other)], [other, negation(one)])
    if any(reading.every.find(conjunction(parts)) is not None for parts in apart):
        return False
    return reading.every.find(one) is not None  # two that never speak say nothing


def _effect(clause: Clause) -> tuple[object, ...]:
    return (clause.part, clause.steps, clause.forbids, clause.needs_role)


def duplicates(reading: Reading, first: Clause, second: Clause) -> Iterator[Finding]:
    if say_the_same(reading, first, second):
        message = f"says the same as {first.id}"
        yield Finding(reading.version.id, second.id, message, Kind.DUPLICATE)


def overlaps(reading: Reading, first: CompiledClause, second: CompiledClause) -> Iterator[Finding]:
    """Warn of each kind of remedy that the assistant can offer by both clauses at once.

    With `adds_to` the author says that this is meant.
    """
    one, other = first.clause, second.clause
    if one.id in other.adds_to or other.id in one.adds_to or say_the_same(reading, one, other):
        return
    for kind, example in _shared(reading, first, second):
        message = (
            f"can give a {kind} in one offer with that of {one.id}; "
            f"if both are meant, write adds_to: {one.id}"
        )
        yield Finding(reading.version.id, other.id, message, Kind.OVERLAP, example=example)


def adds_in_vain(reading: Reading, compiled: CompiledClause) -> Iterator[Finding]:
    """Warn of an `adds_to` that excuses nothing, and would hide an overlap made later."""
    granting = {other.clause.id: other for other in reading.granting}
    for name in sorted(compiled.clause.adds_to):
        other = granting.get(name)
        if other is None or next(_shared(reading, compiled, other), None) is None:
            message = f"adds_to {name} is not needed: no offer holds the same remedy of both"
            yield Finding(reading.version.id, compiled.clause.id, message, Kind.UNUSED)


def _shared(
    reading: Reading, first: CompiledClause, second: CompiledClause
) -> Iterator[tuple[str, Example]]:
    """Yield each kind of remedy that both can put into one offer, with facts for which they do."""
    shown = set[str]()
    for one, other in _together(reading, first, second):
        if one.kind in shown:
            continue
        both = conjunction([reading.gives(one), reading.gives(other), reading.all_owed_is_clear])
        found = reading.every.find(both)
        if found is not None:
            example = example_of(reading, both, found)
            _check(reading, one, other, example)
            shown.add(one.kind)
            yield one.kind, example


def _together(
    reading: Reading, first: CompiledClause, second: CompiledClause
) -> Iterator[tuple[Given, Given]]:
    """Grants of one kind and part on the same rung; a shorter ladder stays on its last."""
    if first.clause.part is not second.clause.part:
        return
    ones, others = list(reading.given(first)), list(reading.given(second))
    ends = len(first.steps) - 1, len(second.steps) - 1
    for rung in range(max(ends) + 1):
        for one in (given for given in ones if given.step == min(rung, ends[0])):
            for other in (given for given in others if given.step == min(rung, ends[1])):
                if _both_given(one, other):
                    yield one, other


def _both_given(one: Given, other: Given) -> bool:
    """Whether an offer holds both; the same thing that is not money is given once."""
    first, second = one.compiled.grant, other.compiled.grant
    same = first.remedy.kind == second.remedy.kind
    return same and (first.remedy.money or first.quantity != second.quantity)


def _check(reading: Reading, one: Given, other: Given, example: Example) -> None:
    """Plan the offer as deciding does, and see that both grants are in it.

    Raises:
        Unproved: one of them is not.
    """
    version = reading.version
    facts = check_facts(version, example.facts)
    speaking = [compiled.clause for compiled in version.program.speaking(facts)]
    situation = Situation(version, facts, Usage.none(), Role.BOT)
    forbidding = [clause for clause in speaking if clause.forbids]
    plan = plan_rung(situation, [(one.opened, other.opened)], forbidding)
    granted = {key for key, minor in plan.allowed[0] if minor != 0}
    given = all(
        each.opened.holds(facts)
        and each.compiled.key in granted
        and each.compiled not in plan.uncomputed
        for each in (one, other)
    )
    if not given or any(clause in speaking for clause in reading.persons):
        raise Unproved(f"by planning an offer for {example}")
