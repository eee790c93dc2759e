"""What masking makes of a record: pseudonyms for ids, and texts without who somebody is.

The same key gives the same pseudonym, so a customer who comes again is recognised, and nobody
without the key can tell who it is.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from amends.cases.details import NO_ORDER
from amends.cases.order_numbers import normal_number
from amends.conversations.personal.names import names_pattern
from amends.handoff.model import StaffMember
from amends.records.log.columns import Personal
from amends.records.log.gathered import Gathered
from amends.records.masking import NAME, ORDER, Mask

NOT_A_PERSON = frozenset({"bot", "customer", "system"})
DIGITS = 16
"""Of a pseudonym: 64 bits, so that two among a million customers hardly ever share one."""

Masking = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    key: bytes

    def of(self, kind: str, known_as: str) -> str:
        digest = hmac.new(self.key, f"{kind}:{known_as}".encode(), hashlib.sha256).hexdigest()
        return f"{kind}-{digest[:DIGITS]}"

    def customer(self, known_as: str) -> str:
        return self.of("customer", known_as)

    def order(self, number: str) -> str:
        return self.of("order", normal_number(number))

    def staff(self, known_as: str) -> str:
        return known_as if known_as in NOT_A_PERSON else self.of("staff", known_as)


class LogMask:
    """Masks the records of one export."""

    def __init__(self, key: bytes, staff: Iterable[StaffMember]) -> None:
        self._pseudonyms = Pseudonyms(key)
        members = tuple(staff)
        self._staff = {one.id: self._pseudonyms.staff(one.id) for one in members}
        self._names = tuple((pattern, NAME) for pattern in map(_as_written, members) if pattern)

    def of(self, gathered: Gathered) -> dict[Personal, Masking]:
        """Return what is done to each kind of value in the record of a conversation."""
        texts = self._texts(gathered)
        return {
            Personal.WORDS: texts.value,
            Personal.CUSTOMER: self._pseudonyms.customer,
            Personal.STAFF: self._pseudonyms.staff,
            Personal.ORDER: self._pseudonyms.order,
            Personal.HIDDEN: _nothing,
            Personal.PAGE: lambda page: texts.text(page.split("?")[0].split("#")[0]),
        }

    def _texts(self, gathered: Gathered) -> Mask:
        orders = _orders(gathered)
        customers = {one.id for one in gathered.people}
        if gathered.conversation.customer_id:
            customers.add(gathered.conversation.customer_id)
        ids = self._staff | {one: self._pseudonyms.customer(one) for one in customers}
        return Mask(
            names=names_pattern(tuple(one.name for one in gathered.people)),
            others=(*self._names, *((_order(number), ORDER) for number in sorted(orders))),
            short_numbers=True,
            ids=ids | {number: self._pseudonyms.order(number) for number in orders},
        )


def _orders(gathered: Gathered) -> set[str]:
    numbers = {one.case.order_number for one in gathered.cases}
    numbers |= {
        remedy.order_number
        for one in gathered.cases
        for offer in one.offers
        for remedy in offer.remedies
    }
    return {number for number in numbers if number and number != NO_ORDER}


def _as_written(member: StaffMember) -> re.Pattern[str] | None:
    """Return what finds the name under which a person answers: Will, but not will."""
    name = member.name.strip()
    return re.compile(rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])") if name else None


@lru_cache(maxsize=4096)
def _order(number: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z0-9]){re.escape(number)}(?![A-Za-z0-9])", re.IGNORECASE)


def _nothing(_: Any) -> None:
    return None
