"""Values to store, each with only what a test does not care about filled in."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from amends.cases.model import Case, CaseId, CaseStatus, Category, Promise
from amends.cases.root_causes import RootCause
from amends.compensation.model import DecisionRecord, Offer, Remedy, Step
from amends.conversations.model import (
    Conversation,
    ConversationId,
    Draft,
    Mode,
    Role,
    Understanding,
)
from amends.handoff.model import Handoff, HandoffState, StaffMember, StaffRole
from amends.insights.actions import ActionState, CauseAction, Plan
from amends.storage import Database
from amends.values import Money

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def conversation(conversation_id: str = "c1", **changes: Any) -> Conversation:
    plain = Conversation(ConversationId(conversation_id), Mode.BOT, "en", 1, 0, NOW)
    return replace(plain, **changes)


def customer_says(text: str = "My chair is broken") -> Draft:
    return Draft(Role.CUSTOMER, text)


def bot_says(text: str = "I am sorry", **changes: Any) -> Draft:
    return replace(Draft(Role.BOT, text), **changes)


def understanding(**changes: Any) -> Understanding:
    plain = Understanding(
        intent="report_damaged_item",
        confidence=0.8,
        complaint=True,
        category="damaged_item",
        secondary=("not_received",),
        sentiment=-0.5,
        sentiment_label="neg",
        flags=frozenset({"legal", "media"}),
        severity="high",
        waiting_hours=72.0,
        language="en",
        parse={"intent": {"name": "report_damaged_item"}, "entities": []},
    )
    return replace(plain, **changes)


def case(case_id: str = "k1", **changes: Any) -> Case:
    plain = Case(
        id=CaseId(case_id),
        number=f"AM-{case_id}",
        conversation_id="c1",
        category=Category.DAMAGED_ITEM,
        status=CaseStatus.OPEN,
        opened_at=NOW,
        opened_by_seq=1,
        owner="bot",
        next_step="customer_answers",
    )
    return replace(plain, **changes)


def promise(promise_id: str = "p1", **changes: Any) -> Promise:
    plain = Promise(promise_id, CaseId("k1"), "refund", NOW + DAY, NOW, "bot")
    return replace(plain, **changes)


def decision(decision_id: str = "d1", **changes: Any) -> DecisionRecord:
    plain = DecisionRecord(
        id=decision_id,
        case_id="k1",
        at=NOW,
        policy="retail",
        version="2026-01-01",
        role="bot",
        rung=0,
        facts={"days_late": 6, "waiting_hours": None},
        outcome="remedy",
        decision={"remedies": [{"kind": "voucher", "amount_minor": 500}]},
    )
    return replace(plain, **changes)


def remedy(remedy_id: str = "r1", **changes: Any) -> Remedy:
    plain = Remedy(
        id=remedy_id,
        offer_id="o1",
        case_id="k1",
        alternative=0,
        kind="voucher",
        recovery="compensatory",
        part="goodwill",
        amount=Money(500, "GBP"),
        clauses=("late-voucher",),
        title={"en": "Voucher"},
        due_days=5,
        state=Step.OFFERED,
        customer_key="cus-1",
    )
    return replace(plain, **changes)


def offer(offer_id: str, *remedies: Remedy, **changes: Any) -> Offer:
    mine = tuple(replace(one, offer_id=offer_id) for one in remedies)
    plain = Offer(offer_id, "k1", "d1", 0, NOW, NOW + DAY, "bot", mine)
    return replace(plain, **changes)


def handoff(handoff_id: str = "h1", **changes: Any) -> Handoff:
    plain = Handoff(
        id=handoff_id,
        conversation_id="c1",
        case_id=None,
        state=HandoffState.WAITING,
        priority=2,
        reasons=("customer_asked",),
        requested_at=NOW,
        answer_due_at=NOW + HOUR / 2,
        limit_due_at=NOW + 3 * HOUR,
    )
    return replace(plain, **changes)


def staff(staff_id: str = "s-ana", login: str = "ana", **changes: Any) -> StaffMember:
    return replace(StaffMember(staff_id, login, login.title(), StaffRole.AGENT), **changes)


def action(action_id: str = "a1", **changes: Any) -> CauseAction:
    plan = Plan("Stronger cartons", "", RootCause.PACKAGING, None, "s-ana", NOW.date())
    plain = CauseAction(action_id, plan, ActionState.PLANNED, 1, NOW, "s-ana", NOW, "s-ana")
    return replace(plain, **changes)


def given(db: Database, *conversations: str, case_ids: tuple[str, ...] = ()) -> None:
    """Store conversations with one message each, and cases of the first of them."""
    names = conversations or ("c1",)
    with db.write() as uow:
        for name in names:
            uow.conversations.add(conversation(name), f"hash of {name}")
            uow.conversations.append(name, customer_says(), NOW)
        for case_id in case_ids:
            uow.cases.add(case(case_id, conversation_id=names[0]))
        uow.commit()
