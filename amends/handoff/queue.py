"""What staff see: who waits, and a summary instead of a transcript."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from amends.cases import use_cases as cases
from amends.cases.model import Case, CaseEntry, Customer, Order, Promise
from amends.compensation.model import Offer
from amends.conversations.model import Conversation, Message, Role, Seq, Understanding
from amends.handoff.errors import UnknownHandoff
from amends.handoff.model import Handoff
from amends.handoff.ports import UnitOfWork

LAST_WORDS = 140


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
    return [_item(uow, handoff, now) for handoff in uow.handoffs.waiting()]


def my_chats(uow: UnitOfWork, staff_id: str, now: datetime) -> list[QueueItem]:
    return [_item(uow, handoff, now) for handoff in uow.handoffs.claimed_by(staff_id)]


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
        messages=tuple(uow.conversations.after(conversation.id, 0)),
    )


def _item(uow: UnitOfWork, handoff: Handoff, now: datetime) -> QueueItem:
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
        last_words=_last_words(uow.conversations.after(conversation.id, 0)),
        minutes_waited=int((now - handoff.requested_at).total_seconds() // 60),
        minutes_left=int((handoff.answer_due_at - now).total_seconds() // 60),
    )


def _case_of(uow: UnitOfWork, conversation: Conversation) -> Case | None:
    return cases.current_case(uow, conversation.id) or cases.latest_case(uow, conversation.id)


def _customer(uow: UnitOfWork, conversation: Conversation, order: Order | None) -> Customer | None:
    customer_id = conversation.customer_id or (order.customer_id if order else None)
    return uow.orders.customer(customer_id) if customer_id else None


def _earlier(uow: UnitOfWork, customer: Customer | None, case: Case | None) -> tuple[Case, ...]:
    if customer is None:
        return ()
    since = datetime.min.replace(tzinfo=case.opened_at.tzinfo) if case else None
    found = uow.cases.of_customer_since(customer.id, since) if since else ()
    return tuple(one for one in found if case is None or one.id != case.id)


def _last_words(messages: Sequence[Message]) -> str:
    said = [message.text for message in messages if message.role is Role.CUSTOMER]
    text = said[-1] if said else ""
    return text if len(text) <= LAST_WORDS else f"{text[: LAST_WORDS - 1]}…"
