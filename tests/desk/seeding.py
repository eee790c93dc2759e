"""Chats as they come to the desk, made through the same use cases as in the field."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from amends.cases import use_cases as cases
from amends.cases.details import Detail
from amends.cases.model import Category
from amends.cases.use_cases import Complaint
from amends.compensation import use_cases as compensation
from amends.compensation.policy import Policy
from amends.conversations import use_cases as conversations
from amends.conversations.model import Delivery, Draft, Role, Understanding
from amends.conversations.use_cases import Posting
from amends.handoff import use_cases as handoff
from amends.handoff.model import StaffMember, StaffRole
from amends.handoff.thresholds import Thresholds
from amends.storage import Database
from amends.storage.passwords import hash_password
from amends.values import new_id

PASSWORD = "correct horse battery"


@dataclass(frozen=True, slots=True)
class Chat:
    conversation_id: str
    handoff_id: str
    case_id: str


def understood(category: str, sentiment: float, flags: tuple[str, ...] = ()) -> Understanding:
    return Understanding(
        intent=f"report_{category}",
        confidence=0.9,
        complaint=True,
        category=category,
        secondary=(),
        sentiment=sentiment,
        sentiment_label="neg" if sentiment < -0.2 else "neu",
        flags=frozenset(flags),
        severity="high" if sentiment < -0.6 else "medium",
        waiting_hours=None,
        language="en",
    )


hashed = cache(hash_password)  # slow on purpose, and every test adds people


def add_staff(db: Database, *people: tuple[str, str, StaffRole], seen_at: datetime | None) -> None:
    with db.write() as uow:
        for login, name, role in people:
            member = StaffMember(new_id(), login, name, role, seen_at=seen_at)
            uow.staff.add(member, hashed(PASSWORD))
        uow.commit()


def add_chat(
    db: Database,
    policy: Policy,
    thresholds: Thresholds,
    *,
    says: list[tuple[str, float]],
    now: datetime,
    minutes_ago: int = 3,
    category: str = "not_received",
    order: str | None = "10034",
    customer: str | None = "cus-moreau",
    reasons: tuple[str, ...] = ("customer_asked",),
    flags: tuple[str, ...] = (),
    offer: bool = False,
) -> Chat:
    """Add a chat that asked for a person `minutes_ago`."""
    asked_at = now - timedelta(minutes=minutes_ago)
    with db.write() as uow:
        begun = asked_at - timedelta(minutes=4)
        started = conversations.start_conversation(
            uow, language="en", company="Fernhill", now=begun, customer_id=customer
        )
        talk = started.conversation
        case_id = ""
        for count, (text, sentiment) in enumerate(says):
            at = begun + timedelta(seconds=30 * (count + 1))
            posting = Posting(f"m{count}", text=text)
            said = conversations.post_message(uow, talk.id, posting, limit=2000, now=at)
            uow.understandings.add(talk.id, said.seq, understood(category, sentiment, flags), at)
            uow.conversations.set_delivery(talk.id, said.seq, Delivery.ANSWERED)
            case_id = _answer(uow, talk.id, said.seq, text, category, order, flags, case_id, at)
        if offer:
            compensation.decide_case(uow, policy, case_id, asked_at)
        found = handoff.request(uow, thresholds, talk.id, reasons, asked_at)
        uow.commit()
    return Chat(talk.id, found.id, case_id)


def _answer(uow, conversation_id, seq, text, category, order, flags, case_id, at) -> str:  # type: ignore[no-untyped-def]
    if case_id:
        draft = Draft(Role.BOT, "Thank you, I have added that to your case.", in_reply_to=seq)
        uow.conversations.append(conversation_id, draft, at)
        return str(case_id)
    complaint = Complaint(
        conversation_id=conversation_id, seq=seq, category=Category(category), secondary=(),
        text=text, severity="medium", flags=frozenset(flags), order_number=order,
    )  # fmt: skip
    case = cases.take_complaint(uow, complaint, at).case
    cases.record_details(uow, case.id, {Detail.WISH: "I want my money back"}, at)
    card = {"kind": "case", "case_number": case.number, "next_step": None}
    words = "I am sorry about that. I have opened a case and will look into it now."
    uow.conversations.append(
        conversation_id, Draft(Role.BOT, words, card=card, in_reply_to=seq), at
    )
    return str(case.id)


def customer_says(db: Database, chat: Chat, text: str, now: datetime) -> int:
    """Append a customer's message as the gateway, another process, does."""
    with db.write() as uow:
        posting = Posting(new_id(), text=text)
        said = conversations.post_message(uow, chat.conversation_id, posting, limit=2000, now=now)
        uow.commit()
    return said.seq
