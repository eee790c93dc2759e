"""Say in words how an amount came about, for staff; prepared once, like the amounts."""

from collections.abc import Callable
from fractions import Fraction

from amends.compensation.compile import CurrencyOf, compile_condition
from amends.compensation.compile_amounts import compile_amount
from amends.compensation.currency import format_minor
from amends.compensation.terms import (
    Amount,
    Bounded,
    Facts,
    Fixed,
    Per,
    Share,
    Sum,
    Tiers,
)

Describe = Callable[[Facts, str], str]
"""Facts and currency -> the arithmetic, such as `10 % of order_total_minor 49.90 EUR`."""


def compile_description(amount: Amount, currency_of: CurrencyOf) -> Describe:
    """Return a function that words the arithmetic of an amount that can be computed."""
    match amount:
        case Fixed(table):
            texts = {currency: format_minor(minor, currency) for currency, minor in table.minor}
            return lambda facts, currency: texts[currency]
        case Share():
            return _share(amount, currency_of)
        case Per(inner, fact, every):
            unit = compile_description(inner, currency_of)
            each = "" if every == 1 else f" for every {every}"
            return lambda facts, currency: f"{unit(facts, currency)} × {fact} {facts[fact]}{each}"
        case Bounded():
            return _bounded(amount, currency_of)
        case Tiers():
            return _tiers(amount, currency_of)
        case Sum(parts):
            texts_of = [compile_description(part, currency_of) for part in parts]
            return lambda facts, currency: " + ".join(text(facts, currency) for text in texts_of)


def rate_words(numerator: int, denominator: int) -> str:
    """Return what stands before the base of a share: `10 % of `, or nothing for the whole."""
    percent = Fraction(100 * numerator, denominator)
    if percent == 100:
        return ""
    if 1000 % percent.denominator == 0:
        return f"{float(percent):g} % of "
    return f"{numerator}/{denominator} of "


def _share(share: Share, currency_of: CurrencyOf) -> Describe:
    rate, of = rate_words(share.numerator, share.denominator), share.of
    if not isinstance(of, str):
        inner = compile_description(of, currency_of)
        return lambda facts, currency: f"{rate}({inner(facts, currency)})"

    def of_fact(facts: Facts, currency: str) -> str:
        value = facts[of]
        amount = format_minor(value, currency) if isinstance(value, int) else value
        return f"{rate}{of} {amount}"

    return of_fact


def _bounded(bounded: Bounded, currency_of: CurrencyOf) -> Describe:
    inner = compile_description(bounded.amount, currency_of)
    bounds = [
        (word, compile_amount(bound, currency_of))
        for word, bound in (("at least", bounded.minimum), ("at most", bounded.maximum))
        if bound is not None
    ]

    def describe(facts: Facts, currency: str) -> str:
        text = inner(facts, currency)
        for word, compute in bounds:
            minor = compute(facts, currency, [])
            if minor is not None:
                text += f", {word} {format_minor(minor, currency)}"
        return text

    return describe


def _tiers(tiers: Tiers, currency_of: CurrencyOf) -> Describe:
    steps = [
        (compile_condition(t.when, currency_of), compile_description(t.amount, currency_of))
        for t in tiers.tiers
    ]

    def describe(facts: Facts, currency: str) -> str:
        for number, (holds, text) in enumerate(steps, start=1):
            if holds(facts):
                return f"tier {number}: {text(facts, currency)}"
        return "no tier"

    return describe
