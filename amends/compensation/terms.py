"""The terms a clause is written in: facts, conditions over them, and amounts from them.

Everything here is data; `compile.py` turns it into functions, `check.py` reasons about it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

FactValue = bool | int | float | str | tuple[str, ...] | None
"""A fact's value; None means unknown, and a condition over an unknown fact is not met."""

Facts = Mapping[str, FactValue]
"""Every declared fact by name, as `check_facts` returns it."""


class FactType(StrEnum):
    BOOLEAN = "boolean"
    INTEGER = "integer"
    NUMBER = "number"
    STRING = "string"
    LIST = "list"


class FactSource(StrEnum):
    SYSTEM = "system"
    CLAIMED = "claimed"


@dataclass(frozen=True, slots=True)
class FactDeclaration:
    """What a fact may hold and who vouches for it (the company's systems or the customer)."""

    name: str
    type: FactType
    source: FactSource
    about: str
    unit: str | None = None
    values: tuple[str, ...] = ()
    minimum: int | float | None = None
    maximum: int | float | None = None
    default: FactValue = None
    every_value_needs_a_clause: bool = False


class Operator(StrEnum):
    IS = "is"
    IS_NOT = "is_not"
    IN = "in"
    NOT_IN = "not_in"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    AT_MOST = "at_most"
    LESS_THAN = "less_than"
    HAS = "has"
    HAS_NOT = "has_not"
    UNKNOWN = "unknown"
    KNOWN = "known"


NEGATED: Mapping[Operator, Operator] = {
    Operator.IS: Operator.IS_NOT,
    Operator.IS_NOT: Operator.IS,
    Operator.IN: Operator.NOT_IN,
    Operator.NOT_IN: Operator.IN,
    Operator.AT_LEAST: Operator.LESS_THAN,
    Operator.LESS_THAN: Operator.AT_LEAST,
    Operator.AT_MOST: Operator.MORE_THAN,
    Operator.MORE_THAN: Operator.AT_MOST,
    Operator.HAS: Operator.HAS_NOT,
    Operator.HAS_NOT: Operator.HAS,
    Operator.UNKNOWN: Operator.KNOWN,
    Operator.KNOWN: Operator.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class FactRef:
    """The value of another fact, as the right-hand side of a comparison."""

    fact: str


@dataclass(frozen=True, slots=True)
class MoneyTable:
    """One amount per currency, in minor units."""

    minor: tuple[tuple[str, int], ...]

    def as_dict(self) -> dict[str, int]:
        return dict(self.minor)


Operand = bool | int | float | str | tuple[str | int | float, ...] | FactRef | MoneyTable | None


@dataclass(frozen=True, slots=True)
class Compare:
    fact: str
    operator: Operator
    operand: Operand = None


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    part: "Condition"


@dataclass(frozen=True, slots=True)
class Defined:
    """A condition that the policy gave a name, used by that name."""

    name: str
    condition: "Condition"


Condition = Compare | AllOf | AnyOf | Not | Defined
ALWAYS = AllOf(())


@dataclass(frozen=True, slots=True)
class Fixed:
    table: MoneyTable


@dataclass(frozen=True, slots=True)
class Share:
    """`numerator / denominator` of a fact in minor units, or of another amount."""

    numerator: int
    denominator: int
    of: "str | Amount"


@dataclass(frozen=True, slots=True)
class Per:
    """The amount once for each complete `every` of a counting fact."""

    amount: "Amount"
    fact: str
    every: int


@dataclass(frozen=True, slots=True)
class Bounded:
    amount: "Amount"
    minimum: "Amount | None"
    maximum: "Amount | None"


@dataclass(frozen=True, slots=True)
class Tier:
    when: Condition
    amount: "Amount"


@dataclass(frozen=True, slots=True)
class Tiers:
    """The first tier whose condition holds; nothing when none does."""

    tiers: tuple[Tier, ...]


@dataclass(frozen=True, slots=True)
class Sum:
    parts: "tuple[Amount, ...]"


Amount = Fixed | Share | Per | Bounded | Tiers | Sum


def facts_in_condition(condition: Condition) -> Iterator[str]:
    """Yield the names of the facts a condition looks at, in reading order."""
    match condition:
        case Compare(fact, _, operand):
            yield fact
            if isinstance(operand, FactRef):
                yield operand.fact
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from facts_in_condition(part)
        case Not(part):
            yield from facts_in_condition(part)
        case Defined(_, inner):
            yield from facts_in_condition(inner)


def facts_in_amount(amount: Amount) -> Iterator[str]:
    """Yield the names of the facts an amount is computed from."""
    match amount:
        case Share(_, _, of):
            yield from (of,) if isinstance(of, str) else facts_in_amount(of)
        case Per(inner, fact, _):
            yield from facts_in_amount(inner)
            yield fact
        case Bounded(inner, minimum, maximum):
            yield from facts_in_amount(Sum(tuple(a for a in (inner, minimum, maximum) if a)))
        case Tiers(tiers):
            for tier in tiers:
                yield from facts_in_condition(tier.when)
                yield from facts_in_amount(tier.amount)
        case Sum(parts):
            for part in parts:
                yield from facts_in_amount(part)
