"""What staff see: who waits, and a summary instead of a transcript."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from amends.cases import use_cases as cases
from amends.cases.model import Case, CaseEntry, Customer, Order, Promise
from amends.compensation.model import Offer
from amends.conversations.model import Conversation, Message, Role, Seq, Understanding
from amends.handoff.deadlines import Deadline, deadlines_of
from amends.handoff.errors import UnknownHandoff
from amends.handoff.model import Handoff, Note
from amends.handoff.ports import UnitOfWork

LAST_WORDS = 140
LAST_LOOKED_AT = 30
"""How far back the customer's last words are looked for; a queue of 200 must not read 200 logs."""
LAST_SHOWN = 500
ASKS = "ask_for_person"
"""What a message is read as that wishes for a person."""

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
    minutes_due: int | None = None  # until the nearest deadline; None when nothing is due
    deadline: Deadline | None = None  # that deadline
    unanswered_since: datetime | None = None  # since when the customer waits for a word of staff
    minutes_unanswered: int | None = None
    mood: float | None = None  # of the customer's latest message that was assessed

    @property
    def is_overdue(self) -> bool:
        return self.minutes_due is not None and self.minutes_due < 0


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
    notes: tuple[Note, ...] = ()  # of staff to each other; nothing a customer sees is made of them


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
        notes=tuple(uow.notes.of_conversation(conversation.id)),
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
    messages = _latest(uow, conversation, LAST_LOOKED_AT)
    moods = uow.understandings.of_conversation(conversation.id)
    line = QueueItem(
        handoff=handoff,
        conversation=conversation,
        case=case,
        customer=_customer(uow, conversation, order),
        last_words=_last_words(messages, moods),
        minutes_waited=0,
        minutes_left=0,
        deadline=next(iter(deadlines_of(handoff, case)), None),
        unanswered_since=_unanswered_since(messages, handoff),
        mood=moods[-1][1].sentiment if moods else None,
    )
    return with_minutes(line, now)


def with_minutes(known: QueueItem, now: datetime) -> QueueItem:
    """Return a line whose clocks have gone on; the same one within the same minute."""
    handoff, due, since = known.handoff, known.deadline, known.unanswered_since
    gone_on = replace(
        known,
        minutes_waited=_minutes(now - handoff.requested_at),
        minutes_left=_minutes(handoff.answer_due_at - now),
        minutes_due=_minutes(due.due_at - now) if due else None,
        minutes_unanswered=_minutes(now - since) if since else None,
    )
    return known if gone_on == known else gone_on


def _unanswered_since(messages: Sequence[Message], handoff: Handoff) -> datetime | None:
    """Return since when the customer waits for a word of staff; None when it is their turn."""
    answers = [message.seq for message in messages if message.role is Role.STAFF]
    if not answers:
        return handoff.requested_at
    unanswered = (m.at for m in messages if m.role is Role.CUSTOMER and m.seq > answers[-1])
    return next(unanswered, None)


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


def _last_words(
    messages: Sequence[Message], understood: Sequence[tuple[Seq, Understanding]]
) -> str:
    """Return what the customer said last, or before that, if they only wish for a person."""
    said = [message for message in messages if message.role is Role.CUSTOMER]
    read = dict(understood)
    telling = [one for one in said if not _only_asks(one, read.get(one.seq))]
    if said and telling and said[-1] is not telling[-1]:
        complaining = [one for one in telling if one.seq in read and read[one.seq].complaint]
        said = complaining or telling
    text = said[-1].text if said else ""
    return text if len(text) <= LAST_WORDS else f"{text[: LAST_WORDS - 1]}…"


def _only_asks(message: Message, read: Understanding | None) -> bool:
    """Whether a message says nothing but that a person is wished for, typed or tapped."""
    if message.payload is not None:
        return message.payload.startswith(f"/{ASKS}")
    return read is not None and read.intent == ASKS and not read.complaint
