"""Invented things in place of personal data, so that a customer's message makes a good example.

A placeholder such as `[name]` would teach the model a word that no customer writes; a stand-in
reads like what it replaces. None of them is anybody's: see `amends.training.data_personal` for
what is reserved for inventions.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from amends.conversations.personal.find import find_personal
from amends.conversations.personal.model import Kind, Span, replace_spans
from amends.training.data_text import CJK

Replaced = tuple[int, int, str]
"""Start and end in the original, and the kind: `name`, `email`, `phone` …"""

_ORDERS: Final = ("10045", "20318", "31206", "40772", "51943", "60587")
_FIRST: Final = ("Sam", "Alex", "Robin", "Jo", "Chris", "Kim")
_LAST: Final = ("Taylor", "Morgan", "Ellis", "Parker", "Reed", "Hayes")
_SURNAMES: Final = ("李", "王", "陈", "周", "林", "赵")
_GIVEN: Final = ("明", "静", "磊", "芳", "洁", "涛")
_EMAILS: Final = ("name@example.com", "other.name@example.com", "third.name@example.com")
_PHONES: Final = ("020 7946 0958", "020 7946 0321", "020 7946 0117")
_PHONES_ZH: Final = ("12000100958", "12000100321", "12000100117")
"""No Chinese mobile begins with 12."""
_CARDS: Final = ("4000 0000 0000 0000", "5000 0000 0000 0000")
"""Their check digits do not fit."""
_CASES: Final = ("AM-7K2P9Q", "AM-3X8R5T")


@dataclass(frozen=True, slots=True)
class Anonymised:
    """A text without personal data.

    `replaced` are places in the original, in order, apart from each other; for highlighting.
    """

    text: str
    replaced: tuple[Replaced, ...]


def anonymised(text: str, names: Sequence[str] = ()) -> Anonymised:
    """Return the text with stand-ins in its language; the same thing twice gets the same one.

    Args:
        names: of the customer and others who are known to be concerned.
    """
    spans = find_personal(text, names)
    stand_ins = _StandIns(is_chinese=CJK.search(text) is not None)
    words = [stand_ins.of(text[one.start : one.end], one.kind) for one in spans]
    kept = [
        (span, word) for span, word in zip(spans, words, strict=True) if word != _at(text, span)
    ]
    return Anonymised(
        replace_spans(text, [span for span, _ in kept], [word for _, word in kept]),
        tuple((span.start, span.end, span.kind.value) for span, _ in kept),
    )


@dataclass(slots=True)
class _StandIns:
    """Hands out stand-ins for one text."""

    is_chinese: bool
    given: dict[tuple[str, str], int] = field(default_factory=dict)

    def of(self, written: str, kind: Kind) -> str:
        make: dict[Kind, Callable[[str], str]] = {
            Kind.NAME: self._name,
            Kind.EMAIL: lambda one: self._next("email", one, _EMAILS),
            Kind.PHONE: lambda one: self._next("phone", one, self._phones),
            Kind.CARD: self._card,
            Kind.IBAN: lambda _: "GB00 0000 0000 0000 0000 00",
            Kind.CODE: lambda _: "AAAA-BBBB-CCCC-DDDD",
            Kind.CASE: lambda one: self._next("case", one, _CASES),
            Kind.NUMBER: lambda one: self._next("order", one, _ORDERS),
            Kind.ORDER: lambda one: self._next("order", one, _ORDERS),
            Kind.ADDRESS: lambda _: "我家" if self.is_chinese else "my address",
            Kind.POSTCODE: lambda one: one.split()[0].strip(","),
            Kind.LINK: lambda _: "",
        }
        return make[kind](written)

    @property
    def _phones(self) -> Sequence[str]:
        return _PHONES_ZH if self.is_chinese else _PHONES

    def _card(self, written: str) -> str:
        return "1234" if len(written) == 4 else self._next("card", written, _CARDS)

    def _name(self, written: str) -> str:
        if CJK.search(written):
            return self._chinese_name(written)
        words = written.split()
        first = self._next("name", words[0].casefold(), _FIRST)
        plain = (
            first
            if len(words) == 1
            else f"{first} {self._next('name', words[0].casefold(), _LAST)}"
        )
        if written.islower():
            return plain.lower()
        return plain.upper() if written.isupper() and len(written) > 2 else plain

    def _chinese_name(self, written: str) -> str:
        if written[0] in "小老阿" and len(written) == 2:
            return written[0] + self._next("name", written[1], _SURNAMES)
        surname = self._next("name", written, _SURNAMES)
        return surname if len(written) == 1 else surname + self._next("name", written, _GIVEN)

    def _next(self, kind: str, written: str, stand_ins: Sequence[str]) -> str:
        key = (kind, written.strip().casefold())
        number = sum(one == kind for one, _ in self.given)
        return stand_ins[self.given.setdefault(key, number) % len(stand_ins)]


def _at(text: str, span: Span) -> str:
    return text[span.start : span.end]
