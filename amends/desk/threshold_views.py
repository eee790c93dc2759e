"""The table of thresholds in words, and what another one would have made of past chats."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from amends.desk import rule_words, words
from amends.desk.speech import tr, trn
from amends.desk.staff_views import moment
from amends.handoff.preview import Differing, Preview, limits_of
from amends.handoff.thresholds import Thresholds


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table."""

    id: str
    title: str
    conditions: list[str]
    priority: str
    notice: str


@dataclass(frozen=True, slots=True)
class RowCount:
    """How often a row fired by either table, where that differs."""

    title: str
    now: int
    new: int


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation that would go another way."""

    when: str
    case: str  # its number, for the link; empty: there is no case
    more: bool  # a person would come who does not come now
    by: str


@dataclass(frozen=True, slots=True)
class Comparison:
    sentences: list[str]
    rows: list[RowCount]
    chats: list[Chat]
    limits: list[str]


def rows(table: Thresholds) -> list[Row]:
    return [
        Row(
            id=one.id,
            title=tr(one.title),
            conditions=rule_words.conditions(one.when),
            priority=f"{one.priority} · {tr(words.PRIORITIES[one.priority])}",
            notice=tr(rule_words.NOTICES[one.notice]) if one.notice else "",
        )
        for one in table.rows
    ]


def targets(table: Thresholds) -> list[str]:
    """Return what the table promises, a sentence each."""
    numbers = {
        "answer_minutes": table.answer_within // timedelta(minutes=1),
        "limit_hours": table.limit_within // timedelta(hours=1),
        "queue_limit": table.queue_limit,
        "resolution_hours": table.resolve_within // timedelta(hours=1),
    }
    return [rule_words.TARGETS[name](number) for name, number in numbers.items()]


def comparison(found: Preview, in_force: Thresholds, new: Thresholds, zone: ZoneInfo) -> Comparison:
    """Say how two tables judge past chats."""
    return Comparison(
        sentences=_sentences(found),
        rows=_row_counts(found, in_force, new),
        chats=[_chat(one, in_force, new, zone) for one in found.differing],
        limits=[tr(rule_words.LIMITS[one]) for one in limits_of(in_force, new)],
    )


def _sentences(found: Preview) -> list[str]:
    if not found.looked_at:
        return [tr("No past chat could be looked at, so there is nothing to compare yet.")]
    said = [
        trn("The latest chat was looked at.", "The latest {count} chats were looked at.",
            found.looked_at),
        tr(
            "A person would have come in {now} of them by the table in force, in {new} by the new "
            "one.",
            now=found.now_sent, new=found.new_sent,
        ),
        tr("New: {more}. Not any more: {fewer}.", more=found.more, fewer=found.fewer),
    ]  # fmt: skip
    if found.other_rows:
        said.append(
            trn("In {count} chat a person would come for other reasons.",
                "In {count} chats a person would come for other reasons.", found.other_rows)
        )  # fmt: skip
    if found.cut_short:
        said.append(tr("Older ones were left out: looking at them would take too long."))
    if len(found.differing) < found.more + found.fewer:
        shown = len(found.differing)
        said.append(tr("The list shows the latest {shown} that differ.", shown=shown))
    return said


def _row_counts(found: Preview, in_force: Thresholds, new: Thresholds) -> list[RowCount]:
    ids = dict.fromkeys(row.id for row in (*new.rows, *in_force.rows))
    return [
        RowCount(_title(one, new, in_force), found.now_by_row[one], found.new_by_row[one])
        for one in ids
        if found.now_by_row[one] != found.new_by_row[one]
    ]


def _chat(one: Differing, in_force: Thresholds, new: Thresholds, zone: ZoneInfo) -> Chat:
    fired: Sequence[str] = one.new_rows or one.now_rows
    return Chat(
        when=moment(one.started_at, zone),
        case=one.case_number or "",
        more=bool(one.new_rows),
        by=", ".join(_title(row_id, new, in_force) for row_id in fired),
    )


def _title(row_id: str, *tables: Thresholds) -> str:
    found = next((row for table in tables if (row := table.row(row_id))), None)
    return tr(found.title) if found else row_id
