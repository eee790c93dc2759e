"""Amounts, grants and what is forbidden in words, as a policy states them for any case."""

from collections.abc import Iterator

from amends.compensation.arithmetic import rate_words
from amends.compensation.clauses import Clause, Forbid, Grant, Option, Part, Step
from amends.compensation.currency import format_minor
from amends.compensation.explain import describe
from amends.compensation.terms import (
    AllOf,
    Amount,
    AnyOf,
    Bounded,
    Condition,
    Defined,
    Fixed,
    MoneyTable,
    Not,
    Per,
    Share,
    Sum,
    Tiers,
)


def condition_words(condition: Condition) -> str:
    """Return a condition in words, with what the definitions it names stand for."""
    match condition:
        case AllOf(parts):
            return "(" + " and ".join(map(condition_words, parts)) + ")" if parts else "always"
        case AnyOf(parts):
            return "(" + " or ".join(map(condition_words, parts)) + ")"
        case Not(part):
            return f"not {condition_words(part)}"
        case Defined(name, inner):
            return f"it is a case of {name}, which is {condition_words(inner)}"
        case _:
            return describe(condition)


def condition_lines(condition: Condition) -> list[str]:
    """Return in words what must all hold; nothing when it always does."""
    return list(map(condition_words, _lines(condition)))


def when_words(condition: Condition) -> str:
    return " and ".join(condition_lines(condition)) or "always"


def _lines(condition: Condition) -> Iterator[Condition]:
    if isinstance(condition, AllOf):
        for part in condition.parts:
            yield from _lines(part)
    else:
        yield condition


def table_words(table: MoneyTable) -> str:
    amounts = [format_minor(minor, currency) for currency, minor in table.minor]
    return " / ".join(amounts) or "nothing"


def amount_words(amount: Amount) -> str:
    """Return an amount in words, such as `5 % of order_total_minor, at most 15.00 EUR`."""
    match amount:
        case Fixed(table):
            return table_words(table)
        case Share(numerator, denominator, of):
            base = of if isinstance(of, str) else f"({amount_words(of)})"
            return f"{rate_words(numerator, denominator)}{base}"
        case Per(inner, fact, every):
            each = "" if every == 1 else f" for every {every}"
            return f"{amount_words(inner)} × {fact}{each}"
        case Bounded():
            return _bounded(amount)
        case Tiers(tiers):
            return "; ".join(f"{amount_words(t.amount)} when {when_words(t.when)}" for t in tiers)
        case Sum(parts):
            return " + ".join(map(amount_words, parts))


def _bounded(bounded: Bounded) -> str:
    text = amount_words(bounded.amount)
    for word, bound in (("at least", bounded.minimum), ("at most", bounded.maximum)):
        if bound is not None:
            text += f", {word} {amount_words(bound)}"
    return text


def grant_words(grant: Grant) -> str:
    amount = f" of {amount_words(grant.amount)}" if grant.amount is not None else ""
    count = f" ({grant.quantity})" if grant.quantity is not None else ""
    return f"{grant.remedy.kind}{amount}{count}"


def option_words(option: Option) -> str:
    text = " and ".join(map(grant_words, option.grants))
    if condition_lines(option.when):
        text += f", when {when_words(option.when)}"
    if option.first_when is not None:
        text += f", offered first when {when_words(option.first_when)}"
    return text


def forbid_words(forbid: Forbid) -> str:
    if forbid.everything:
        return "everything"
    marks = [str(forbid.part)] if forbid.part is not None else []
    if forbid.money is not None:
        marks.append("money" if forbid.money else "what is not money")
    for names in (forbid.recovery, forbid.kinds):
        if names:
            marks.append(" or ".join(sorted(map(str, names))))
    if forbid.clauses:
        marks.append(f"what {' or '.join(sorted(forbid.clauses))} gives")
    return ", ".join(marks)


def effect_words(clause: Clause) -> str:
    """Say what a clause does when it speaks."""
    if clause.needs_role is not None:
        return f"sends the case to a person ({clause.needs_role})"
    if clause.forbids:
        return f"forbids {'; '.join(map(forbid_words, clause.forbids))}"
    gives = "owes" if clause.part is Part.ENTITLEMENT else "gives out of goodwill"
    return f"{gives} {'; then, if declined, '.join(map(step_words, clause.steps))}"


def step_words(step: Step) -> str:
    return ", or ".join(map(option_words, step.options))
