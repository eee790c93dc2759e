"""Tables of facts, each row with only what a test cares about."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from amends.insights.facts import ConversationFacts, Result, day_of
from amends.insights.measures.period import Period
from amends.insights.table import Table
from tests.insights.action_samples import facts

UNTIL = datetime(2026, 11, 29, 12, tzinfo=UTC)
FOUR_WEEKS = Period(UNTIL - timedelta(days=28), UNTIL)


def told(number: int, days_ago: float = 1.0, **changes: Any) -> ConversationFacts:
    """Return a complaint that ended, about something damaged, unless a test says otherwise."""
    at = UNTIL - timedelta(days=days_ago)
    plain = facts(f"c{number}", at.date(), result=Result.RESOLVED_BY_STAFF.value)
    known: dict[str, Any] = {"resolution_seconds": 60.0} | changes
    return replace(plain, started_at=at, day=day_of(at), **known)


def table(rows: Iterable[ConversationFacts], names: Sequence[str]) -> Table:
    """Return these columns in order of time, as the database gives them."""
    known = [asdict(row) for row in sorted(rows, key=lambda row: row.started_at)]
    return Table({name: [row[name] for row in known] for name in names})


def rows(count: int, **changes: Any) -> list[ConversationFacts]:
    return [told(number, **changes) for number in range(count)]


def mixed(*groups: tuple[int, Mapping[str, Any]]) -> list[ConversationFacts]:
    """Return so many rows of each kind."""
    found: list[ConversationFacts] = []
    for count, changes in groups:
        found += [told(len(found) + place, **changes) for place in range(count)]
    return found
