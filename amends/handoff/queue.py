"""What staff see: who waits, and a summary instead of a transcript."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from amends.cases import use_cases as cases
from amends.cases.model import Case, CaseEntry, Customer, Order, Promise
from amends.compensation.model import Offer
from amends.conversations.model import Conversation, Message, Role, Seq, Understanding
from amends.handoff.errors import UnknownHandoff
from amends.handoff.model import Handoff
from amends.handoff.ports import UnitOfWork

LAST_WORDS = 140
LAST_LOOKED_AT = 30
"""How far back the customer's last words are looked for; a queue of 200 must not read 200 logs."""
LAST_SHOWN = 500
EVER_SINCE = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class QueueItem:
    handoff: Handoff
    conversation: Conversation
    case: Case | None
    customer: Customer | None
    last_words: str
    minutes_waited: int
    minutes_left: int  # until the answer is due; negative when overdue


@dataclass(frozen=True, slots=True)
class Summary:
    """All that staff need in order not to ask again."""

    handoff: Handoff
    conversation: Conversation
    case: Case | None
    customer: Customer | None
    order: Order | None
    earlier_cases: tuple[Case, ...]
    offers: tuple[Offer, ...]
    promises: tuple[Promise, ...]
    timeline: tuple[CaseEntry, ...]
    moods: tuple[tuple[Seq, Understanding], ...]
    messages: tuple[Message, ...]


def queue(uow: UnitOfWork, now: datetime) -> list[QueueItem]:
    """Return who waits, most urgent first."""
    return [item(uow, handoff, now) for handoff in uow.handoffs.waiting()]


def my_chats(uow: UnitOfWork, staff_id: str, now: datetime) -> list[QueueItem]:
    return [item(uow, handoff, now) for handoff in uow.handoffs.claimed_by(staff_id)]


def summary(uow: UnitOfWork, handoff_id: str) -> Summary:
    """Gather what is known about a handoff's conversation.

    Raises:
        UnknownHandoff: there is none of this id.
    """
    handoff = uow.handoffs.get(handoff_id)
    conversation = uow.conversations.get(handoff.conversation_id) if handoff else None
    if handoff is None or conversation is None:
        raise UnknownHandoff(handoff_id)
    case = _case_of(uow, conversation)
    order = cases.order_of(uow, case) if case else None
    customer = _customer(uow, conversation, order)
    return Summary(
        handoff=handoff,
        conversation=conversation,
        case=case,
        customer=customer,
        order=order,
        earlier_cases=_earlier(uow, customer, case),
        offers=tuple(uow.ledger.offers_of_case(case.id)) if case else (),
        promises=tuple(uow.promises.of_case(case.id)) if case else (),
        timeline=tuple(uow.cases.entries(case.id)) if case else (),
        moods=tuple(uow.understandings.of_conversation(conversation.id)),
        messages=tuple(_latest(uow, conversation, LAST_SHOWN)),
    )


def item(uow: UnitOfWork, handoff: Handoff, now: datetime) -> QueueItem:
    """Return one line of the queue.

    Raises:
        UnknownHandoff: its conversation is gone.
    """
    conversation = uow.conversations.get(handoff.conversation_id)
    if conversation is None:
        raise UnknownHandoff(handoff.id)
    case = _case_of(uow, conversation)
    order = cases.order_of(uow, case) if case else None
    return QueueItem(
        handoff=handoff,
        conversation=conversation,
        case=case,
        customer=_customer(uow, conversation, order),
        last_words=_last_words(_latest(uow, conversation, LAST_LOOKED_AT)),
        minutes_waited=_minutes(now - handoff.requested_at),
        minutes_left=_minutes(handoff.answer_due_at - now),
    )


def with_minutes(known: QueueItem, now: datetime) -> QueueItem:
    """Return a line whose clocks have gone on; the same one within the same minute."""
    handoff = known.handoff
    waited, left = _minutes(now - handoff.requested_at), _minutes(handoff.answer_due_at - now)
    if (waited, left) == (known.minutes_waited, known.minutes_left):
        return known
    return replace(known, minutes_waited=waited, minutes_left=left)


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


def _case_of(uow: UnitOfWork, conversation: Conversation) -> Case | None:
    return cases.current_case(uow, conversation.id) or cases.latest_case(uow, conversation.id)


def _customer(uow: UnitOfWork, conversation: Conversation, order: Order | None) -> Customer | None:
    customer_id = conversation.customer_id or (order.customer_id if order else None)
    return uow.orders.customer(customer_id) if customer_id else None


def _earlier(uow: UnitOfWork, customer: Customer | None, case: Case | None) -> tuple[Case, ...]:
    if customer is None:
        return ()
    found = uow.cases.of_customer_since(customer.id, EVER_SINCE)
    return tuple(one for one in found if case is None or one.id != case.id)


def _latest(uow: UnitOfWork, conversation: Conversation, count: int) -> Sequence[Message]:
    return uow.conversations.after(conversation.id, max(0, conversation.last_seq - count), count)


def _last_words(messages: Sequence[Message]) -> str:
    said = [message.text for message in messages if message.role is Role.CUSTOMER]
    text = said[-1] if said else ""
    return text if len(text) <= LAST_WORDS else f"{text[: LAST_WORDS - 1]}…"
