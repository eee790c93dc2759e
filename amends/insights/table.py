"""Facts of many conversations, by column, as the figures are computed from them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import numpy as np

from amends.insights.facts import FACT_NAMES, SERVQUAL

Numbers = np.ndarray[Any, np.dtype[np.float64]]
Words = np.ndarray[Any, np.dtype[np.object_]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]
Codes = np.ndarray[Any, np.dtype[np.int64]]

TEXT_NAMES = frozenset(
    {
        "conversation_id",
        "language",
        "case_id",
        "case_number",
        "category",
        "root_cause",
        "severity",
        "result",
        "warehouse",
        "carrier",
        "product",
        "handoff_reason",
        "answer_mark",
        "remedy_kind",
        "currency",
        "csat_reason",
        "review",
    }
)
ANSWERS = ("csat", "ces", "nps", "expectation", *(f"felt_{name}" for name in SERVQUAL))
"""What customers answer; a reason comes with a CSAT only."""
Wanted = str | bool | int | None | tuple[str | int, ...]


class MoodMove(StrEnum):
    IMPROVED = "improved"
    WORSENED = "worsened"


@dataclass(frozen=True, slots=True)
class FactsQuery:
    """Which conversations: started in [since, until), and equal to each of the words.

    `equal` maps names of columns to the value asked for, None for "not known", or to a tuple of
    values of which any will do. `low` and `high` bound a column's number from both sides, the
    bounds included; `below` bounds it from above, the bound excluded. `known` names columns whose
    value must be known. `unmet` is the place of a criterion in the review which was not met,
    `judged` of one which applies. `mood` asks for conversations in which it noticeably improved
    or worsened; `promised` for those with a promise that was kept or broken, and `answered` for
    those whose customer answered any question of a survey.
    """

    since: datetime
    until: datetime
    equal: Mapping[str, Wanted] = field(default_factory=dict)
    low: Mapping[str, float] = field(default_factory=dict)
    high: Mapping[str, float] = field(default_factory=dict)
    below: Mapping[str, float] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    unmet: int | None = None
    judged: int | None = None
    mood: MoodMove | None = None
    promised: bool = False
    answered: bool = False

    def __post_init__(self) -> None:
        named = {*self.equal, *self.low, *self.high, *self.below, *self.known}
        unknown = sorted(named - set(FACT_NAMES))
        if unknown:
            raise ValueError(f"There is no fact {unknown[0]!r}; the facts are {FACT_NAMES}.")


class Table:
    """Columns of equal length.

    `numbers(name)` is an array of floats, shape (n,), NaN where a conversation knows nothing;
    truths are 0 and 1, and moments seconds since 1970-01-01, UTC. `words(name)` is an array of
    strings, shape (n,), empty where unknown.
    """

    def __init__(self, columns: Mapping[str, Sequence[Any]]) -> None:
        self._columns: dict[str, np.ndarray[Any, Any]] = {
            name: _words(values) if name in TEXT_NAMES else _numbers(values)
            for name, values in columns.items()
        }

    def __len__(self) -> int:
        return len(next(iter(self._columns.values()), ()))

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def numbers(self, name: str) -> Numbers:
        return self._columns[name]

    def known(self, name: str) -> Numbers:
        """Return the numbers that are known, in the order of the rows."""
        found = self._columns[name]
        return found[~np.isnan(found)]

    def words(self, name: str) -> Words:
        return self._columns[name]

    def where(self, mask: Mask) -> "Table":
        """Return the rows for which the mask, shape (n,), is true."""
        part = Table({})
        part._columns = {name: values[mask] for name, values in self._columns.items()}
        return part

    def part(self, start: int, stop: int) -> "Table":
        """Return the rows from `start` up to, but without, `stop`."""
        part = Table({})
        part._columns = {name: values[start:stop] for name, values in self._columns.items()}
        return part

    def coded(self, *names: str) -> tuple[list[tuple[str, ...]], Codes]:
        """Return the words of columns as a list of combinations and each row's place in it.

        Returns:
            The combinations that occur, in order of occurrence, and an array of shape (n,).
        """
        rows = zip(*(self.words(name).tolist() for name in names), strict=True)
        places: dict[tuple[str, ...], int] = {}
        codes = [places.setdefault(row, len(places)) for row in rows]
        return list(places), np.array(codes, dtype=np.int64)

    def groups(self, name: str) -> dict[str, "Table"]:
        """Return the rows by the words of a column, unknown ones left out, the largest first."""
        found, codes = self.coded(name)
        counts = np.bincount(codes, minlength=len(found))
        order = sorted(range(len(found)), key=lambda one: (-counts[one], found[one]))
        return {found[one][0]: self.where(codes == one) for one in order if found[one][0]}

    def counts(self, name: str) -> dict[str, int]:
        """Return how often each word occurs, unknown ones left out, the most frequent first."""
        counted = Counter(self.words(name).tolist())
        counted.pop("", None)
        return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def _numbers(values: Sequence[Any]) -> Numbers:
    if len(values) and isinstance(values[0], datetime):
        values = [value.timestamp() for value in values]
    if len(values) and isinstance(values[0], str):  # a moment in UTC, as ISO 8601 has it
        return np.array(values, dtype="datetime64[us]").astype(np.float64) / 1e6
    return np.array(values, dtype=np.float64)  # None becomes NaN


def _words(values: Sequence[Any]) -> Words:
    found = np.empty(len(values), dtype=object)
    found[:] = [value or "" for value in values]
    return found
