"""Examples as a trainer looks for them: filtered, counted, and with those that are nearest."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from amends.training.data_model import Example, Place, language_of
from amends.training.data_text import same_saying, shingles

NEAR_ENOUGH: Final = 0.2
"""Shared pieces of all pieces; what shares less has nothing in common but small words."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; an empty field asks for nothing."""

    words: str = ""
    intent: str = ""
    language: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class IntentCount:
    intent: str
    by_language: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.by_language.values())


@dataclass(frozen=True, slots=True)
class Near:
    """An example beside another text, and their likeness in (0, 1]."""

    example: Example
    likeness: float


def matching(examples: Iterable[Example], asked: Asked) -> list[Example]:
    """Return examples that hold every word asked for, in the order of the files."""
    words = asked.words.casefold().split()
    return [
        one
        for one in examples
        if (not asked.intent or one.intent == asked.intent)
        and (not asked.file or one.place.file == asked.file)
        and (not asked.language or language_of(one) == asked.language)
        and all(word in one.text.casefold() for word in words)
    ]


def counts(examples: Iterable[Example]) -> list[IntentCount]:
    """Return how many examples each intent has in each language, the fewest first."""
    found: dict[str, Counter[str]] = {}
    for one in examples:
        found.setdefault(one.intent, Counter())[language_of(one)] += 1
    listed = [IntentCount(intent, dict(sizes)) for intent, sizes in found.items()]
    return sorted(listed, key=lambda one: (one.total, one.intent))


def nearest(text: str, examples: Iterable[Example], most: int = 5) -> list[Near]:
    """Return the examples that share most with a text, the nearest first; itself is not one."""
    pieces, words = shingles(text), same_saying(text)
    found = []
    for one in examples:
        if same_saying(one.text) == words:
            continue
        others = shingles(one.text)
        shared = len(pieces & others)
        likeness = shared / (len(pieces) + len(others) - shared)
        if likeness >= NEAR_ENOUGH:
            found.append(Near(one, likeness))
    return sorted(found, key=lambda one: -one.likeness)[:most]


def standing_at(examples: Sequence[Example], place: Place, text: str) -> Example | None:
    """Return the example that was read there; the nearest of the same words, when lines moved."""
    own = [one for one in examples if one.place.file == place.file and one.text == text]
    return min(own, key=lambda one: abs(one.place.line - place.line), default=None)
