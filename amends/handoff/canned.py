"""Canned replies: what staff say again and again, worded once and well, in both languages.

A text may hold placeholders such as `{case_number}`. There is none for amounts, remedies or dates:
what is promised goes through the ledger, never through a sentence that somebody wrote beforehand.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from amends.cases.model import Category
from amends.handoff.errors import GapsLeft, ShortcutUnusable, UnknownPlaceholder, WordingIncomplete
from amends.values import LANGUAGES

LONGEST_TITLE = 80
LONGEST_TEXT = 2000

_SHORTCUT = re.compile(r"[a-z0-9][a-z0-9-]{1,31}")
_PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")
_GAP = re.compile(r"\{[a-z_]+\}")


class Placeholder(StrEnum):
    """What is filled in from the chat when a reply is put into the composer."""

    CUSTOMER_NAME = "customer_name"
    CASE_NUMBER = "case_number"
    ORDER_NUMBER = "order_number"
    ITEM = "item"
    NEXT_STEP = "next_step"
    STAFF_NAME = "staff_name"
    COMPANY = "company"


@dataclass(frozen=True, slots=True)
class Wording:
    """What is written in the form; titles and texts by language."""

    titles: Mapping[str, str]
    texts: Mapping[str, str]
    shortcut: str
    category: Category | None = None  # None: suits any complaint
    active: bool = True


@dataclass(frozen=True, slots=True)
class CannedReply:
    id: str
    wording: Wording
    version: int  # counts the changes, so that two editors never overwrite each other
    changed_at: datetime
    changed_by: str | None = None  # a staff id; None: as it was shipped

    def title_in(self, language: str) -> str:
        return _said(self.wording.titles, language)[1]

    def text_in(self, language: str) -> tuple[str, str]:
        """Return a text and its language, which is another one where this one is missing."""
        return _said(self.wording.texts, language)


@dataclass(frozen=True, slots=True)
class Values:
    """What the placeholders stand for in one chat, by language where it matters."""

    plain: Mapping[Placeholder, str]
    next_step: Mapping[str, str] = field(default_factory=dict)


def checked(wording: Wording) -> Wording:
    """Return the wording as it is stored, without blanks around it.

    Raises:
        WordingIncomplete: a title or a text is missing, or too long.
        ShortcutUnusable: the shortcut holds other than small letters, digits and hyphens.
        UnknownPlaceholder: a text names one that nothing is known for.
    """
    tidy = Wording(
        titles=_tidy(wording.titles),
        texts=_tidy(wording.texts),
        shortcut=wording.shortcut.strip().lstrip("/").lower(),
        category=wording.category,
        active=wording.active,
    )
    _refuse_incomplete(tidy)
    if not _SHORTCUT.fullmatch(tidy.shortcut):
        raise ShortcutUnusable(tidy.shortcut)
    for text in tidy.texts.values():
        for name in _PLACEHOLDER.findall(text):
            if name not in set(Placeholder):
                raise UnknownPlaceholder(name, [one.value for one in Placeholder])
    return tidy


def fill(text: str, language: str, values: Values) -> str:
    """Fill in what is known; what is not stays visible as `{name}`."""
    known = {name.value: value for name, value in values.plain.items() if value}
    next_step = values.next_step.get(language)
    if next_step:
        known[Placeholder.NEXT_STEP.value] = next_step
    return _PLACEHOLDER.sub(lambda found: known.get(found[1], found[0]), text)


def gaps(text: str) -> tuple[str, ...]:
    """Return the gaps that a text still has, each once, in order."""
    return tuple(dict.fromkeys(_GAP.findall(text)))


def refuse_gaps(text: str) -> None:
    """Refuse what still has gaps: a customer must never read `{order_number}`.

    Raises:
        GapsLeft
    """
    if found := gaps(text):
        raise GapsLeft(found)


def search(replies: Iterable[CannedReply], query: str, category: str | None) -> list[CannedReply]:
    """Return the replies in use that hold every word of a query, the best first.

    A shortcut counts most, then a title, then a text; among equals, what suits the category of
    the case comes first. An empty query finds all.
    """
    words = query.casefold().split()
    found = [
        (_rank(one, words), not _suits(one, category), one.title_in("en").casefold(), one.id, one)
        for one in replies
        if one.wording.active
    ]
    hits = [entry for entry in found if entry[0] is not None]
    return [entry[-1] for entry in sorted(hits, key=lambda entry: (entry[0] or 0, *entry[1:4]))]


def _suits(reply: CannedReply, category: str | None) -> bool:
    return reply.wording.category is not None and reply.wording.category.value == category


def _rank(reply: CannedReply, words: list[str]) -> int | None:
    """Return how far the worst word is from the top; None when one is not found at all."""
    places = [_place(reply, word) for word in words]
    known = [place for place in places if place is not None]
    return max(known, default=0) if len(known) == len(places) else None


def _place(reply: CannedReply, word: str) -> int | None:
    shortcut = reply.wording.shortcut
    titles = " ".join(reply.wording.titles.values()).casefold()
    texts = " ".join(reply.wording.texts.values()).casefold()
    tests = (
        shortcut == word,
        shortcut.startswith(word),
        any(one.startswith(word) for one in titles.split()),
        word in titles or word in shortcut,
        word in texts,
    )
    return next((place for place, holds in enumerate(tests) if holds), None)


def _tidy(words: Mapping[str, str]) -> dict[str, str]:
    lines = {language: words.get(language, "").replace("\r\n", "\n") for language in LANGUAGES}
    return {language: text.strip() for language, text in lines.items() if text.strip()}


def _refuse_incomplete(wording: Wording) -> None:
    begun = wording.titles.keys() | wording.texts.keys()
    for language in begun or {LANGUAGES[0]}:
        if language not in wording.titles or language not in wording.texts:
            raise WordingIncomplete(language)
        if len(wording.titles[language]) > LONGEST_TITLE:
            raise WordingIncomplete(language, LONGEST_TITLE)
        if len(wording.texts[language]) > LONGEST_TEXT:
            raise WordingIncomplete(language, LONGEST_TEXT)


def _said(words: Mapping[str, str], language: str) -> tuple[str, str]:
    spoken = language if language in words else next(iter(words))
    return spoken, words[spoken]
