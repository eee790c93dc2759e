"""What a condition means, however it is written."""

from collections.abc import Iterator

from amends.compensation.compile import normalise
from amends.compensation.terms import AllOf, AnyOf, Compare, Condition


def meaning(condition: Condition) -> object:
    """Return the same for conditions that differ at most in order, nesting and definitions."""
    return _meaning(normalise(condition))


def _meaning(condition: Condition) -> object:
    match condition:
        case Compare(fact, operator, operand):
            values = frozenset(operand) if isinstance(operand, tuple) else (type(operand), operand)
            return fact, operator, values
        case AllOf() | AnyOf():
            parts = frozenset(map(_meaning, _flat(condition, type(condition))))
            return next(iter(parts)) if len(parts) == 1 else (type(condition), parts)
    raise TypeError(f"not in normal form: {condition!r}")


def _flat(condition: Condition, kind: type[AllOf] | type[AnyOf]) -> Iterator[Condition]:
    if isinstance(condition, kind):
        for part in condition.parts:
            yield from _flat(part, kind)
    else:
        yield condition
