"""Cut what a fact may hold into finitely many values that stand for all of it.

No condition tells two values apart that lie between the same neighbouring constants. Facts that
are compared with each other share their constants, and get as many values between two constants
as there are such facts: enough for every order and every equality among them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count, islice, pairwise
from math import ceil, floor, nextafter

from amends.compensation.terms import (
    Compare,
    FactDeclaration,
    FactRef,
    FactType,
    FactValue,
    MoneyTable,
)

Number = int | float


@dataclass(frozen=True, slots=True)
class Peers:
    """Facts that are compared with each other, and every constant that any of them meets."""

    facts: tuple[FactDeclaration, ...]
    constants: tuple[str | Number, ...]


def peers_of(facts: Iterable[FactDeclaration], compares: Iterable[Compare]) -> list[Peers]:
    """Group the facts so that no comparison crosses two groups."""
    groups = {fact.name: [fact] for fact in facts}
    constants: dict[str, list[str | Number]] = {
        name: list(_own_constants(group[0])) for name, group in groups.items()
    }
    for compare in compares:
        constants[compare.fact] += _constants(compare)
        if isinstance(compare.operand, FactRef):
            one, other = groups[compare.fact], groups[compare.operand.fact]
            if one is not other:
                one += other
                groups.update({fact.name: one for fact in other})
    distinct = {id(group): group for group in groups.values()}
    return [
        Peers(tuple(group), tuple(c for fact in group for c in constants[fact.name]))
        for group in distinct.values()
    ]


def _own_constants(fact: FactDeclaration) -> Iterator[str | Number]:
    for constant in (fact.minimum, fact.maximum, fact.default):
        if isinstance(constant, (str, int, float)) and not isinstance(constant, bool):
            yield constant


def _constants(compare: Compare) -> list[str | Number]:
    operand = compare.operand
    if isinstance(operand, MoneyTable):
        return list(operand.as_dict().values())
    if isinstance(operand, tuple):
        return list(operand)
    if isinstance(operand, bool) or not isinstance(operand, (str, int, float)):
        return []
    return [operand]


def values_of(fact: FactDeclaration, peers: Peers) -> list[FactValue]:
    """Return the known values that stand for all of the fact's, the default first."""
    found: list[FactValue]
    match fact.type:
        case FactType.BOOLEAN:
            found = [True, False]
        case FactType.STRING:
            found = list(_words(fact, peers))
        case FactType.LIST:
            raise TypeError(f"{fact.name}: a list is cut into its elements")
        case _:
            found = list(_numbers(fact, peers))
    return sorted(found, key=lambda value: value != fact.default)


# -- words ---------------------------------------------------------------------------------------


def _words(fact: FactDeclaration, peers: Peers) -> Iterator[str]:
    """The words asked for, and as many others as there are facts to tell apart by them."""
    asked = {word for word in peers.constants if isinstance(word, str)}
    if len(peers.facts) > 1:
        asked.update(word for peer in peers.facts for word in peer.values)
    if fact.values:
        others = [word for word in fact.values if word not in asked]
        yield from (word for word in fact.values if word in asked)
    else:
        others = list(islice(_fresh_words(asked), len(peers.facts)))
        yield from sorted(asked)
    yield from others[: len(peers.facts)]


def _fresh_words(taken: set[str]) -> Iterator[str]:
    """Words that nobody asks for, such as may stand for any country that is not named."""
    names = (f"OTHER{number}" if number else "OTHER" for number in count())
    return (name for name in names if name not in taken)


# -- numbers -------------------------------------------------------------------------------------


def _numbers(fact: FactDeclaration, peers: Peers) -> Iterator[Number]:
    low = -float("inf") if fact.minimum is None else fact.minimum
    high = float("inf") if fact.maximum is None else fact.maximum
    for value in _line(peers, fact.type is FactType.INTEGER):
        if low <= value <= high:
            yield value


def _line(peers: Peers, whole: bool) -> Iterator[Number]:
    """Every constant, and values between and around them, in rising order."""
    cuts = sorted({number for number in peers.constants if not isinstance(number, str)})
    many = len(peers.facts)
    if not cuts:
        cuts = [0]
    yield from _between(ceil(cuts[0]) - many - 2, cuts[0], many, whole)
    for cut, following in pairwise(cuts):
        yield from _at(cut, whole)
        yield from _between(cut, following, many, whole)
    yield from _at(cuts[-1], whole)
    yield from _between(cuts[-1], floor(cuts[-1]) + many + 2, many, whole)


def _at(cut: Number, whole: bool) -> Iterator[Number]:
    if not whole or cut == floor(cut):
        yield int(cut) if whole else cut


def _between(low: Number, high: Number, many: int, whole: bool) -> Iterator[Number]:
    """Up to `many` whole numbers strictly between; for other numbers also those around them."""
    wholes = list(range(floor(low) + 1, min(ceil(high), floor(low) + 1 + many)))
    if whole or (many == 1 and wholes):
        yield from wholes
        return
    for start, end in pairwise([low, *wholes, high]):
        if start != low:
            yield start
        yield from _spread(start, end, many)


def _spread(low: Number, high: Number, many: int) -> Sequence[Number]:
    width = Fraction(high) - Fraction(low)
    steps = [float(Fraction(low) + width * n / (many + 1)) for n in range(1, many + 1)]
    inner = [value for value in dict.fromkeys(steps) if low < value < high]
    return inner or [value for value in (nextafter(low, high),) if low < value < high]
