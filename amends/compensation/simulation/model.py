"""The data of a simulation: what a policy is asked, what it answers, what is counted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

REFUSED = "refused"
"""Beside remedy, none and person: the policy cannot read the case's facts."""

UNKNOWN = "unknown"
"""The group of the cases whose marking fact is not known."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One case as a policy was asked about it."""

    id: str  # what people call the case
    at: datetime
    facts: Mapping[str, Any]  # as gathered, before any policy checked them
    customer: str | None = None  # whom the caps per customer count; None: nobody else's case
    case: str | None = None  # whom the caps per case count; None: the case is asked about once
    declined: int = 0  # offers that the customer declined
    whole: bool = True  # False: only the facts that one decision used were kept


@dataclass(frozen=True, slots=True)
class Played:
    """What became of a case in one world; amounts in minor units of `currency`."""

    outcome: str  # remedy, none, person or refused
    clauses: tuple[str, ...] = ()
    goodwill: int = 0
    entitlement: int = 0
    currency: str | None = None
    remedies: tuple[str, ...] = ()  # kinds of the bundle given
    caps: tuple[str, ...] = ()  # each cap that bound, once
    refused_fact: str | None = None
    refusal: str = ""

    def in_currency(self, currency: str) -> int:
        return self.goodwill + self.entitlement if self.currency == currency else 0


@dataclass(slots=True)
class Cost:
    """What both worlds give in one currency, minor units."""

    old_goodwill: int = 0
    old_entitlement: int = 0
    new_goodwill: int = 0
    new_entitlement: int = 0

    @property
    def old(self) -> int:
        return self.old_goodwill + self.old_entitlement

    @property
    def new(self) -> int:
        return self.new_goodwill + self.new_entitlement


@dataclass(slots=True)
class Pair:
    """How often something happened in either world."""

    old: int = 0
    new: int = 0


@dataclass(slots=True)
class Group:
    """The cases with one value of the marking fact."""

    cases: int = 0
    cost: dict[str, Cost] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """A case that is given another sum of one currency, minor units."""

    id: str
    at: datetime
    group: str
    currency: str
    old_minor: int
    new_minor: int
    old: Played
    new: Played

    @property
    def difference(self) -> int:
        return self.new_minor - self.old_minor

    @property
    def goes_to_person(self) -> bool:
        return self.new.outcome == "person" and self.old.outcome != "person"


@dataclass(slots=True)
class Refusal:
    """Cases whose facts a policy refuses because of one fact, with the first of them."""

    example: str
    first_id: str
    cases: int = 0
