"""A policy version's clauses as functions, with an index so that few of them are asked."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from amends.compensation.arithmetic import Describe, compile_description
from amends.compensation.clauses import Clause, Grant, Option
from amends.compensation.compile import (
    CurrencyOf,
    Test,
    compile_condition,
    normalise,
)
from amends.compensation.compile_amounts import Compute, compile_amount
from amends.compensation.terms import (
    AllOf,
    Compare,
    Condition,
    Facts,
    Operator,
    facts_in_amount,
    facts_in_condition,
)


@dataclass(frozen=True, slots=True, eq=False)
class CompiledGrant:
    clause: Clause
    grant: Grant
    compute: Compute | None
    describe: Describe | None
    choice_group: str | None
    owed: bool
    key: object  # tells grants apart as a customer would: same clause, same kind, same quantity


@dataclass(frozen=True, slots=True, eq=False)
class CompiledOption:
    holds: Test
    comes_first: Test | None
    grants: tuple[CompiledGrant, ...]


@dataclass(frozen=True, slots=True, eq=False)
class CompiledClause:
    clause: Clause
    holds: Test
    steps: tuple[tuple[CompiledOption, ...], ...]
    facts: tuple[str, ...]
    line: str


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    clauses: tuple[CompiledClause, ...]
    index_fact: str | None
    by_value: dict[object, tuple[CompiledClause, ...]]
    otherwise: tuple[CompiledClause, ...]

    def speaking(self, facts: Facts) -> list[CompiledClause]:
        """Return the clauses whose condition is met, in the policy's order."""
        asked = self.clauses
        if self.index_fact is not None:
            asked = self.by_value.get(facts[self.index_fact], self.otherwise)
        return [compiled for compiled in asked if compiled.holds(facts)]


def currency_function(currencies: tuple[str, ...], fact: str | None) -> CurrencyOf:
    """Return what tells the currency of a case; None when the policy does not cover it."""
    if fact is None:
        return lambda facts: currencies[0]
    name, covered = fact, frozenset(currencies)

    def currency_of(facts: Facts) -> str | None:
        value = facts[name]
        return value if isinstance(value, str) and value in covered else None

    return currency_of


def compile_program(declared: tuple[Clause, ...], currency_of: CurrencyOf) -> Program:
    clauses = tuple(_compile_clause(clause, currency_of) for clause in declared)
    fact = _index_fact(declared)
    if fact is None:
        return Program(clauses, None, {}, clauses)
    demands = [required_values(clause.when, fact) for clause in declared]
    values = set().union(*(demand for demand in demands if demand is not None))
    pairs = tuple(zip(clauses, demands, strict=True))
    indexed = tuple((_asked_less(c, fact, currency_of), d) for c, d in pairs)
    return Program(
        clauses,
        fact,
        {value: _fitting(indexed, value) for value in values},
        tuple(compiled for compiled, demand in pairs if demand is None),
    )


def _asked_less(compiled: CompiledClause, fact: str, currency_of: CurrencyOf) -> CompiledClause:
    """The clause without the tests which the index has answered already."""
    condition = normalise(compiled.clause.when)
    if required_values(condition, fact) is None:
        return compiled
    left = AllOf(tuple(part for part in _lines(condition) if not _names_values(part, fact)))
    return replace(compiled, holds=compile_condition(left, currency_of))


def _lines(condition: Condition) -> Iterator[Condition]:
    if isinstance(condition, AllOf):
        for part in condition.parts:
            yield from _lines(part)
    else:
        yield condition


def _names_values(condition: Condition, fact: str) -> bool:
    return isinstance(condition, Compare) and _required(condition, fact) is not None


def _fitting(
    pairs: Iterable[tuple[CompiledClause, frozenset[object] | None]], value: object
) -> tuple[CompiledClause, ...]:
    return tuple(compiled for compiled, demand in pairs if demand is None or value in demand)


def _index_fact(clauses: "tuple[Clause, ...]") -> str | None:
    """The fact that most clauses demand a certain value of."""
    asked: Counter[str] = Counter()
    for clause in clauses:
        for name in sorted(set(facts_in_condition(clause.when))):
            if required_values(clause.when, name) is not None:
                asked[name] += 1
    return asked.most_common(1)[0][0] if asked else None


def required_values(condition: Condition, fact: str) -> frozenset[object] | None:
    """Return the only values of a fact with which the condition can hold; None for any value."""
    return _required(normalise(condition), fact)


def _required(condition: Condition, fact: str) -> frozenset[object] | None:
    match condition:
        case Compare(name, Operator.IS, (str() | bool()) as value) if name == fact:
            return frozenset({value})
        case Compare(name, Operator.IN, tuple() as values) if name == fact:
            return frozenset(values)
        case AllOf(parts):
            known = [found for part in parts if (found := _required(part, fact)) is not None]
            return frozenset.intersection(*known) if known else None
    return None


def _compile_clause(clause: Clause, currency_of: CurrencyOf) -> CompiledClause:
    steps = tuple(
        tuple(
            _compile_option(clause, option, len(step.options) > 1, currency_of)
            for option in step.options
        )
        for step in clause.steps
    )
    return CompiledClause(
        clause,
        compile_condition(clause.when, currency_of),
        steps,
        tuple(dict.fromkeys(_facts_of(clause))),
        f"{clause.id} ({clause.effect}): {clause.title} [{clause.source}]",
    )


def _compile_option(
    clause: Clause, option: Option, choice: bool, currency_of: CurrencyOf
) -> CompiledOption:
    group = clause.id if choice else None
    grants = tuple(_compile_grant(clause, grant, group, currency_of) for grant in option.grants)
    first = option.first_when
    return CompiledOption(
        compile_condition(option.when, currency_of),
        None if first is None else compile_condition(first, currency_of),
        grants,
    )


def _compile_grant(
    clause: Clause, grant: Grant, group: str | None, currency_of: CurrencyOf
) -> CompiledGrant:
    amount = grant.amount
    return CompiledGrant(
        clause=clause,
        grant=grant,
        compute=None if amount is None else compile_amount(amount, currency_of),
        describe=None if amount is None else compile_description(amount, currency_of),
        choice_group=group,
        owed=clause.part == "entitlement",
        key=(clause.id, grant.remedy.kind, grant.quantity),
    )


def _facts_of(clause: Clause) -> Iterable[str]:
    yield from facts_in_condition(clause.when)
    for step in clause.steps:
        for option in step.options:
            yield from facts_in_condition(option.when)
            if option.first_when is not None:
                yield from facts_in_condition(option.first_when)
            for grant in option.grants:
                if grant.amount is not None:
                    yield from facts_in_amount(grant.amount)
