"""Business hours: when people are at work, and deadlines that count only those hours.

A span of hours stands on the clock at the wall: people are at work at a moment when the company's
clock shows an opening hour then. So an hour that the clock shows twice, when summer time ends, is
worked twice, and an hour that it skips is not worked at all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
MINUTES_OF_DAY = 24 * 60
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Opening hours in minutes from the midnight that begins their day; they may end after the
    next one (22:00 to 02:00 is 1320 to 1560)."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day on which other hours hold, or none."""

    name: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """An unbroken stretch of time in which people are at work, in UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Hours:
    """The company's business hours."""

    zone: ZoneInfo
    week: tuple[tuple[Span, ...], ...]  # seven days, Monday first; one of them has a span
    holidays: Mapping[date, Holiday] = field(default_factory=dict)

    def spans_of(self, day: date) -> tuple[Span, ...]:
        """Return the hours that begin on a day; those of the evening before may reach into it."""
        holiday = self.holidays.get(day)
        return self.week[day.weekday()] if holiday is None else holiday.spans

    def local(self, moment: datetime) -> datetime:
        """Return the moment as the company's clock shows it."""
        return moment.astimezone(self.zone)

    def is_open(self, moment: datetime) -> bool:
        shown = self.local(moment).replace(tzinfo=None)
        return any(
            datetime.combine(day, time()) + span.start * _MINUTE
            <= shown
            < datetime.combine(day, time()) + span.end * _MINUTE
            for day in _days_around(shown, shown)
            for span in self.spans_of(day)
        )

    def opens_at(self, moment: datetime) -> datetime:
        """Return when people are at work next: the moment itself when they are now."""
        return next(_openings(self, moment)).start

    def add(self, moment: datetime, worked: timedelta) -> datetime:
        """Return the moment by which so much working time has passed since `moment`."""
        if worked <= timedelta(0):
            return moment
        left = worked
        for opening in _openings(self, moment):
            length = opening.end - opening.start
            if left <= length:
                return opening.start + left
            left -= length
        raise AssertionError("openings never end")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return how much working time lies between two moments; none when `end` is earlier."""
        worked = timedelta(0)
        if end <= start:
            return worked
        for opening in _openings(self, start):
            if opening.start >= end:
                return worked
            worked += min(opening.end, end) - opening.start
        raise AssertionError("openings never end")


ALWAYS_OPEN = Hours(ZoneInfo("UTC"), ((Span(0, MINUTES_OF_DAY),),) * 7)
"""Somebody is at work around the clock."""


def _openings(hours: Hours, moment: datetime) -> Iterator[Opening]:
    """Yield the openings from a moment on, earliest first and without end."""
    begin = moment.astimezone(UTC)
    for number in count():
        yield from _openings_within(hours, begin + number * DAY, begin + (number + 1) * DAY)


def _openings_within(hours: Hours, start: datetime, end: datetime) -> list[Opening]:
    found = [
        opening
        for first, last in _under_one_offset(hours.zone, start, end)
        for opening in _on_one_clock(hours, first, last)
    ]
    joined: list[Opening] = []
    for opening in sorted(found, key=lambda one: one.start):
        if joined and opening.start <= joined[-1].end:
            joined[-1] = Opening(joined[-1].start, max(joined[-1].end, opening.end))
        else:
            joined.append(opening)
    return joined


def _on_one_clock(hours: Hours, start: datetime, end: datetime) -> Iterator[Opening]:
    """Yield what is open between two moments among which the clock is not changed."""
    offset = _offset(hours.zone, start)
    shown_first, shown_last = (_naive(moment) + offset for moment in (start, end))
    for day in _days_around(shown_first, shown_last):
        midnight = datetime.combine(day, time())
        for span in hours.spans_of(day):
            opens = max(shown_first, midnight + span.start * _MINUTE)
            closes = min(shown_last, midnight + span.end * _MINUTE)
            if opens < closes:
                yield Opening(
                    (opens - offset).replace(tzinfo=UTC), (closes - offset).replace(tzinfo=UTC)
                )


def _days_around(first: datetime, last: datetime) -> list[date]:
    """Return the days between two shown times, and the one before, whose evening may reach in."""
    before = first.date() - DAY
    return [before + number * DAY for number in range((last.date() - before).days + 1)]


def _under_one_offset(
    zone: ZoneInfo, start: datetime, end: datetime
) -> list[tuple[datetime, datetime]]:
    """Part a day where the clock is changed; no zone changes its clock twice in 24 hours."""
    if _offset(zone, start) == _offset(zone, end - timedelta.resolution):
        return [(start, end)]
    before, after = start, end
    while after - before > timedelta.resolution:
        middle = before + (after - before) / 2
        if _offset(zone, middle) == _offset(zone, start):
            before = middle
        else:
            after = middle
    return [(start, after), (after, end)]


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def _naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)
