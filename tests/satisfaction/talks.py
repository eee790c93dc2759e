"""Conversations written as lines, for reviews: `talk("c: Hi", "b: Hello")`; what a review finds.

Lines begin with who speaks (c, b, p for a person, s for the system); a minute passes between two.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from amends.cases.model import Case, CaseEntry, CaseId, CaseStatus, Category
from amends.compensation.model import Offer
from amends.conversations.model import ConversationId, Delivery, Message, Role, Seq
from amends.handoff.model import Handoff, HandoffState
from amends.satisfaction.quality import Course, Criterion, Finding, review
from tests.support.shop import understanding

BEGAN = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
ROLES = {"c": Role.CUSTOMER, "b": Role.BOT, "p": Role.STAFF, "s": Role.SYSTEM}
NUMBER = "AM-7K3F9D"


def at(seq: float) -> datetime:
    """The moment of a message; halves lie between two."""
    return BEGAN + timedelta(minutes=seq)


def talk(*lines: str, cards: dict[int, dict[str, Any]] | None = None, **parts: Any) -> Course:
    messages = [_message(seq, line, cards or {}) for seq, line in enumerate(lines, 1)]
    return Course(messages=messages, **({"understood": {}} | parts))


def _message(seq: int, line: str, cards: dict[int, dict[str, Any]]) -> Message:
    who, _, text = line.partition(": ")
    text, _, payload = text.partition(" -> ")
    role = ROLES[who]
    return Message(
        conversation_id=ConversationId("c1"),
        seq=Seq(seq),
        role=role,
        text=text,
        at=at(seq),
        payload=payload or None,
        card=cards.get(seq),
        delivery=Delivery.ANSWERED if role is Role.CUSTOMER else None,
    )


def complaint(seq: int = 1, **changes: Any) -> dict[int, Any]:
    """What was read in the message that complains."""
    plain = {"complaint": True, "category": "not_received"}
    return {seq: understanding(**(plain | changes))}


def case(seq: int = 1, **changes: Any) -> Case:
    """A case that the message `seq` opened, before it was answered."""
    plain = Case(
        id=CaseId("k1"),
        number=NUMBER,
        conversation_id="c1",
        category=Category.NOT_RECEIVED,
        status=CaseStatus.OPEN,
        opened_at=at(seq + 0.5),
        opened_by_seq=seq,
        owner="bot",
        next_step="customer_answers",
    )
    return replace(plain, **changes)


def closed(after: float, **changes: Any) -> Case:
    return case(status=CaseStatus.RESOLVED, closed_at=at(after + 0.5), **changes)


def entry(kind: str, since: float, actor: str, **data: Any) -> CaseEntry:
    return CaseEntry(CaseId("k1"), at(since + 0.5), actor, kind, data)


def offer(after: float) -> Offer:
    made_at = at(after + 0.5)
    return Offer("o1", "k1", "d1", 0, made_at, made_at + timedelta(days=7), "bot", ())


def handoff(after: float, **changes: Any) -> Handoff:
    plain = Handoff(
        id="h1",
        conversation_id="c1",
        case_id=None,
        state=HandoffState.WAITING,
        priority=3,
        reasons=("customer_asked",),
        requested_at=at(after + 0.5),
        answer_due_at=at(after + 30),
        limit_due_at=at(after + 180),
    )
    return replace(plain, **changes)


def found(criterion: Criterion, course: Course) -> Finding:
    return review(course).findings[criterion]


def result(criterion: Criterion, course: Course) -> tuple[bool | None, int | None]:
    finding = found(criterion, course)
    return finding.met, finding.seq
