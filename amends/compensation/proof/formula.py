"""Formulas over variables with finitely many values, simplified as they are built.

A set of values is a bit mask: bit `n` stands for the variable's value number `n`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

Variable = tuple[str, str | None]
"""A fact; or, for a fact that is a list, the fact and one element that it may hold."""


@dataclass(frozen=True, slots=True)
class In:
    """The variable has one of these values; `full` is the mask of all that it can have."""

    variable: Variable
    mask: int
    full: int


@dataclass(frozen=True, slots=True)
class Pairs:
    """Two variables have values that go together: `rows[n]` masks what fits the first's value n."""

    first: Variable
    second: Variable
    rows: tuple[int, ...]
    full: int


@dataclass(frozen=True, slots=True)
class All:
    parts: "tuple[Formula, ...]"


@dataclass(frozen=True, slots=True)
class Some:
    parts: "tuple[Formula, ...]"


Formula = bool | In | Pairs | All | Some


def one_of(variable: Variable, mask: int, full: int) -> Formula:
    if not mask:
        return False
    return True if mask == full else In(variable, mask, full)


def pairs(first: Variable, second: Variable, rows: tuple[int, ...], full: int) -> Formula:
    """Return a relation; simpler where one of the two alone decides."""
    if all(row in (0, full) for row in rows):
        mask = sum(1 << number for number, row in enumerate(rows) if row)
        return one_of(first, mask, (1 << len(rows)) - 1)
    if len(set(rows)) == 1:
        return one_of(second, rows[0], full)
    return Pairs(first, second, rows, full)


def conjunction(parts: Iterable[Formula]) -> Formula:
    return _joined(parts, All)


def disjunction(parts: Iterable[Formula]) -> Formula:
    return _joined(parts, Some)


def _joined(parts: Iterable[Formula], kind: type[All] | type[Some]) -> Formula:
    """Join the parts; tests of one variable become one, and a part that decides ends it."""
    decides = kind is Some
    tests: dict[Variable, In] = {}
    others: dict[Formula, None] = {}
    for part in _flat(parts, kind):
        if isinstance(part, bool):
            if part is decides:
                return decides
        elif isinstance(part, In):
            merged = _merged(tests.get(part.variable), part, decides)
            if isinstance(merged, bool):
                return merged
            tests[part.variable] = merged
        else:
            others[part] = None
    found = (*tests.values(), *others)
    if not found:
        return not decides
    return found[0] if len(found) == 1 else kind(found)


def _flat(parts: Iterable[Formula], kind: type[All] | type[Some]) -> Iterator[Formula]:
    for part in parts:
        if isinstance(part, kind):
            yield from part.parts
        else:
            yield part


def _merged(known: In | None, test: In, union: bool) -> In | bool:
    """Return both tests as one; True or False when together they decide."""
    if known is None:
        return test
    mask = known.mask | test.mask if union else known.mask & test.mask
    if mask == (test.full if union else 0):
        return union
    return In(test.variable, mask, test.full)


def negation(formula: Formula) -> Formula:
    match formula:
        case bool():
            return not formula
        case In(variable, mask, full):
            return In(variable, full & ~mask, full)
        case Pairs(first, second, rows, full):
            return Pairs(first, second, tuple(full & ~row for row in rows), full)
        case All(parts):
            return disjunction([negation(part) for part in parts])
        case Some(parts):
            return conjunction([negation(part) for part in parts])


def assign(formula: Formula, variable: Variable, value: int) -> Formula:
    """Return what is left of the formula when the variable has this value."""
    match formula:
        case bool():
            return formula
        case In(tested, mask, _):
            return bool(mask >> value & 1) if tested == variable else formula
        case Pairs():
            return _half(formula, variable, value)
        case All(parts) | Some(parts):
            left = [assign(part, variable, value) for part in parts]
            if all(new is old for new, old in zip(left, parts, strict=True)):
                return formula
            return _joined(left, type(formula))


def _half(relation: Pairs, variable: Variable, value: int) -> Formula:
    if relation.first == variable:
        return one_of(relation.second, relation.rows[value], relation.full)
    if relation.second != variable:
        return relation
    fits = [number for number, row in enumerate(relation.rows) if row >> value & 1]
    mask = sum(1 << number for number in fits)
    return one_of(relation.first, mask, (1 << len(relation.rows)) - 1)


def variables_in(formula: Formula) -> Iterator[Variable]:
    """Yield each mention of a variable, in reading order."""
    match formula:
        case In(variable, _, _):
            yield variable
        case Pairs(first, second, _, _):
            yield first
            yield second
        case All(parts) | Some(parts):
            for part in parts:
                yield from variables_in(part)
