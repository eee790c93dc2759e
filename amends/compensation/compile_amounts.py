"""Turn amounts into plain functions that compute in whole minor units, rounding half up."""

from collections.abc import Callable
from fractions import Fraction

from amends.compensation.compile import CurrencyOf, compile_condition
from amends.compensation.terms import (
    Amount,
    Bounded,
    Facts,
    Fixed,
    Per,
    Share,
    Sum,
    Tiers,
    facts_in_condition,
)

Hits = list[tuple[int, int]]
"""Each maximum that bound: what was wanted and what it was cut to, minor units."""

Compute = Callable[[Facts, str, Hits], int | None]
"""Facts, currency, and a list that collects each maximum that bound -> minor units.

None means the amount cannot be computed because a fact is unknown.
"""


def compile_amount(amount: Amount, currency_of: CurrencyOf) -> Compute:
    """Return a function that computes the amount in minor units, never below zero."""
    match amount:
        case Fixed(table):
            minor = table.as_dict()
            return lambda facts, currency, hits: minor[currency]
        case Share():
            return _share(amount, currency_of)
        case Per():
            return _per(amount, currency_of)
        case Bounded():
            return _bounded(amount, currency_of)
        case Tiers():
            return _tiers(amount, currency_of)
        case Sum(parts):
            return _sum([compile_amount(part, currency_of) for part in parts])


def share_half_up(value: int | float, numerator: int, denominator: int) -> int:
    """Return `value * numerator / denominator` rounded half up, exactly; never below zero."""
    if isinstance(value, int):
        return max(0, (2 * value * numerator + denominator) // (2 * denominator))
    exact = Fraction(str(value)) * numerator / denominator
    return max(0, (2 * exact.numerator + exact.denominator) // (2 * exact.denominator))


def _share(share: Share, currency_of: CurrencyOf) -> Compute:
    numerator, denominator, of = share.numerator, share.denominator, share.of
    if not isinstance(of, str):
        inner = compile_amount(of, currency_of)

        def of_amount(facts: Facts, currency: str, hits: Hits) -> int | None:
            value = inner(facts, currency, hits)
            return None if value is None else share_half_up(value, numerator, denominator)

        return of_amount

    def of_fact(facts: Facts, currency: str, hits: Hits) -> int | None:
        value = facts[of]
        if not isinstance(value, (int, float)):
            return None
        return share_half_up(value, numerator, denominator)

    return of_fact


def _per(per: Per, currency_of: CurrencyOf) -> Compute:
    inner, name, every = compile_amount(per.amount, currency_of), per.fact, per.every

    def compute(facts: Facts, currency: str, hits: Hits) -> int | None:
        count, unit = facts[name], inner(facts, currency, hits)
        if unit is None or not isinstance(count, (int, float)):
            return None
        return unit * max(0, int(count // every))

    return compute


def _bounded(bounded: Bounded, currency_of: CurrencyOf) -> Compute:
    inner = compile_amount(bounded.amount, currency_of)
    low = compile_amount(bounded.minimum, currency_of) if bounded.minimum else None
    high = compile_amount(bounded.maximum, currency_of) if bounded.maximum else None

    def compute(facts: Facts, currency: str, hits: Hits) -> int | None:
        value = inner(facts, currency, hits)
        if value is None:
            return None
        if low is not None and value > 0:  # a minimum lifts an amount, it does not make one
            least = low(facts, currency, hits)
            if least is None:
                return None
            value = max(value, least)
        if high is not None:
            most = high(facts, currency, hits)
            if most is None:
                return None
            if value > most:
                hits.append((value, most))
                return most
        return value

    return compute


def _tiers(amount: Tiers, currency_of: CurrencyOf) -> Compute:
    steps = tuple(
        (compile_condition(tier.when, currency_of), compile_amount(tier.amount, currency_of))
        for tier in amount.tiers
    )
    asked = {name for tier in amount.tiers for name in facts_in_condition(tier.when)}

    def compute(facts: Facts, currency: str, hits: Hits) -> int | None:
        for holds, value in steps:
            if holds(facts):
                return value(facts, currency, hits)
        return None if any(facts[name] is None for name in asked) else 0

    return compute


def _sum(parts: list[Compute]) -> Compute:
    def compute(facts: Facts, currency: str, hits: Hits) -> int | None:
        total = 0
        for part in parts:
            value = part(facts, currency, hits)
            if value is None:
                return None
            total += value
        return total

    return compute
