"""A record without what says who the customer is: names, addresses, and both within words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from amends.cases.model import Customer
from amends.handoff.model import Handoff
from amends.records.record import Record

NAME, EMAIL, NUMBER = "[name]", "[e-mail]", "[number]"

_EMAIL = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>().,;]+")
_PHONE = re.compile(r"(?<![\w-])\+?\d[\d\s().\-/]{7,20}\d(?![\w-])")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Mask:
    """Takes a customer's names, e-mail addresses and long numbers out of texts."""

    names: re.Pattern[str] | None

    @classmethod
    def of(cls, people: Iterable[Customer]) -> "Mask":
        words = {part for person in people for part in [person.name, *person.name.split()]}
        longest_first = sorted((w for w in words if len(w) > 1), key=len, reverse=True)
        parts = "|".join(map(re.escape, longest_first))
        # In Chinese no space stands around a name.
        pattern = rf"(?<![A-Za-z])(?:{parts})(?![A-Za-z])" if parts else ""
        return cls(re.compile(pattern, re.IGNORECASE) if pattern else None)

    def text(self, words: str) -> str:
        plain = _EMAIL.sub(EMAIL, words)
        plain = _PHONE.sub(_number, plain)
        return self.names.sub(NAME, plain) if self.names else plain

    def value(self, value: Any) -> Any:
        """Return a JSON value with every text in it masked; what is a time stays."""
        if isinstance(value, str):
            return value if _MOMENT.match(value) else self.text(value)
        if isinstance(value, dict):
            return {key: self.value(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self.value(one) for one in value]
        return value


def masked(record: Record) -> Record:
    """Return the record as it may be given to whoever need not know whom it is about."""
    mask = Mask.of(record.people)
    case = record.case
    return replace(
        record,
        case=replace(
            case,
            what_happened=_masked(mask, case.what_happened),
            wish_text=_masked(mask, case.wish_text),
            customer_id=None,
        ),
        conversation=replace(record.conversation, customer_id=None),
        people=tuple(masked_person(person) for person in record.people),
        messages=tuple(replace(one, text=mask.text(one.text)) for one in record.messages),
        entries=tuple(replace(one, data=mask.value(one.data)) for one in record.entries),
        handoffs=tuple(_without_address(one) for one in record.handoffs),
        notes=tuple(replace(one, text=mask.text(one.text)) for one in record.notes),
        survey=record.survey and replace(record.survey, comment=mask.text(record.survey.comment)),
    )


def masked_person(person: Customer) -> Customer:
    """Return a customer of whom only membership, country and language are known."""
    return replace(person, id="", name=NAME, email=EMAIL)


def _masked(mask: Mask, text: str | None) -> str | None:
    return None if text is None else mask.text(text)


def _without_address(handoff: Handoff) -> Handoff:
    contact = handoff.contact
    if contact is None or contact.address is None:
        return handoff
    return replace(handoff, contact=replace(contact, address=EMAIL))


def _number(match: re.Match[str]) -> str:
    digits = sum(character.isdigit() for character in match[0])
    return NUMBER if digits >= 9 else match[0]
