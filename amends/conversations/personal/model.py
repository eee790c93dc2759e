"""Kinds of personal data in a text, and where they stand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    EMAIL = "email"
    LINK = "link"  # what stands behind an address of a page, such as a token
    CODE = "code"  # a voucher's
    IBAN = "iban"
    ADDRESS = "address"
    POSTCODE = "postcode"
    CARD = "card"
    PHONE = "phone"
    CASE = "case"  # a case's number of ours
    NUMBER = "number"  # nine digits and more, of whatever
    ORDER = "order"  # an order's, a parcel's, a booking's; any of five digits and more
    NAME = "name"


SUREST_FIRST: Final = {kind: rank for rank, kind in enumerate(Kind)}
"""Where two finds overlap, the one of the earlier kind holds: an IBAN is no phone number."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A piece of a text, from `start` to before `end`."""

    start: int
    end: int
    kind: Kind


def apart(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return finds that do not overlap, in their order: of two, the surer, then the longer."""
    kept: list[Span] = []
    ranked = sorted(spans, key=lambda one: (SUREST_FIRST[one.kind], one.start - one.end, one.start))
    for one in ranked:
        if one.start < one.end and all(one.end <= k.start or k.end <= one.start for k in kept):
            kept.append(one)
    return tuple(sorted(kept))


def replace_spans(text: str, spans: Sequence[Span], instead: Sequence[str]) -> str:
    """Return the text with each span replaced; spans are in order and apart."""
    parts, at = [], 0
    for span, word in zip(spans, instead, strict=True):
        parts += [text[at : span.start], word]
        at = span.end
    return "".join([*parts, text[at:]])
