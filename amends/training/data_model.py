"""Training examples as they stand in files, and what a check finds wrong with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from amends.values import LANGUAGES


class Level(StrEnum):
    ERROR = "error"  # must not be merged
    WARNING = "warning"  # somebody should look


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line of a file; lines count from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Example:
    """One message a customer might write, under the intent it should have."""

    text: str
    intent: str
    place: Place
    secondary: frozenset[str] = frozenset()  # further intents that the same message carries


def language_of(example: Example) -> str:
    """Return the language whose folder an example stands in; what is in none is English."""
    folders = example.place.file.split("/")[:-1]
    return next((one for one in LANGUAGES if one in folders), LANGUAGES[0])


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong; `check` names the kind, `places` the lines it is about."""

    check: str
    level: Level
    message: str
    places: tuple[Place, ...] = ()
    row_ids: tuple[str, ...] = ()  # evaluation rows it is about; their texts are never shown


@dataclass(frozen=True, slots=True)
class Corpus:
    """All examples of a folder, and what could not be read of it."""

    examples: Sequence[Example]
    broken: Sequence[Finding] = ()


RowIds = Mapping[str, Sequence[str]]
"""Ids of evaluation rows by the words they say, spelling and punctuation aside."""
