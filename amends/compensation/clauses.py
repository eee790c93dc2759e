"""A compensation policy's clauses as data: who decides, what is granted, what is forbidden."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from amends.compensation.terms import Amount, Condition

Texts = Mapping[str, str]
"""A wording by language code, such as {"en": "Voucher"}."""

EXCEPTION = "exception"
"""Stands for a clause where no clause gives something; no clause may be called so."""


class Role(StrEnum):
    """Who decides; each later role may do what an earlier one may, and more."""

    BOT = "bot"
    AGENT = "agent"
    SUPERVISOR = "supervisor"

    @property
    def rank(self) -> int:
        return _RANKS[self]


_RANKS = {Role.BOT: 0, Role.AGENT: 1, Role.SUPERVISOR: 2}


class Recovery(StrEnum):
    COMPENSATORY = "compensatory"
    CORRECTIVE = "corrective"
    RELATIONAL = "relational"


class Part(StrEnum):
    ENTITLEMENT = "entitlement"
    GOODWILL = "goodwill"


@dataclass(frozen=True, slots=True)
class Remedy:
    """A kind of remedy the policy knows; `money` says whether each grant needs an amount."""

    kind: str
    recovery: Recovery
    money: bool
    title: Texts
    due_days: int | None


@dataclass(frozen=True, slots=True)
class Grant:
    """One remedy inside a clause; `quantity` counts what is not money (points, months)."""

    remedy: Remedy
    amount: Amount | None
    title: Texts
    due_days: int | None
    quantity: int | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """A bundle of grants; several options in one step are alternatives to choose from."""

    grants: tuple[Grant, ...]
    when: Condition
    first_when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What a clause gives on one rung of the ladder."""

    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Forbid:
    """Which grants a forbidding clause strikes out: those that fit every given mark."""

    part: Part | None = None
    recovery: frozenset[Recovery] = frozenset()
    money: bool | None = None
    kinds: frozenset[str] = frozenset()
    clauses: frozenset[str] = frozenset()

    @property
    def everything(self) -> bool:
        return self == Forbid()


@dataclass(frozen=True, slots=True)
class Clause:
    """One rule. Exactly one of `steps` (grants), `forbids` and `needs_role` (a person) is set."""

    id: str
    title: str
    source: str
    when: Condition
    reason: Texts
    part: Part | None = None
    steps: tuple[Step, ...] = ()
    forbids: tuple[Forbid, ...] = ()
    needs_role: Role | None = None
    adds_to: frozenset[str] = frozenset()  # clauses that this one is meant to come on top of
    line: int = field(default=0, compare=False)

    @property
    def effect(self) -> str:
        if self.part is not None:
            return str(self.part)
        return "forbid" if self.forbids else "person"
