"""What came up far more often in the last seven days than in the weeks before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import numpy as np

from amends.insights.measures.period import WEEK, Period, spans_before
from amends.insights.statistics.bursts import Burst, bursts
from amends.insights.table import Codes, Table

COLUMNS = ("category", "warehouse", "carrier", "product")
NAMES = ("started_at", *COLUMNS)
MOST = 8
WEEKS_BEFORE = 12
WATCHED: tuple[tuple[str, ...], ...] = (
    ("category",),
    ("category", "warehouse"),
    ("category", "carrier"),
    ("category", "product"),
    ("product",),
)
"""The columns whose combinations are watched, each for itself."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """A combination that bursts, and its counts of each week up to now, the present one last."""

    keys: tuple[tuple[str, str], ...]  # column and word
    burst: Burst
    weeks: tuple[int, ...]
    span: Period  # the seven days


def watched_since(until: datetime) -> datetime:
    """Return from when on conversations are needed for the alarms of a moment."""
    return until - (WEEKS_BEFORE + 1) * WEEK


def alarms(table: Table, until: datetime, known_since: datetime) -> tuple[Alarm, ...]:
    """Return what bursts in the seven days before `until`, the surest first.

    Damaged goods from one warehouse make all damaged goods burst, and those of each carrier. So
    what the surest alarm counts is taken out before the next one is looked for: every further
    alarm stands for complaints that no earlier one explains.

    Args:
        table: The conversations since `watched_since(until)`, in order of time.
        known_since: From when on there are conversations at all; weeks that begin earlier do not
            count, for they would make everything since then look like a burst.
    """
    spans = spans_before(until, WEEK, WEEKS_BEFORE + 1)
    spans = [span for span in spans if span.since >= known_since]
    if len(spans) < 2:
        return ()
    found: list[Alarm] = []
    left = _tallies(table, spans)
    while len(found) < MOST and (one := _surest(left, spans[-1])) is not None:
        found.append(one)
        left = [tally for tally in left if not _counts_in(tally, one)]
    return tuple(found)


class _Tally(NamedTuple):
    """How often one combination of all watched columns came up in each week."""

    words: Mapping[str, str]
    weeks: Codes


def _tallies(table: Table, spans: list[Period]) -> list[_Tally]:
    complaints = table.where(table.words("category") != "")
    if not len(complaints):
        return []
    edges = [span.since.timestamp() for span in spans]
    week = np.searchsorted(edges, complaints.numbers("started_at"), side="right") - 1
    found, codes = complaints.coded(*COLUMNS)
    inside = week >= 0
    places = codes[inside] * len(spans) + week[inside]
    counts = np.bincount(places, minlength=len(found) * len(spans)).reshape(len(found), len(spans))
    return [
        _Tally(dict(zip(COLUMNS, words, strict=True)), row)
        for words, row in zip(found, counts, strict=True)
    ]


def _surest(tallies: list[_Tally], span: Period) -> Alarm | None:
    """Return the surest of all combinations, of which all are one family: each is a chance more
    for a false alarm."""
    together = _together(tallies)
    numbered = {str(place): weeks.tolist() for place, weeks in enumerate(together.values())}
    found = bursts(
        {place: weeks[-1] for place, weeks in numbered.items()},
        {place: weeks[:-1] for place, weeks in numbered.items()},
    )
    if not found:
        return None
    surest = min(found, key=lambda one: (one.q, one.p, -one.ratio))
    keys = list(together)[int(surest.key)]
    return Alarm(keys, surest, tuple(numbered[surest.key]), span)


def _together(tallies: list[_Tally]) -> dict[tuple[tuple[str, str], ...], Codes]:
    """Add up the weeks of each combination of each of the watched columns."""
    together: dict[tuple[tuple[str, str], ...], Codes] = {}
    for tally in tallies:
        for names in WATCHED:
            keys = tuple((name, tally.words[name]) for name in names)
            if all(word for _, word in keys):
                together[keys] = together.get(keys, 0) + tally.weeks
    return together


def _counts_in(tally: _Tally, alarm: Alarm) -> bool:
    return all(tally.words[name] == word for name, word in alarm.keys)
