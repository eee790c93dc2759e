"""Print the reasoning behind a decision, for staff: every clause, every condition, every fact."""

from collections.abc import Iterator

from amends.compensation.clauses import Clause
from amends.compensation.compile import Test, compile_condition
from amends.compensation.currency import format_minor, format_money
from amends.compensation.decision import Decision, RemedyGrant
from amends.compensation.policy import PolicyVersion
from amends.compensation.terms import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Defined,
    FactRef,
    Facts,
    FactSource,
    MoneyTable,
    Not,
    Operand,
    Operator,
    facts_in_condition,
)

_SIGNS = {
    Operator.IS: "is",
    Operator.IS_NOT: "is not",
    Operator.IN: "is one of",
    Operator.NOT_IN: "is none of",
    Operator.AT_LEAST: "is at least",
    Operator.MORE_THAN: "is more than",
    Operator.AT_MOST: "is at most",
    Operator.LESS_THAN: "is less than",
    Operator.HAS: "has one of",
    Operator.HAS_NOT: "has none of",
    Operator.UNKNOWN: "is unknown",
    Operator.KNOWN: "is known",
}


def explain(version: PolicyVersion, facts: Facts, decision: Decision) -> str:
    """Return the whole reasoning as text: outcome, arithmetic, clauses that spoke or came near."""
    lines = [*decision.explanation, *_offers(decision), ""]
    lines.append(f"Facts used: {_facts_line(version, decision)}")
    for language, reason in decision.customer_reason.items():
        lines.append(f"Said to the customer ({language}): {reason}")
    lines += ["", "Clauses, and why they spoke or not:"]
    for clause in version.clauses:
        lines += _clause_lines(version, clause, facts)
    return "\n".join(lines)


def _offers(decision: Decision) -> Iterator[str]:
    for number, bundle in enumerate(decision.alternatives, start=1):
        parts = "; ".join(_grant_text(grant) for grant in bundle)
        yield f"Alternative {number}: {parts}"
    if decision.rungs:
        yield f"Rung {decision.rung + 1} of {decision.rungs}."


def _grant_text(grant: RemedyGrant) -> str:
    amount = f" {format_money(grant.amount)}" if grant.amount else ""
    count = f" ({grant.quantity})" if grant.quantity else ""
    return f"{grant.kind}{amount}{count} [{grant.part}, {', '.join(grant.clauses)}]"


def _facts_line(version: PolicyVersion, decision: Decision) -> str:
    parts = []
    for name, value in decision.facts_used.items():
        declaration = version.facts[name]
        mark = " (claimed)" if declaration.source is FactSource.CLAIMED else ""
        parts.append(f"{name} = {_fact_text(value)}{mark}")
    return ", ".join(parts) or "none"


def _fact_text(value: object) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "[" + ", ".join(value) + "]" if isinstance(value, tuple) else str(value)


def _clause_lines(version: PolicyVersion, clause: Clause, facts: Facts) -> list[str]:
    tests = list(_tests(clause.when))
    met = [_test(version, test)(facts) for test in tests]
    mark = "+" if all(met) else "-"
    lines = [f"{mark} {clause.id} ({clause.effect}, line {clause.line}): {clause.title}"]
    for test, held in zip(tests, met, strict=True):
        if all(met) or not held:
            values = ", ".join(
                f"{name} = {_fact_text(facts[name])}"
                for name in dict.fromkeys(facts_in_condition(test))
            )
            lines.append(f"    {'met' if held else 'not met'}: {describe(test)} ({values})")
    return lines


def _tests(condition: Condition) -> Iterator[Condition]:
    """The lines of a condition that must all hold."""
    if isinstance(condition, AllOf):
        for part in condition.parts:
            yield from _tests(part)
    else:
        yield condition


def _test(version: PolicyVersion, condition: Condition) -> Test:
    return compile_condition(condition, version.currency_of)


def describe(condition: Condition) -> str:
    """Return a condition in words."""
    match condition:
        case Compare(fact, operator, operand):
            return f"{fact} {_SIGNS[operator]} {_operand(operand)}".rstrip()
        case AllOf(parts):
            return "(" + " and ".join(map(describe, parts)) + ")" if parts else "always"
        case AnyOf(parts):
            return "(" + " or ".join(map(describe, parts)) + ")"
        case Not(part):
            return f"not {describe(part)}"
        case Defined(name, _):
            return f"it is a case of {name}"


def _operand(operand: Operand) -> str:
    match operand:
        case None:
            return ""
        case FactRef(fact):
            return fact
        case MoneyTable(minor):
            return " / ".join(format_minor(amount, currency) for currency, amount in minor)
        case tuple():
            return ", ".join(map(str, operand))
        case bool():
            return "yes" if operand else "no"
    return str(operand)
