"""Dates, times and spans of time in a text, in English, Chinese and plain figures."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from tests.adversarial.number_words import CHINESE, ENGLISH, chinese_number, english_number

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s+(?P<year>\d{4}))?"
_DAYS = (
    re.compile(rf"(?<![\d.]){_DAY}(?:\s+of)?\s+{_MONTH}\b{_YEAR}", re.I),
    re.compile(rf"\b{_MONTH}\s+{_DAY}(?![\d:]){_YEAR}", re.I),
    re.compile(r"(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]"),
    re.compile(r"(?<!\d)(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?!\d)"),
    re.compile(r"(?<![\d/])(?P<day>\d{1,2})[/.](?P<month>\d{1,2})[/.](?P<year>\d{4})(?!\d)"),
)
_TIME = re.compile(r"(?<![\d:])(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2}(?:\.\d+)?)?(?![\d:])")

_UNITS = {
    "minute": r"minutes?|mins?|分钟",
    "hour": r"hours?|hrs?|个?小时|个?钟头",
    "day": r"(?:working |business )?days?|个?工作日|天",
    "week": r"weeks?|fortnights?|个?星期|周",
    "month": r"months?|个月",
    "year": r"years?|年",
}
_SPAN = re.compile(
    rf"(?:(?P<number>(?<![\d.,])\d+)|(?P<english>{ENGLISH})|(?P<chinese>{CHINESE}))[\s-]?"
    rf"(?:{'|'.join(rf'(?P<{name}>(?:{words})(?![a-z]))' for name, words in _UNITS.items())})",
    re.I,
)
_RELATIVE = re.compile(
    r"\b(?:tomorrow|today|tonight|this (?:week|weekend|month|afternoon|evening)"
    r"|next (?:week|month|year|monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
    r"|(?:on |by |until |before )?(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|end of (?:the |this )?(?:day|week|month|year)|overnight|by noon|by midnight)\b"
    r"|今天|明天|后天|今晚|本周|下周|本月|下个?月|月底|年底|(?:星期|周|礼拜)[一二三四五六日天]",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Said:
    """A time as it stands in a text.

    One of: a `day` (month and day, the year if it is said), a time of day (`at`), a `span`
    (number and unit), or nothing but words ("tomorrow").
    """

    start: int
    end: int
    words: str
    day: tuple[int | None, int, int] | None = None
    at: time | None = None
    span: tuple[int, str] | None = None

    def is_day(self, day: date) -> bool:
        if self.day is None:
            return False
        year, month, number = self.day
        return (month, number) == (day.month, day.day) and year in (None, day.year)

    def is_time(self, moment: datetime) -> bool:
        return self.at == time(moment.hour, moment.minute)


def find_times(text: str) -> list[Said]:
    """Return the times in a text that `plain` has gone over; the longer reading counts."""
    found = [said for read in (_days, _hours, _spans, _words) for said in read(text)]
    kept: list[Said] = []
    for one in sorted(found, key=lambda one: (one.start - one.end, one.start)):
        if all(one.end <= other.start or one.start >= other.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


def _days(text: str) -> list[Said]:
    return [
        _said(match, day=(_number(match["year"]), _month(match["month"]), int(match["day"])))
        for pattern in _DAYS
        for match in pattern.finditer(text)
    ]


def _month(written: str) -> int:
    return int(written) if written.isdigit() else _MONTHS.index(written[:3].lower()) + 1


def _number(written: str | None) -> int | None:
    return int(written) if written else None


def _hours(text: str) -> list[Said]:
    found = []
    for match in _TIME.finditer(text):
        hour, minute = int(match["hour"]), int(match["minute"])
        known = hour < 24 and minute < 60
        found.append(_said(match, at=time(hour, minute) if known else None))
    return found


_READERS: dict[str, Callable[[str], object]] = {
    "number": int,
    "english": english_number,
    "chinese": chinese_number,
}


def _spans(text: str) -> list[Said]:
    found = []
    for match in _SPAN.finditer(text):
        unit = next(name for name in _UNITS if match[name])
        kind = next(name for name in _READERS if match[name])
        count = int(str(_READERS[kind](match[kind])))
        found.append(_said(match, span=(count, unit)))
    return found


def _words(text: str) -> list[Said]:
    return [_said(match) for match in _RELATIVE.finditer(text)]


def _said(match: re.Match[str], **what: object) -> Said:
    return Said(match.start(), match.end(), match[0], **what)  # type: ignore[arg-type]
