"""A record without what says who the customer is: names, addresses, and both within words."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from amends.cases.model import Customer
from amends.conversations.personal.find import find_personal
from amends.conversations.personal.model import Kind, Span, replace_spans
from amends.conversations.personal.names import names_pattern
from amends.handoff.model import Handoff
from amends.records.record import Record

NAME, EMAIL, NUMBER = "[name]", "[e-mail]", "[number]"
ADDRESS, CODE, ORDER = "[address]", "[code]", "[order]"

PLACEHOLDERS = {
    Kind.NAME: NAME,
    Kind.EMAIL: EMAIL,
    Kind.CODE: CODE,
    Kind.ADDRESS: ADDRESS,
    Kind.POSTCODE: ADDRESS,
    Kind.LINK: "",
    Kind.IBAN: NUMBER,
    Kind.CARD: NUMBER,
    Kind.PHONE: NUMBER,
    Kind.NUMBER: NUMBER,
    Kind.ORDER: NUMBER,
}

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?")
_ID = re.compile(r"[0-9a-f]{26}")


@dataclass(frozen=True, slots=True)
class Mask:
    """Takes out of texts who somebody is: names, e-mail and postal addresses, long numbers.

    Attributes:
        names: of the customers concerned, in whole and in part, however they are written.
        others: names of staff and numbers of orders as they stand, with what replaces each.
        short_numbers: whether numbers of five digits and more go, too; an order's has five.
        ids: what stands for an id or an order number that is the whole of a value.
    """

    names: re.Pattern[str] | None
    others: tuple[tuple[re.Pattern[str], str], ...] = ()
    short_numbers: bool = False
    ids: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, people: Iterable[Customer]) -> "Mask":
        return cls(names_pattern(tuple(person.name for person in people)))

    def text(self, words: str) -> str:
        known = self._known(words)
        spans = find_personal(words, more=known, kinds=self._kinds)
        told = {(one.start, one.end): instead for one, instead in known.items()}
        instead = [told.get((one.start, one.end), PLACEHOLDERS[one.kind]) for one in spans]
        return replace_spans(words, spans, instead)

    @property
    def _kinds(self) -> frozenset[Kind]:
        """Return what goes; a case's number stays, and an order's where it is the subject."""
        kept = {Kind.CASE} if self.short_numbers else {Kind.CASE, Kind.ORDER}
        return frozenset(Kind) - kept

    def _known(self, words: str) -> dict[Span, str]:
        """Return where names and numbers stand that are known beforehand, and what replaces each.

        They count as names: whatever else is found around them goes as a whole.
        """
        known = {
            Span(*found.span(), Kind.NAME): instead
            for pattern, instead in self.others
            for found in pattern.finditer(words)
        }
        for found in self.names.finditer(words) if self.names else ():
            known[Span(*found.span(), Kind.NAME)] = NAME
        return known

    def value(self, value: Any) -> Any:
        """Return a JSON value with every text in it masked; a time or an id of ours stays."""
        if isinstance(value, str):
            return self._string(value)
        if isinstance(value, dict):
            return {key: self.value(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self.value(one) for one in value]
        return value

    def _string(self, value: str) -> str:
        if value in self.ids:
            return self.ids[value]
        return value if _MOMENT.fullmatch(value) or _ID.fullmatch(value) else self.text(value)


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
