"""When an amount can be computed, and when it is more than nothing, as formulas over facts."""

from collections.abc import Iterator
from dataclasses import dataclass

from amends.compensation.compile import normalise
from amends.compensation.policy import PolicyVersion
from amends.compensation.proof.formula import Formula, conjunction, disjunction, negation
from amends.compensation.proof.space import Space
from amends.compensation.terms import (
    AllOf,
    Amount,
    AnyOf,
    Bounded,
    Compare,
    Condition,
    FactType,
    Fixed,
    Operator,
    Per,
    Share,
    Sum,
    Tiers,
    facts_in_condition,
)


@dataclass(frozen=True, slots=True)
class Staircase:
    """Tiers somewhere in an amount; `reached` says when they are asked.

    `alone` is false inside a sum, where nothing from the tiers is not nothing in all.
    """

    tiers: Tiers
    reached: Formula
    alone: bool = True


def compares_in(condition: Condition) -> Iterator[Compare]:
    match normalise(condition):
        case Compare() as compare:
            yield compare
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from compares_in(part)


def compares_in_amount(version: PolicyVersion, amount: Amount) -> Iterator[Compare]:
    """Yield every comparison that the formulas of this module make."""
    match amount:
        case Share(_, _, str()):
            yield _enough(version, amount)
        case Per(_, fact, every):
            yield Compare(fact, Operator.AT_LEAST, every)
        case Tiers(tiers):
            for tier in tiers:
                yield from compares_in(tier.when)
    for inner in _inside(amount):
        yield from compares_in_amount(version, inner)


def _inside(amount: Amount) -> list[Amount]:
    match amount:
        case Share(_, _, of):
            return [] if isinstance(of, str) else [of]
        case Per(inner, _, _):
            return [inner]
        case Bounded(inner, minimum, maximum):
            return [part for part in (inner, minimum, maximum) if part is not None]
        case Tiers(tiers):
            return [tier.amount for tier in tiers]
        case Sum(parts):
            return list(parts)
    return []


def _enough(version: PolicyVersion, share: Share) -> Compare:
    """The fact is so large that its share, rounded half up, is not nothing."""
    fact = str(share.of)
    if not share.numerator:
        return Compare(fact, Operator.IN, ())
    half, whole = 2 * share.numerator, version.facts[fact].type is FactType.INTEGER
    least = -(-share.denominator // half) if whole else share.denominator / half
    return Compare(fact, Operator.AT_LEAST, least)


def positive(space: Space, amount: Amount) -> Formula:
    """Return when the amount is more than nothing.

    Exact but for a share of an amount, which is taken to be more than nothing when that is.
    """
    match amount:
        case Fixed(table):
            return _any_in(space, [currency for currency, minor in table.minor if minor])
        case Share(_, _, str()):
            return space.met(_enough(space.version, amount))
        case Share(numerator, _, of) if not isinstance(of, str):
            return positive(space, of) if numerator else False
        case Per(inner, fact, every):
            enough = space.met(Compare(fact, Operator.AT_LEAST, every))
            return conjunction([enough, positive(space, inner)])
        case Bounded(inner, minimum, maximum):
            least = True if minimum is None else computable(space, minimum)
            most = True if maximum is None else positive(space, maximum)
            return conjunction([positive(space, inner), least, most])
        case Tiers():
            rows = zip(firsts(space, amount), amount.tiers, strict=True)
            return disjunction([conjunction([f, positive(space, t.amount)]) for f, t in rows])
        case Sum(parts):
            some = disjunction([positive(space, part) for part in parts])
            return conjunction([some, *[computable(space, part) for part in parts]])
    raise TypeError(f"not an amount: {amount!r}")


def computable(space: Space, amount: Amount) -> Formula:
    """Return when everything is known that the amount is computed from."""
    match amount:
        case Fixed():
            return True
        case Share(_, _, of):
            return _known(space, of) if isinstance(of, str) else computable(space, of)
        case Per(inner, fact, _):
            return conjunction([_known(space, fact), computable(space, inner)])
        case Bounded(inner, minimum, maximum):
            least = True if minimum is None else computable(space, minimum)
            most = True if maximum is None else computable(space, maximum)
            lifted = disjunction([negation(positive(space, inner)), least])
            return conjunction([computable(space, inner), lifted, most])
        case Tiers(tiers):
            rows = list(zip(firsts(space, amount), tiers, strict=True))
            asked = {name for tier in tiers for name in facts_in_condition(tier.when)}
            none = [negation(space.met(tier.when)) for tier in tiers]
            none += [_known(space, name) for name in sorted(asked)]
            found = [conjunction([f, computable(space, tier.amount)]) for f, tier in rows]
            return disjunction([*found, conjunction(none)])
        case Sum(parts):
            return conjunction([computable(space, part) for part in parts])
    raise TypeError(f"not an amount: {amount!r}")


def firsts(space: Space, tiers: Tiers) -> list[Formula]:
    """Return for each tier when it is the first that holds."""
    found: list[Formula] = []
    earlier: list[Formula] = []
    for tier in tiers.tiers:
        met = space.met(tier.when)
        found.append(conjunction([*earlier, met]))
        earlier.append(negation(met))
    return found


def staircases(
    space: Space, amount: Amount | None, reached: Formula, alone: bool = True
) -> Iterator[Staircase]:
    """Yield all tiers in an amount that is asked for when `reached` holds."""
    match amount:
        case Tiers(tiers):
            yield Staircase(amount, reached, alone)
            for first, tier in zip(firsts(space, amount), tiers, strict=True):
                inner = conjunction([reached, first])
                yield from staircases(space, tier.amount, inner, alone)
        case Share(_, _, of) if not isinstance(of, str):
            yield from staircases(space, of, reached, alone)
        case Per(inner_amount, _, _):
            yield from staircases(space, inner_amount, reached, alone)
        case Bounded(inner_amount, minimum, maximum):
            yield from staircases(space, inner_amount, reached, alone)
            lifted = conjunction([reached, positive(space, inner_amount)])
            yield from staircases(space, minimum, lifted, alone=False)
            yield from staircases(space, maximum, reached, alone)
        case Sum(parts):
            for part in parts:
                yield from staircases(space, part, reached, alone=False)


def _known(space: Space, fact: str) -> Formula:
    return space.met(Compare(fact, Operator.KNOWN))


def covered(space: Space) -> Formula:
    """Return when the case's currency is one of the policy's, as every amount needs."""
    return _any_in(space, list(space.version.currencies))


def _any_in(space: Space, currencies: list[str]) -> Formula:
    name = space.version.currency_fact
    if name is None:
        return space.version.currencies[0] in currencies
    return space.met(Compare(name, Operator.IN, tuple(currencies)))
