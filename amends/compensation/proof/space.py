"""The space of all facts a version can meet, and conditions as formulas over it.

A comparison is not interpreted a second time here: it is asked, by the function that decides
cases too, about each value that stands for a range.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from amends.compensation.compile import compile_condition, normalise
from amends.compensation.policy import PolicyVersion
from amends.compensation.proof.atoms import peers_of, values_of
from amends.compensation.proof.formula import (
    Formula,
    Variable,
    conjunction,
    disjunction,
    negation,
    one_of,
    pairs,
)
from amends.compensation.proof.search import Assignment
from amends.compensation.terms import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    FactDeclaration,
    FactRef,
    FactType,
    FactValue,
    MoneyTable,
    Operator,
)

_HELD = (False, True)


@dataclass(frozen=True, slots=True)
class Domain:
    """The values a variable can have; None stands for unknown, where that is possible."""

    values: tuple[FactValue, ...]
    known: tuple[int, ...]

    @property
    def full(self) -> int:
        return (1 << len(self.values)) - 1


class Space:
    def __init__(self, version: PolicyVersion, compares: Iterable[Compare]):
        asked = list(compares)
        self.version = version
        self.domains = _domains(version, asked)
        self._formulas: dict[Condition, Formula] = {}

    def met(self, condition: Condition) -> Formula:
        """Return when the condition is met; where a fact is unknown, as deciding takes it."""
        if condition not in self._formulas:
            self._formulas[condition] = self._met(normalise(condition))
        return self._formulas[condition]

    def _met(self, condition: Condition) -> Formula:
        match condition:
            case AllOf(parts):
                return conjunction([self._met(part) for part in parts])
            case AnyOf(parts):
                return disjunction([self._met(part) for part in parts])
            case Compare():
                return self._compare(condition)
        raise TypeError(f"not in normal form: {condition!r}")

    def _compare(self, compare: Compare) -> Formula:
        if self.version.facts[compare.fact].type is FactType.LIST:
            return self._elements(compare)
        first: Variable = (compare.fact, None)
        if isinstance(compare.operand, FactRef) and compare.operand.fact != compare.fact:
            return self._two(compare, first, (compare.operand.fact, None))
        if isinstance(compare.operand, MoneyTable) and self.version.currency_fact is not None:
            return self._two(compare, first, (self.version.currency_fact, None))
        test = compile_condition(compare, self.version.currency_of)
        values = self.domains[first].values
        mask = _mask(test({compare.fact: value}) for value in values)
        return one_of(first, mask, self.domains[first].full)

    def _two(self, compare: Compare, first: Variable, second: Variable) -> Formula:
        test = compile_condition(compare, self.version.currency_of)
        other = self.domains[second].values
        rows = tuple(
            _mask(test({first[0]: value, second[0]: partner}) for partner in other)
            for value in self.domains[first].values
        )
        return pairs(first, second, rows, self.domains[second].full)

    def _elements(self, compare: Compare) -> Formula:
        """A test of a list: whether it is known, and which elements it holds."""
        known = self._known_list(compare.fact)
        if compare.operator is Operator.UNKNOWN:
            return negation(known)
        if compare.operator is Operator.KNOWN:
            return known
        operand = compare.operand if isinstance(compare.operand, tuple) else ()
        held = disjunction(
            [one_of((compare.fact, str(element)), 0b10, 0b11) for element in operand]
        )
        return conjunction([known, held if compare.operator is Operator.HAS else negation(held)])

    def _known_list(self, fact: str) -> Formula:
        domain = self.domains[(fact, None)]
        return one_of(
            (fact, None), _mask(value is not None for value in domain.values), domain.full
        )

    # -- back to facts ---------------------------------------------------------------------------

    def facts(self, assignment: Assignment) -> dict[str, Any]:
        """Return the facts an assignment stands for, without those that have their default."""
        return {
            name: value
            for name, value in self._assigned(assignment)
            if value is not None and value != self.version.facts[name].default
        }

    def at_default(self, assignment: Assignment) -> tuple[str, ...]:
        """Return the names of the facts that an assignment gives just their default."""
        return tuple(
            name
            for name, value in self._assigned(assignment)
            if value is not None and value == self.version.facts[name].default
        )

    def _assigned(self, assignment: Assignment) -> Iterator[tuple[str, FactValue]]:
        """Yield each fact that is assigned, or an element of it, with its value."""
        named = {fact for fact, _ in assignment}
        for name, declaration in self.version.facts.items():
            if name in named and declaration.type is FactType.LIST:
                yield name, self._list(declaration, assignment)
            elif name in named:
                yield name, self._value((name, None), assignment)

    def _value(self, variable: Variable, assignment: Assignment) -> FactValue:
        return self.domains[variable].values[assignment[variable]]

    def _list(self, fact: FactDeclaration, assignment: Assignment) -> tuple[str, ...] | None:
        whole: Variable = (fact.name, None)
        if whole in assignment and self._value(whole, assignment) is None:
            return None
        default = fact.default if isinstance(fact.default, tuple) else ()
        held = dict.fromkeys(default, True)
        for variable in assignment:
            if variable[0] == fact.name and variable[1] is not None:
                held[variable[1]] = bool(self._value(variable, assignment))
        elements = [element for element, holds in held.items() if holds]
        return tuple(sorted(elements, key=(*fact.values, *elements).index))


def _mask(fits: Iterable[bool]) -> int:
    return sum(1 << number for number, fit in enumerate(fits) if fit)


def _domains(version: PolicyVersion, compares: list[Compare]) -> dict[Variable, Domain]:
    lists = [fact for fact in version.facts.values() if fact.type is FactType.LIST]
    plain = [fact for fact in version.facts.values() if fact.type is not FactType.LIST]
    names = {fact.name for fact in plain}
    asked = [compare for compare in compares if compare.fact in names] + _covered(version)
    found: dict[Variable, Domain] = {}
    for peers in peers_of(plain, asked):
        for fact in peers.facts:
            found[(fact.name, None)] = _domain(version, fact, values_of(fact, peers))
    for fact in lists:
        found[(fact.name, None)] = _domain(version, fact, [()])
        elements = [c.operand for c in compares if c.fact == fact.name]
        for element in (e for operand in elements if isinstance(operand, tuple) for e in operand):
            held = isinstance(fact.default, tuple) and element in fact.default
            found[(fact.name, str(element))] = Domain(_HELD, (int(held), int(not held)))
    return found


def _covered(version: PolicyVersion) -> list[Compare]:
    """The currencies of the policy, as constants of the fact that names a case's currency."""
    if version.currency_fact is None:
        return []
    return [Compare(version.currency_fact, Operator.IN, version.currencies)]


def _domain(version: PolicyVersion, fact: FactDeclaration, known: list[FactValue]) -> Domain:
    """A currency that the policy does not cover counts as unknown: no amount has a value in it."""
    numbers = list(range(len(known)))
    if fact.name == version.currency_fact:
        covered = [number for number in numbers if known[number] in version.currencies]
        numbers = covered or numbers
    values = (*known, None) if fact.default is None or not known else tuple(known)
    return Domain(values, tuple(numbers) or (0,))
