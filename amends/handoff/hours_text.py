"""Business hours as a form has them, and the YAML that says the same."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from amends.handoff.hours import Hours, Span
from amends.handoff.load_hours import CLOSED, span_words

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_BETWEEN = re.compile(r"[,;，、；]")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_NEVER_FOLDED = 1_000_000
_PLAIN = frozenset(" '’.-")
"""Beside letters and digits, what stands in a name without quotes."""


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A date with hours of its own, as it is typed; no hours: closed."""

    date: str = ""
    name: str = ""
    open: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.date.strip() or self.name.strip() or self.open.strip())


@dataclass(frozen=True, slots=True)
class HoursForm:
    """Business hours as they are typed; nothing is checked yet."""

    zone: str
    week: tuple[str, ...]  # seven days, Monday first; several spans with a comma in between
    special: tuple[SpecialDay, ...] = ()


def form_of(hours: Hours) -> HoursForm:
    """Return the form that says these hours."""
    return HoursForm(
        zone=hours.zone.key,
        week=tuple(_typed(spans) for spans in hours.week),
        special=tuple(
            SpecialDay(day.isoformat(), one.name, _typed(one.spans))
            for day, one in sorted(hours.holidays.items())
        ),
    )


def yaml_of(form: HoursForm) -> str:
    """Return the text of a form; what was mistyped is in it, for the check to find."""
    special = CommentedSeq([_special(one) for one in form.special if not one.is_empty])
    if not special:
        special.fa.set_flow_style()
    table = CommentedMap(
        {
            "time_zone": form.zone.strip(),
            "week": CommentedMap(
                {day: _spans(typed) for day, typed in zip(DAYS, form.week, strict=True)}
            ),
            "holidays": special,
        }
    )
    written = StringIO()
    yaml = YAML(pure=True)
    yaml.width = _NEVER_FOLDED
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.dump(table, written)
    return written.getvalue()


def _special(one: SpecialDay) -> CommentedMap:
    said: dict[str, Any] = {"date": _date(one.date.strip()), "name": _quoted(one.name.strip())}
    if one.open.strip():
        said["open"] = _spans(one.open)
    entry = CommentedMap(said)
    entry.fa.set_flow_style()
    return entry


def _quoted(name: str) -> str:
    """Quote what YAML would read otherwise; words stay as they were typed."""
    is_plain = all(letter.isalnum() or letter in _PLAIN for letter in name)
    return name if is_plain and name[:1].isalpha() else DoubleQuotedScalarString(name)


def _date(typed: str) -> date | str:
    if not _DATE.fullmatch(typed):
        return typed
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return typed


def _spans(typed: str) -> str | CommentedSeq:
    stated = [part.strip() for part in _BETWEEN.split(typed) if part.strip()]
    if len(stated) < 2:
        return stated[0] if stated else CLOSED
    several = CommentedSeq(stated)
    several.fa.set_flow_style()
    return several


def _typed(spans: Sequence[Span]) -> str:
    return ", ".join(span_words(span) for span in spans)
