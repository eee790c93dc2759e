"""What values facts can have when a condition holds: enough to see that it never can.

The reasoning looks at the lines of a condition that must all hold and treats facts one by one.
It may miss a contradiction; one that it reports is certain.
"""

from collections.abc import Iterator, Mapping
from math import inf, nextafter

from amends.compensation.compile import normalise
from amends.compensation.terms import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    FactDeclaration,
    FactType,
    Operator,
)


def contradiction(condition: Condition, facts: Mapping[str, FactDeclaration]) -> str | None:
    """Return the fact that can have no fitting value, or None when none was found."""
    return _contradiction(normalise(condition), facts)


def _contradiction(condition: Condition, facts: Mapping[str, FactDeclaration]) -> str | None:
    compares, choices = _split(condition)
    for name in dict.fromkeys(compare.fact for compare in compares):
        tests = [compare for compare in compares if compare.fact == name]
        if not _possible(facts[name], tests):
            return name
    for choice in choices:
        blocked = [_contradiction(AllOf((*compares, part)), facts) for part in choice.parts]
        if all(blocked):
            return blocked[0]
    return None


def _split(condition: Condition) -> tuple[list[Compare], list[AnyOf]]:
    compares: list[Compare] = []
    choices: list[AnyOf] = []
    for part in _flat(condition):
        if isinstance(part, Compare):
            compares.append(part)
        elif isinstance(part, AnyOf):
            choices.append(part)
    return compares, choices


def _flat(condition: Condition) -> Iterator[Condition]:
    if isinstance(condition, AllOf):
        for part in condition.parts:
            yield from _flat(part)
    else:
        yield condition


def _possible(fact: FactDeclaration, tests: list[Compare]) -> bool:
    operators = {test.operator for test in tests}
    if Operator.UNKNOWN in operators:
        return operators == {Operator.UNKNOWN}
    if fact.type in (FactType.INTEGER, FactType.NUMBER):
        return _possible_number(fact, tests)
    if fact.type is FactType.LIST:
        return True
    values: set[object] | None = set(fact.values) or None
    if fact.type is FactType.BOOLEAN:
        values = {True, False}
    for test in tests:
        values = _narrowed(values, test)
    return values is None or bool(values)


def _narrowed(values: set[object] | None, test: Compare) -> set[object] | None:
    """The values left; None for any value."""
    named: set[object] = set(test.operand) if isinstance(test.operand, tuple) else {test.operand}
    if not isinstance(test.operand, (str, bool, tuple)):
        return values
    match test.operator:
        case Operator.IS | Operator.IN:
            return named if values is None else values & named
        case Operator.IS_NOT | Operator.NOT_IN:
            return None if values is None else values - named
    return values


def _possible_number(fact: FactDeclaration, tests: list[Compare]) -> bool:
    low = -inf if fact.minimum is None else fact.minimum
    high = inf if fact.maximum is None else fact.maximum
    members: set[float] | None = None
    for test in tests:
        value = test.operand
        if isinstance(value, tuple) and test.operator is Operator.IN:
            found = {float(member) for member in value}
            members = found if members is None else members & found
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            continue
        least, most = _interval(test.operator, value, fact.type)
        low, high = max(low, least), min(high, most)
    return low <= high and (members is None or any(low <= m <= high for m in members))


def _interval(operator: Operator, value: float, fact_type: FactType) -> tuple[float, float]:
    whole = fact_type is FactType.INTEGER
    match operator:
        case Operator.IS:
            return value, value
        case Operator.AT_LEAST:
            return value, inf
        case Operator.AT_MOST:
            return -inf, value
        case Operator.MORE_THAN:
            return (value + 1 if whole else nextafter(value, inf)), inf
        case Operator.LESS_THAN:
            return -inf, (value - 1 if whole else nextafter(value, -inf))
    return -inf, inf
