"""Where the clauses of two versions differ."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from amends.compensation.clauses import Clause
from amends.compensation.differences.grants import compare_steps, reordered_steps
from amends.compensation.differences.meaning import meaning
from amends.compensation.differences.model import Difference, Kind, place
from amends.compensation.differences.sentences import members, was, wording
from amends.compensation.differences.words import (
    condition_lines,
    effect_words,
    forbid_words,
    when_words,
)
from amends.compensation.terms import Condition

SECTION = "clauses"


def compare_clauses(old: Sequence[Clause], new: Sequence[Clause]) -> Iterator[Difference]:
    before = {clause.id: clause for clause in old}
    after = {clause.id: clause for clause in new}
    for name, clause in before.items():
        if name not in after:
            yield Difference(SECTION, name, Kind.REMOVED, _whole(clause, "It spoke"))
    for name, clause in after.items():
        if name not in before:
            yield Difference(SECTION, name, Kind.ADDED, _whole(clause, "It speaks"))
        else:
            yield from _one(before[name], clause)
    yield from _moved([name for name in before if name in after], list(after))


def _whole(clause: Clause, speaks: str) -> tuple[str, ...]:
    always = not condition_lines(clause.when)
    return (
        f"“{clause.title}” ({clause.source}).",
        f"{speaks} {'always' if always else f'when {when_words(clause.when)}'}.",
        f"Then it {effect_words(clause)}.",
    )


def _one(old: Clause, new: Clause) -> Iterator[Difference]:
    changed = (
        *was("Its title", old.title, new.title),
        *was("Its source", old.source, new.source),
        *_condition(old.when, new.when),
        *_effect(old, new),
        *members("What it is meant to add to", sorted(old.adds_to), sorted(new.adds_to)),
        *wording("What the customer is told", old.reason, new.reason),
    )
    yield from place(SECTION, new.id, changed, _reordered(old, new))


def _condition(old: Condition, new: Condition) -> Iterator[str]:
    if meaning(old) == meaning(new):
        return
    before, after = condition_lines(old), condition_lines(new)
    for line in before:
        if line not in after:
            yield f"It no longer asks that {line}."
    for line in after:
        if line not in before:
            yield f"It now asks that {line}."


def _effect(old: Clause, new: Clause) -> Iterator[str]:
    if old.effect != new.effect:
        yield f"Before, it {effect_words(old)}. Now, it {effect_words(new)}."
        return
    yield from compare_steps(old.steps, new.steps)
    yield from was("The role that is enough", old.needs_role, new.needs_role)
    if set(old.forbids) != set(new.forbids):
        yield from was("What it forbids", _forbidden(old), _forbidden(new))


def _forbidden(clause: Clause) -> str:
    return "; ".join(map(forbid_words, clause.forbids))


def _reordered(old: Clause, new: Clause) -> Iterator[str]:
    """Yield what is written otherwise and comes to the same, or to the same in another order."""
    if old.when != new.when and meaning(old.when) == meaning(new.when):
        yield "Its conditions are written otherwise; it speaks in the same cases."
    yield from reordered_steps(old.steps, new.steps)
    if old.forbids != new.forbids and set(old.forbids) == set(new.forbids):
        yield "What it forbids stands in another order, and is the same."


def _moved(common: list[str], after: list[str]) -> Iterator[Difference]:
    """Name the clauses that stand elsewhere: what comes first is listed, and cut by caps, first."""
    now = [name for name in after if name in set(common)]
    blocks = SequenceMatcher(None, common, now, autojunk=False).get_matching_blocks()
    kept = {name for block in blocks for name in common[block.a : block.a + block.size]}
    for name in now:
        if name not in kept:
            number = after.index(name)
            where = f"after {after[number - 1]}" if number else "first"
            yield from place(SECTION, name, (), (f"It now stands {where}.",))
