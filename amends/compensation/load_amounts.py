"""Read amounts from a policy file: fixed, shares, tiers, sums, per unit, bounded."""

from fractions import Fraction
from typing import Final

from amends.compensation.currency import is_currency_code
from amends.compensation.load_terms import Vocabulary, read_condition, read_money_table
from amends.compensation.nodes import Node
from amends.compensation.terms import Amount, Bounded, Fixed, Per, Share, Sum, Tier, Tiers

_BASES: Final = ("fixed", "percent", "fact", "tiers", "sum", "named")
AMOUNT_KEYS: Final = (*_BASES, "of", "divided_by", "per", "every", "minimum", "maximum")


def _is_money_table(node: Node) -> bool:
    return bool(node.map) and all(is_currency_code(name) for name in node.map)


def read_amount(node: Node, words: Vocabulary) -> Amount:
    """Read an amount: a table of money, or a base with what multiplies and bounds it."""
    if _is_money_table(node):
        return Fixed(read_money_table(node, words))
    keys = node.keys(AMOUNT_KEYS)
    bases = [name for name in _BASES if name in keys]
    if len(bases) != 1:
        node.refuse(f"give exactly one of {', '.join(_BASES)}")
    amount = _read_base(node, bases[0], words)
    if "per" in keys:
        every = keys["every"].integer(minimum=1) if "every" in keys else 1
        amount = Per(amount, words.number_fact(keys["per"]), every)
    elif "every" in keys:
        keys["every"].refuse("every goes with per")
    bounds = [read_amount(keys[n], words) if n in keys else None for n in ("minimum", "maximum")]
    return Bounded(amount, bounds[0], bounds[1]) if any(bounds) else amount


def _read_base(node: Node, base: str, words: Vocabulary) -> Amount:
    keys = node.map
    for name in ("of", "divided_by"):
        if name in keys and base not in ("percent", "fact"):
            keys[name].refuse(f"{name} goes with percent or fact")
    match base:
        case "fixed":
            return Fixed(read_money_table(keys["fixed"], words))
        case "percent":
            return _read_percent(node, words)
        case "fact":
            divisor = _divisor(keys.get("divided_by"))
            return Share(divisor.denominator, divisor.numerator, words.number_fact(keys["fact"]))
        case "tiers":
            return _read_tiers(keys["tiers"], words)
        case "sum":
            return Sum(tuple(read_amount(item, words) for item in keys["sum"].items))
        case _:
            return _named(keys["named"], words)


def _read_percent(node: Node, words: Vocabulary) -> Share:
    if "of" not in node.map:
        node.refuse("percent needs of: a fact or an amount")
    percent = node.map["percent"].decimal()
    if percent < 0:
        node.map["percent"].refuse("a percentage cannot be negative")
    rate = Fraction(percent) / 100 / _divisor(node.map.get("divided_by"))
    of = node.map["of"]
    base = read_amount(of, words) if of.is_map else words.number_fact(of)
    return Share(rate.numerator, rate.denominator, base)


def _divisor(node: Node | None) -> Fraction:
    return Fraction(1) if node is None else Fraction(node.integer(minimum=1))


def _read_tiers(node: Node, words: Vocabulary) -> Tiers:
    tiers = []
    for item in node.items:
        keys = item.keys(("when", "amount"), required=("when", "amount"))
        amount = read_amount(keys["amount"], words)
        tiers.append(Tier(read_condition(keys["when"], words), amount))
    return Tiers(tuple(tiers) or node.refuse("the list of tiers is empty"))


def _named(node: Node, words: Vocabulary) -> Amount:
    name = node.word()
    if name not in words.amounts:
        node.refuse(f"no amount is called {name}; amounts come before their use")
    words.used.add(f"amount {name}")
    return words.amounts[name]
