"""The filters on top of the insights pages, as they stand in their address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from urllib.parse import urlencode

from amends.desk import words
from amends.desk.speech import mark, tr
from amends.insights.measures.period import Period
from amends.insights.table import FactsQuery, Wanted

LASTS = (7, 28, 91, 364)
USUAL = 28
FIELDS = ("last", "from", "to", "category", "language")

_UNKNOWN = {
    "last": mark("“{value}” is not a number of days to choose, so the last 28 days are shown."),
    "category": mark("“{value}” is not a category, so it was left out."),
    "language": mark("“{value}” is not a language of ours, so it was left out."),
    "from": mark("“{value}” is not a date such as 2026-03-01, so it was left out."),
    "to": mark("“{value}” is not a date such as 2026-03-01, so it was left out."),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: when, and of which category and language."""

    fields: Mapping[str, str]  # as understood; what is empty is not asked for
    period: Period
    problems: tuple[str, ...]

    @property
    def kept(self) -> str:
        """Return the query of an address that asks the same, with its question mark, or nothing."""
        shown = {name: self.fields[name] for name in FIELDS if self.fields[name]}
        return f"?{urlencode(shown)}" if shown else ""

    @property
    def equal(self) -> dict[str, Wanted]:
        return {name: self.fields[name] for name in ("category", "language") if self.fields[name]}

    @property
    def has_own_dates(self) -> bool:
        return bool(self.fields["from"] or self.fields["to"])

    def query(self, period: Period) -> FactsQuery:
        return FactsQuery(period.since, period.until, equal=self.equal)


@dataclass(frozen=True, slots=True)
class Links:
    """Where the numbers of a page lead: to the conversations behind each."""

    asked: Asked

    def to(self, span: Period | None = None, /, **filters: str) -> str:
        """Return the address of the list of conversations of a span that pass all filters."""
        when = span or self.asked.period
        fixed = {name: self.asked.fields[name] for name in ("category", "language")}
        shown = {"since": instant(when.since), "until": instant(when.until), **fixed, **filters}
        return "/insights/conversations?" + urlencode({k: v for k, v in shown.items() if v})


def read_asked(parameters: Mapping[str, str], now: datetime, zone: tzinfo) -> Asked:
    """Return what an address asks for.

    Args:
        now: Where the last days end.
        zone: In which own dates are meant.
    """
    fields = {name: parameters.get(name, "").strip() for name in FIELDS}
    problems: list[str] = []

    def leave_out(name: str) -> None:
        problems.append(tr(_UNKNOWN[name], value=fields[name][:40]))
        fields[name] = ""

    known = {"category": words.CATEGORIES, "language": words.LANGUAGES}
    for name, table in known.items():
        if fields[name] and fields[name] not in table:
            leave_out(name)
    if fields["last"] and fields["last"] not in map(str, LASTS):
        leave_out("last")
    days = {name: _day(fields[name]) for name in ("from", "to")}
    for name, day in days.items():
        if fields[name] and day is None:
            leave_out(name)
    if days["from"] or days["to"]:
        fields["last"] = ""
        return Asked(fields, _own(days["from"], days["to"], now, zone, problems), tuple(problems))
    length = timedelta(days=int(fields["last"] or USUAL))
    until = now.replace(microsecond=0)
    return Asked(fields, Period(until - length, until), tuple(problems))


def instant(moment: datetime) -> str:
    """Return a moment as addresses have it."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def read_instant(text: str) -> datetime | None:
    try:
        found = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return found if 2000 <= found.year < 2100 else None


def _own(
    first: date | None, last: date | None, now: datetime, zone: tzinfo, problems: list[str]
) -> Period:
    last = last or max(now.astimezone(zone).date(), first or date.min)
    first = first or last - timedelta(days=USUAL - 1)
    if last < first:
        problems.append(tr("The second date lies before the first; they were exchanged."))
        first, last = last, first
    since = _midnight(first, zone)
    until = min(_midnight(last + timedelta(days=1), zone), now.replace(microsecond=0))
    return Period(since, max(until, since + timedelta(days=1)))


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year < 2100 else None


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
