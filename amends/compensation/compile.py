"""Turn conditions into plain functions, once, when a policy is loaded.

Unknown facts follow Kleene's three-valued logic with "unknown" read as "not met" at the end.
Pushing every `not` down to the comparisons first makes two-valued functions enough: each
comparison, negated or not, is simply false over an unknown fact.
"""

from collections.abc import Callable
from operator import ge, gt, le, lt
from typing import Any, Final

from amends.compensation.terms import (
    NEGATED,
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Defined,
    FactRef,
    Facts,
    MoneyTable,
    Not,
    Operator,
)

CurrencyOf = Callable[[Facts], str | None]
Test = Callable[[Facts], bool]
_ORDER: Final[dict[Operator, Callable[[Any, Any], bool]]] = {
    Operator.AT_LEAST: ge,
    Operator.MORE_THAN: gt,
    Operator.AT_MOST: le,
    Operator.LESS_THAN: lt,
    Operator.IS: lambda value, other: bool(value == other),
    Operator.IS_NOT: lambda value, other: bool(value != other),
}


def normalise(condition: Condition, negate: bool = False) -> Condition:
    """Return the same condition without `not` and without names of definitions."""
    match condition:
        case Defined(_, inner):
            return normalise(inner, negate)
        case Not(part):
            return normalise(part, not negate)
        case AllOf(parts) | AnyOf(parts):
            inner_parts = tuple(normalise(part, negate) for part in parts)
            conjunction = isinstance(condition, AllOf) is not negate
            return AllOf(inner_parts) if conjunction else AnyOf(inner_parts)
        case Compare(fact, operator, operand):
            return Compare(fact, NEGATED[operator] if negate else operator, operand)


def compile_condition(condition: Condition, currency_of: CurrencyOf) -> Test:
    """Return a function that says whether the condition is met."""
    return _compile(normalise(condition), currency_of)


def _compile(condition: Condition, currency_of: CurrencyOf) -> Test:
    match condition:
        case Compare():
            return _compile_compare(condition, currency_of)
        case AllOf(parts):
            return _all([_compile(part, currency_of) for part in parts])
        case AnyOf(parts):
            return _any([_compile(part, currency_of) for part in parts])
    raise TypeError(f"not in normal form: {condition!r}")


def _all(tests: list[Test]) -> Test:
    if not tests:
        return lambda facts: True
    if len(tests) == 1:
        return tests[0]
    first, *rest = tests
    others = tuple(rest)

    def all_hold(facts: Facts) -> bool:
        if not first(facts):  # most clauses fail here, on the category
            return False
        for test in others:  # noqa: SIM110  a generator inside all() costs twice as much
            if not test(facts):
                return False
        return True

    return all_hold


def _any(tests: list[Test]) -> Test:
    every = tuple(tests)

    def any_holds(facts: Facts) -> bool:
        for test in every:  # noqa: SIM110  a generator inside any() costs twice as much
            if test(facts):
                return True
        return False

    return any_holds


def _compile_compare(compare: Compare, currency_of: CurrencyOf) -> Test:
    name, operand = compare.fact, compare.operand
    if compare.operator is Operator.UNKNOWN:
        return lambda facts: facts[name] is None
    if compare.operator is Operator.KNOWN:
        return lambda facts: facts[name] is not None
    if isinstance(operand, FactRef):
        return _against_fact(name, _ORDER[compare.operator], operand.fact)
    if isinstance(operand, MoneyTable):
        return _against_money(name, _ORDER[compare.operator], operand, currency_of)
    if compare.operator in _ORDER:
        return _against_value(name, compare.operator, operand)
    return _membership(name, compare.operator, operand)


def _against_value(name: str, operator: Operator, value: Any) -> Test:
    if operator is Operator.IS:
        if isinstance(value, bool):
            return lambda facts: facts[name] is value
        return lambda facts: facts[name] == value  # unknown equals nothing
    holds = _ORDER[operator]

    def test(facts: Facts) -> bool:
        fact = facts[name]
        return fact is not None and holds(fact, value)

    return test


def _against_fact(name: str, holds: Callable[[Any, Any], bool], other_name: str) -> Test:
    def test(facts: Facts) -> bool:
        fact, other = facts[name], facts[other_name]
        return fact is not None and other is not None and holds(fact, other)

    return test


def _against_money(
    name: str, holds: Callable[[Any, Any], bool], table: MoneyTable, currency_of: CurrencyOf
) -> Test:
    minor = table.as_dict()

    def test(facts: Facts) -> bool:
        fact, currency = facts[name], currency_of(facts)
        return fact is not None and currency is not None and holds(fact, minor[currency])

    return test


def _membership(name: str, operator: Operator, operand: Any) -> Test:
    if operator is Operator.IN:
        members = frozenset(operand)
        return lambda facts: facts[name] in members
    if operator is Operator.NOT_IN:
        outsiders = frozenset((*operand, None))
        return lambda facts: facts[name] not in outsiders
    wanted = frozenset(operand)
    if operator is Operator.HAS:

        def has(facts: Facts) -> bool:
            held = facts[name]
            return isinstance(held, tuple) and bool(held) and not wanted.isdisjoint(held)

        return has

    def has_not(facts: Facts) -> bool:
        held = facts[name]
        return isinstance(held, tuple) and wanted.isdisjoint(held)

    return has_not
