"""Facts of conversations for actions on causes, each with only what a test cares about."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from amends.cases.root_causes import RootCause
from amends.conversations.model import Conversation, ConversationId, Mode
from amends.insights.facts import ConversationFacts, Result, day_of
from amends.storage import SqlUnitOfWork

_HALF = dict.fromkeys(
    (
        "outcome",
        "process",
        "treatment",
        "reliability",
        "responsiveness",
        "assurance",
        "empathy",
        "tangibles",
    ),
    3.0,
)
_UNKNOWN = dict.fromkeys(
    (
        "case_id",
        "case_number",
        "warehouse",
        "carrier",
        "product",
        "handoff_reason",
        "handoff_right",
        "answer_mark",
        "first_answer_seconds",
        "person_answer_seconds",
        "resolution_seconds",
        "remedy_kind",
        "currency",
        "csat",
        "csat_reason",
        "ces",
        "nps",
        "expectation",
        "felt_reliability",
        "felt_responsiveness",
        "felt_assurance",
        "felt_empathy",
        "felt_tangibles",
        "mood_start",
        "mood_end",
        "review_share",
    )
)


def facts(conversation_id: str, day: date, **changes: Any) -> ConversationFacts:
    """Return the facts of a conversation that began at noon of a day."""
    at = datetime.combine(day, time(12), UTC)
    plain = ConversationFacts(
        conversation_id=conversation_id,
        started_at=at,
        day=day_of(at),
        language="en",
        messages=6,
        category="damaged_item",
        root_cause=RootCause.PACKAGING.value,
        severity="low",
        result=Result.OPEN.value,
        repeat=False,
        handed_off=False,
        promises_kept=0,
        promises_broken=0,
        remedy_minor=0,
        survey_asked=False,
        predicted=3.0,
        confidence=0.7,
        review="",
        **_HALF,
        **_UNKNOWN,
    )
    return replace(plain, **changes)


def store(uow: SqlUnitOfWork, *rows: ConversationFacts) -> None:
    """Store conversations without messages, and their facts."""
    for one in rows:
        talk_id = ConversationId(one.conversation_id)
        uow.conversations.add(Conversation(talk_id, Mode.BOT, "en", 1, 0, one.started_at), "key")
    uow.facts.save(rows)


def seed_facts(
    uow: SqlUnitOfWork,
    done_on: date,
    weekly_before: tuple[int, ...],
    weekly_after: tuple[int, ...],
    **changes: Any,
) -> None:
    """Store so many conversations a week before a day, oldest first, and after it."""
    starts = [done_on - timedelta(weeks=back) for back in range(len(weekly_before), 0, -1)]
    starts += [done_on + timedelta(days=1, weeks=ahead) for ahead in range(len(weekly_after))]
    counts = (*weekly_before, *weekly_after)
    for start, count in zip(starts, counts, strict=True):
        days = [start + timedelta(days=index % 7) for index in range(count)]
        store(
            uow,
            *(facts(f"{day}-{index}", day, **changes) for index, day in enumerate(days)),
        )
