"""The filters of the review queue, as they stand in its address.

What cannot be used gets a sentence and is left out; the rest of the address holds.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from urllib.parse import urlencode

from amends.desk import words
from amends.desk.speech import tr
from amends.training.review.model import Place, Query, Reason, State

PATH = "/training"
FIELDS = ("state", "reason", "language", "intent", "from", "to")
SHOWN = (*Reason,)[:-1]
"""Unseen words alone are never shown."""

_PLACE = re.compile(r"(\d{1,9})\.(\d{1,18})", re.ASCII)
_NUMBER = re.compile(r"\d{1,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for."""

    fields: dict[str, str]  # as typed, for the form and for links
    query: Query
    after: Place | None
    at: int | None  # the row that is open
    problems: tuple[str, ...] = ()

    @property
    def filtered(self) -> bool:
        return any(self.fields[name] for name in FIELDS if name != "state")

    def address(self, **more: str) -> str:
        """Return the address of this list, at the same page, with more in it."""
        kept = {name: value for name, value in self.fields.items() if value}
        if self.after is not None and "after" not in more:
            kept["after"] = place_text(self.after)
        kept |= {name: value for name, value in more.items() if value}
        return PATH + (f"?{urlencode(kept)}" if kept else "")

    @property
    def first_page(self) -> str:
        return self.address(after="") if self.after else ""


def read_query(parameters: Mapping[str, str], zone: tzinfo) -> Asked:
    """Return what an address, or the fields of a form, ask for; days are meant in the zone."""
    fields = {name: parameters.get(name, "").strip()[:80] for name in FIELDS}
    problems: list[str] = []
    reason = _one_of(fields, "reason", {one.value: one for one in SHOWN}, problems)
    language = _one_of(fields, "language", dict(zip(*[words.LANGUAGES] * 2, strict=True)), problems)
    first, last = (_day(fields, name, problems) for name in ("from", "to"))
    query = Query(
        state=State.DECIDED if fields["state"] == State.DECIDED else State.OPEN,
        reason=reason,
        language=language,
        intent=fields["intent"] or None,
        since=_midnight(first, zone) if first else None,
        before=_midnight(last + timedelta(days=1), zone) if last else None,
    )
    at = parameters.get("at", "")
    return Asked(
        fields,
        query,
        _read_place(parameters.get("after", "")),
        int(at) if _NUMBER.fullmatch(at) else None,
        tuple(problems),
    )


def place_text(place: Place) -> str:
    return f"{place.rank}.{place.id}"


def _one_of[T](
    fields: dict[str, str], name: str, choices: Mapping[str, T], problems: list[str]
) -> T | None:
    value = fields[name]
    if not value or value in choices:
        return choices.get(value)
    problems.append(tr("“{value}” is nothing to filter by, so it was left out.", value=value[:40]))
    fields[name] = ""
    return None


def _day(fields: dict[str, str], name: str, problems: list[str]) -> date | None:
    value = fields[name]
    try:
        found = date.fromisoformat(value) if value else None
    except ValueError:
        found = None
    if found and 2000 <= found.year < 2100:
        return found
    if value:
        fields[name] = ""
        problems.append(
            tr("“{value}” is not a date such as 2026-03-01, so it was left out.", value=value[:40])
        )
    return None


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _read_place(text: str) -> Place | None:
    found = _PLACE.fullmatch(text)
    return Place(int(found[1]), int(found[2])) if found else None
