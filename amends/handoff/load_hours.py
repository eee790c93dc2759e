"""Reads the company's business hours and holidays: `policies/hours.yml`, or a text of the desk."""

import datetime
import difflib
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from amends.handoff.errors import HoursError
from amends.handoff.hours import MINUTES_OF_DAY, Holiday, Hours, Span
from amends.handoff.tables import parse_table, read_text

CLOSED = "closed"
_SPAN = re.compile(r"\s*(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})\s*")


def load_hours(path: Path) -> Hours:
    """Read the business hours from a file.

    Raises:
        HoursError: the file is missing, is no YAML, or cannot be used; the sentence says where
            and what to write instead.
    """
    return parse_hours(read_text(path, HoursError), str(path))


def parse_hours(text: str, name: str) -> Hours:
    """Read the business hours from a text, which the sentence of a refusal calls by `name`.

    Raises:
        HoursError: the text is no YAML, or cannot be used.
    """
    table = parse_table(text, name, _File, HoursError)
    return Hours(
        zone=ZoneInfo(table.time_zone),
        week=tuple(getattr(table.week, day) for day in _Week.model_fields),
        holidays={one.date: Holiday(one.name, one.open) for one in table.holidays},
    )


def _read_spans(value: Any) -> tuple[Span, ...]:
    if value == CLOSED:
        return ()
    stated = value if isinstance(value, list) and value else [value]
    spans = sorted(_read_span(one) for one in stated)
    for earlier, later in pairwise(spans):
        if later.start < earlier.end:
            raise ValueError(f"{span_words(earlier)} and {span_words(later)} overlap")
    return tuple(spans)


def _read_span(stated: Any) -> Span:
    match = _SPAN.fullmatch(stated) if isinstance(stated, str) else None
    if match is None:
        raise ValueError(
            f"{stated!r} is no span of hours; write it like 09:00-17:30, several as "
            "[09:00-12:30, 13:30-18:00], or write closed"
        )
    start, end = _minutes(match[1], match[2]), _minutes(match[3], match[4])
    if start == end:
        raise ValueError(f"{stated.strip()} ends when it begins; a whole day is 00:00-24:00")
    if start == MINUTES_OF_DAY:
        raise ValueError(f"{stated.strip()} begins at 24:00; write it under the next day")
    return Span(start, end if end > start else end + MINUTES_OF_DAY)


def _minutes(hour: str, minute: str) -> int:
    total = int(hour) * 60 + int(minute)
    if int(minute) > 59 or total > MINUTES_OF_DAY:
        raise ValueError(f"{hour}:{minute} is no time of day; the last one is 24:00")
    return total


def span_words(span: Span) -> str:
    """Return a span as it is written, such as 22:00-02:00."""
    end = span.end - MINUTES_OF_DAY if span.end > MINUTES_OF_DAY else span.end
    return "-".join(f"{at // 60:02}:{at % 60:02}" for at in (span.start, end))


Spans = Annotated[tuple[Span, ...], BeforeValidator(_read_spans)]


class _Week(BaseModel):
    """Every day is stated, so that a forgotten one is not taken for a day off."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    monday: Spans
    tuesday: Spans
    wednesday: Spans
    thursday: Spans
    friday: Spans
    saturday: Spans
    sunday: Spans

    @model_validator(mode="after")
    def _opens_at_all(self) -> "_Week":
        if not any(getattr(self, day) for day in type(self).model_fields):
            raise ValueError("every day is closed; open at least one, or nobody is ever answered")
        return self


class _Holiday(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    date: datetime.date = Field(strict=True)
    name: str = Field(min_length=2)
    open: Spans = ()


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    time_zone: str
    week: _Week
    holidays: Annotated[tuple[_Holiday, ...], BeforeValidator(lambda stated: stated or ())] = ()

    @field_validator("time_zone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            near = difflib.get_close_matches(name, sorted(available_timezones()), n=1)
            hint = f"did you mean {near[0]}?" if near else "write one like Europe/London"
            raise ValueError(f"{name!r} is no time zone; {hint}") from None
        return name

    @model_validator(mode="after")
    def _dates_are_unique(self) -> "_File":
        twice = [day for day, times in Counter(h.date for h in self.holidays).items() if times > 1]
        if twice:
            raise ValueError(f"the holiday {min(twice)} stands twice")
        return self
