"""The filters of the list of cases, as they stand in its address.

What cannot be used gets a sentence and is left out; the rest of the address holds.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from urllib.parse import urlencode

from amends.cases.model import CaseStatus, Category
from amends.cases.root_causes import RootCause
from amends.cases.search import LONGEST_WORDS, CaseQuery, Place, Sort, query_terms
from amends.desk import words
from amends.desk.speech import mark, tr

UNRESOLVED = "unresolved"
NO_CAUSE = "none"
MINE = "me"
FIELDS = (
    "q", "status", "category", "cause", "owner", "severity", "flag", "language", "overdue",
    "from", "to", "sort",
)  # fmt: skip

_NUMBER = re.compile(r"am-?([a-z0-9]{6})", re.IGNORECASE)
_PLACE = re.compile(r"([01])\.(\d{1,17})\.([\w-]{1,64})", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_UNKNOWN = {
    "status": mark("“{value}” is not a status, so it was left out."),
    "category": mark("“{value}” is not a category, so it was left out."),
    "cause": mark("“{value}” is not a root cause, so it was left out."),
    "owner": mark("“{value}” is nobody of the staff, so it was left out."),
    "severity": mark("“{value}” is not a severity, so it was left out."),
    "flag": mark("“{value}” is not a flag, so it was left out."),
    "language": mark("“{value}” is not a language of ours, so it was left out."),
    "sort": mark("“{value}” is not an order of the list, so it was left out."),
    "from": mark("“{value}” is not a date such as 2026-03-01, so it was left out."),
    "to": mark("“{value}” is not a date such as 2026-03-01, so it was left out."),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for."""

    fields: dict[str, str]  # as typed, for the form and for links
    query: CaseQuery
    after: Place | None
    problems: tuple[str, ...]

    @property
    def filtered(self) -> bool:
        return any(self.fields[name] for name in FIELDS if name != "sort")

    def address(self, after: Place | None = None) -> str:
        """Return the address that asks the same, or goes on behind a place."""
        shown = {name: value for name, value in self.fields.items() if value}
        if after is not None:
            shown["after"] = place_text(after)
        return "/cases" + (f"?{urlencode(shown)}" if shown else "")


def read_query(
    parameters: Mapping[str, str], people: Mapping[str, str], me: str, zone: tzinfo
) -> Asked:
    """Return what an address asks for.

    Args:
        parameters: of the address.
        people: names of all staff by id.
        me: the reader's id.
        zone: in which the dates are meant.
    """
    fields = {name: parameters.get(name, "").strip() for name in FIELDS}
    reader = _Reader(fields)
    query = _query(reader, people, me, zone)
    query = _with_words(reader, query)
    after = _read_place(parameters.get("after", ""))
    if parameters.get("after") and after is None:
        reader.problems.append(tr("This list cannot be continued; it begins anew."))
    return Asked(fields, query, after, tuple(reader.problems))


def normal_case_number(typed: str) -> str:
    """Return a case number as it is kept, however it was typed."""
    found = _NUMBER.fullmatch(typed.strip())
    return f"AM-{found[1].upper()}" if found else typed


def place_text(place: Place) -> str:
    microseconds = (place.at - _EPOCH) // timedelta(microseconds=1)
    return f"{place.phase}.{microseconds}.{place.case_id}"


class _Reader:
    """Reads one field after the other and notes what cannot be used."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = fields
        self.problems: list[str] = []

    def read[T](self, name: str, parse: Callable[[str], T | None]) -> T | None:
        value = self.fields[name]
        if not value:
            return None
        found = parse(value)
        if found is None:
            self.problems.append(tr(_UNKNOWN[name], value=value[:40]))
        return found

    def one_of[T: StrEnum](self, name: str, choices: type[T]) -> T | None:
        return self.read(name, lambda value: next((c for c in choices if c.value == value), None))

    def key_of(self, name: str, choices: Mapping[str, object]) -> str | None:
        return self.read(name, lambda value: value if value in choices else None)


def _query(reader: _Reader, people: Mapping[str, str], me: str, zone: tzinfo) -> CaseQuery:
    fields = reader.fields
    unresolved, no_cause = fields["status"] == UNRESOLVED, fields["cause"] == NO_CAUSE
    status = None if unresolved else reader.one_of("status", CaseStatus)
    first, last = (reader.read(name, _day) for name in ("from", "to"))
    if first and last and last < first:
        reader.problems.append(tr("The second date lies before the first, so nothing is found."))
    owners = {**people, "bot": "", MINE: ""}
    owner = reader.key_of("owner", owners)
    return CaseQuery(
        statuses=frozenset({status} if status else ()),
        unresolved=unresolved,
        category=reader.one_of("category", Category),
        root_cause=None if no_cause else reader.one_of("cause", RootCause),
        no_root_cause=no_cause,
        owner=me if owner == MINE else owner,
        severity=reader.key_of("severity", words.SEVERITIES),
        overdue=bool(fields["overdue"]),
        opened_from=_midnight(first, zone) if first else None,
        opened_before=_midnight(last + timedelta(days=1), zone) if last else None,
        sort=reader.one_of("sort", Sort) or Sort.DEADLINE,
    )


def _with_words(reader: _Reader, query: CaseQuery) -> CaseQuery:
    flag = reader.key_of("flag", words.FLAGS)
    language = reader.key_of("language", words.LANGUAGES)
    typed = reader.fields["q"]
    if len(typed) > LONGEST_WORDS:
        reader.problems.append(
            tr("Only the first {count} characters are searched for.", count=LONGEST_WORDS)
        )
        typed = typed[:LONGEST_WORDS]
    if _NUMBER.fullmatch(typed):
        terms = tuple(query_terms("", flag, language))
        return replace(query, number=normal_case_number(typed), terms=terms)
    terms = tuple(query_terms(typed, flag, language))
    if typed and not query_terms(typed):
        reader.problems.append(
            tr("“{typed}” is too short or too common to search for.", typed=typed[:40])
        )
    return replace(query, terms=terms)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year < 2100 else None


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _read_place(text: str) -> Place | None:
    found = _PLACE.fullmatch(text)
    if found is None:
        return None
    try:
        at = _EPOCH + timedelta(microseconds=int(found[2]))
    except OverflowError:
        return None
    return Place(int(found[1]), at, found[3])
