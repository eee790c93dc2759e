"""Conversations as they are seen before and after a message."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from amends.cases.model import Case, CaseId, CaseStatus, Category, NextStep
from amends.compensation.model import DecisionRecord
from amends.conversations.model import (
    Conversation,
    ConversationId,
    Message,
    Mode,
    Role,
    Seq,
    Understanding,
)
from amends.handoff.model import Handoff, HandoffState
from amends.training.playground.model import Seen

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
ID = ConversationId("c-1")


def message(seq: int, text: str, role: Role = Role.CUSTOMER, **more: Any) -> Message:
    return Message(ID, Seq(seq), role, text, NOW + timedelta(seconds=seq), **more)


def understood(**changes: Any) -> Understanding:
    plain = Understanding(
        intent="report_not_received",
        confidence=0.91,
        complaint=True,
        category="not_received",
        secondary=(),
        sentiment=-0.6,
        sentiment_label="neg",
        flags=frozenset(),
        severity="low",
        waiting_hours=None,
        language="en",
    )
    return replace(plain, **changes)


def seen(*messages: Message, **more: Any) -> Seen:
    last = max((one.seq for one in messages), default=0)
    plain: dict[str, Any] = {
        "conversation": Conversation(ID, Mode.BOT, "en", 1, last, NOW),
        "messages": messages,
        "understood": {},
        "assessment": None,
    }
    return Seen(**(plain | more))


def case(**changes: Any) -> Case:
    plain = Case(
        id=CaseId("k-1"),
        number="AM-AAAAAA",
        conversation_id=ID,
        category=Category.NOT_RECEIVED,
        status=CaseStatus.OPEN,
        opened_at=NOW,
        opened_by_seq=2,
        owner="bot",
        next_step=NextStep.CUSTOMER_ANSWERS,
    )
    return replace(plain, **changes)


def handoff(*reasons: str) -> Handoff:
    return Handoff("h-1", ID, None, HandoffState.WAITING, 2, reasons, NOW, NOW, NOW)


def decision(number: int = 1, **changes: Any) -> DecisionRecord:
    said: dict[str, Any] = {
        "outcome": "remedy",
        "alternatives": [
            [
                {
                    "kind": "refund",
                    "recovery": "compensatory",
                    "part": "entitlement",
                    "amount": {"amount_minor": 5895, "currency": "GBP"},
                    "clauses": ["late-refund"],
                    "title": {"en": "A full refund"},
                    "due_days": 5,
                    "quantity": None,
                    "choice_group": None,
                }
            ]
        ],
        "clauses": ["late-refund"],
        "caps": [],
        "facts_used": {"days_late": 6, "lost": False, "tier": None, "tags": ["a", "b"]},
        "explanation": ["late-refund grants a refund of GBP 58.95"],
        "customer_reason": {"en": "Your order is late."},
        "rungs": 2,
        "rung": 0,
        "policy": "retail",
        "version": "2026-01",
    }
    return DecisionRecord(
        f"d-{number}", "k-1", NOW, "retail", "2026-01", "bot", 0, {}, "remedy", said | changes
    )
