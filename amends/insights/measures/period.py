"""Periods of time, and the weeks or days that they fall into."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from amends.insights.table import Table

WEEK, DAY = timedelta(days=7), timedelta(days=1)
MOST_DAYS_SHOWN = 14
"""Up to so many days are drawn day by day, more by weeks."""


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` on, up to but without `until`."""

    since: datetime
    until: datetime

    @property
    def length(self) -> timedelta:
        return self.until - self.since

    @property
    def before(self) -> "Period":
        """The period of the same length that ends where this one begins."""
        return Period(self.since - self.length, self.since)

    @property
    def step(self) -> timedelta:
        """How long one of `spans` is."""
        return WEEK if self.length > MOST_DAYS_SHOWN * DAY else DAY

    def spans(self) -> list["Period"]:
        """Return the whole weeks (of a short period: days) up to the end, the earliest first.

        What is left over at the beginning makes no week and is left out.
        """
        return spans_before(self.until, self.step, self.length // self.step)


def spans_before(until: datetime, step: timedelta, count: int) -> list[Period]:
    """Return so many spans that follow each other and end at `until`, the earliest first."""
    starts = [until - place * step for place in range(count, 0, -1)]
    return [Period(start, start + step) for start in starts]


def split(table: Table, spans: list[Period]) -> list[Table]:
    """Return the rows of each span; the table is in order of `started_at`, as it is read."""
    started = table.numbers("started_at")
    edges = [span.since.timestamp() for span in spans]
    ends = [span.until.timestamp() for span in spans]
    starts = np.searchsorted(started, edges, side="left")
    stops = np.searchsorted(started, ends, side="left")
    pairs = zip(starts, stops, strict=True)
    return [table.part(int(start), int(stop)) for start, stop in pairs]
