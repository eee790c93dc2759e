"""What the pages about training examples show, as plain values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from amends.desk import intent_words
from amends.desk.speech import mark, tr
from amends.training.data_model import Example, Finding, Level, Place, language_of
from amends.training.examples import IntentCount, Near
from amends.values import LANGUAGES

PATH = "/training/examples"
MOST_OF_A_KIND = 50


CHECKS = {
    "broken_file": mark("Broken files"),
    "two_intents": mark("The same text under two intents"),
    "personal_data": mark("Personal data"),
    "repeat": mark("The same text twice"),
    "near_duplicate": mark("Almost the same text"),
    "few_examples": mark("Intents with few examples"),
    "imbalance": mark("Imbalance"),
    "brackets": mark("Brackets left in"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One example in a list; `address` leads to its own page."""

    text: str
    intent: str
    language: str
    place: str
    address: str
    likeness: str = ""


@dataclass(frozen=True, slots=True)
class CountRow:
    """One line of the counts; `address` leads to the intent's examples."""

    intent: str
    total: int
    sizes: tuple[int, ...]
    address: str


@dataclass(frozen=True, slots=True)
class FoundPlace:
    words: str
    address: str


@dataclass(frozen=True, slots=True)
class FoundLine:
    message: str
    places: tuple[FoundPlace, ...]


@dataclass(frozen=True, slots=True)
class FoundGroup:
    title: str
    is_error: bool
    lines: tuple[FoundLine, ...]
    count: int


def row(example: Example) -> Row:
    return Row(
        text=example.text,
        intent=intent_words.intent(example.intent),
        language=language_of(example),
        place=str(example.place),
        address=address_of(example),
    )


def near_row(near: Near) -> Row:
    found = row(near.example)
    return Row(
        found.text, found.intent, found.language, found.place, found.address, f"{near.likeness:.0%}"
    )


def address_of(example: Example) -> str:
    place = example.place
    asked = {"file": place.file, "line": place.line, "was": example.text}
    return f"{PATH}/one?{urlencode(asked)}"


def count_rows(found: Iterable[IntentCount]) -> list[CountRow]:
    return [
        CountRow(
            intent_words.intent(one.intent),
            one.total,
            tuple(one.by_language.get(language, 0) for language in LANGUAGES),
            f"{PATH}?{urlencode({'intent': one.intent})}",
        )
        for one in found
    ]


def intent_choices(intents: Iterable[str]) -> list[tuple[str, str]]:
    return sorted(((one, intent_words.intent(one)) for one in intents), key=lambda one: one[1])


def groups(findings: Sequence[Finding], examples: Sequence[Example]) -> list[FoundGroup]:
    """Return findings by kind, errors first, each place with the example that stands there."""
    at = {one.place: one for one in examples}
    found = []
    for (level, check), same in groupby(findings, key=lambda one: (one.level, one.check)):
        alike = list(same)
        lines = tuple(_found_line(one, at) for one in alike[:MOST_OF_A_KIND])
        title = tr(CHECKS.get(check, check))
        found.append(FoundGroup(title, level is Level.ERROR, lines, len(alike)))
    return found


def _found_line(finding: Finding, at: dict[Place, Example]) -> FoundLine:
    places = tuple(
        FoundPlace(str(place), address_of(at[place]) if place in at else "")
        for place in finding.places
    )
    return FoundLine(finding.message, places)
