"""The help desk is told: handed over, kept up to date, closed. Each step is a small transaction.

The message log and the handoffs are the queue: what was told is a place in the log, so nothing is
lost while the help desk is down, and each conversation is told in order. No transaction is open
while the help desk is asked: `take` in one, the call in none, `record` or `postpone` in another.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from amends.conversations.model import Conversation, Message, Role
from amends.handoff import use_cases as handoffs
from amends.handoff.handover_note import handover_note, said_words
from amends.handoff.help_desk import (
    BRIDGE,
    LEASE,
    ChatState,
    Close,
    Forward,
    HandOver,
    HelpDeskChat,
    Step,
    Turn,
    Who,
    Work,
    pause_after,
    turn_of,
)
from amends.handoff.model import Handoff
from amends.handoff.ports import UnitOfWork
from amends.handoff.queue import LAST_LOOKED_AT, summary
from amends.handoff.thresholds import Thresholds

HEARD_THERE = "from_help_desk"
"""Marks what entered the log because the help desk said so: it is not told back."""

_WHY_CLOSED = {
    "resolved": "It was resolved at the desk of Amends.",
    "returned_to_bot": "It was given back to the assistant.",
    "customer_left": "The customer needs nobody any more.",
}


def ensure_bridge(uow: UnitOfWork) -> None:
    """See to it that the staff row exists for which chats are claimed."""
    if uow.staff.get(BRIDGE.id) is None:
        uow.staff.add(BRIDGE, "nobody signs in with this")


def seen(uow: UnitOfWork, now: datetime) -> None:
    """Note that somebody is at the help desk: waiting customers are told the truth by it."""
    ensure_bridge(uow)
    uow.staff.seen(BRIDGE.id, now)


def take(
    uow: UnitOfWork, thresholds: Thresholds, conversation_id: str, now: datetime
) -> Work | None:
    """Take what the help desk is to be told of a conversation; None when there is nothing for us.

    Nobody else takes it until the lease runs out.
    """
    conversation = uow.conversations.lock(conversation_id)
    chat = uow.help_desk.get(conversation_id)
    if chat is not None and chat.next_at > now:
        return None
    handoff = uow.handoffs.open_of(conversation_id)
    turn = turn_of(chat, handoff, conversation.last_seq)
    if turn is Turn.HAND_OVER and handoff is not None:
        chat = _opening(uow, conversation, chat, handoff, now)
        step: Step | None = _hand_over(uow, thresholds, chat, handoff)
    elif turn is Turn.FORWARD and chat is not None:
        chat, step = _next_message(uow, chat, conversation)
    elif turn is Turn.CLOSE and chat is not None:
        step = Close(f"{chat.handoff_id}:{chat.rounds}:end", _why_closed(uow, chat, handoff))
    else:
        return None
    if step is None or (isinstance(step, Close) and chat.external_id is None):
        _settle(uow, chat, step, now)
        return None
    leased = replace(chat, next_at=now + LEASE, tries=chat.tries + 1)
    uow.help_desk.save(leased)
    return Work(leased, step)


def record(uow: UnitOfWork, work: Work, external_id: str | None, now: datetime) -> None:
    """Write down that the help desk was told.

    Args:
        external_id: Its id of the chat, when that was handed over.
    """
    chat = _ours(uow, work)
    if chat is not None:
        known = external_id or chat.external_id
        _settle(uow, replace(chat, external_id=known), work.step, now)


def postpone(
    uow: UnitOfWork,
    work: Work,
    reason: str,
    retry_after: timedelta | None,
    chance: float,
    now: datetime,
) -> None:
    """Let it wait for the next try."""
    chat = _ours(uow, work)
    if chat is not None:
        next_at = now + pause_after(chat.tries, chance, retry_after)
        uow.help_desk.save(replace(chat, next_at=next_at, last_error=reason))


def lost(uow: UnitOfWork, thresholds: Thresholds, work: Work, now: datetime) -> None:
    """The help desk does not have the chat any more: whoever waits is handed over anew."""
    chat = _ours(uow, work)
    if chat is None:
        return
    closed = replace(chat, state=ChatState.CLOSED, external_id=None, next_at=now, tries=0)
    uow.help_desk.save(replace(closed, closed_at=now))
    handoff = uow.handoffs.open_of(chat.conversation_id)
    if handoff is not None and handoff.claimed_by == BRIDGE.id:
        handoffs.requeue(uow, handoff.id, BRIDGE, thresholds, now)


def mark_heard(uow: UnitOfWork, conversation_id: str, after_seq: int, now: datetime) -> None:
    """Mark all that entered the log after a place as heard from the help desk."""
    for message in uow.conversations.after(conversation_id, after_seq):
        uow.action_runs.add(_heard_key(message), {}, now)


def _opening(
    uow: UnitOfWork,
    conversation: Conversation,
    chat: HelpDeskChat | None,
    handoff: Handoff,
    now: datetime,
) -> HelpDeskChat:
    """Return the chat as it is handed over: begun once, whatever happens to the tries.

    The note repeats what was said before the customer's last words; those follow as a message.
    """
    if chat is not None and chat.state is ChatState.OPENING and chat.handoff_id == handoff.id:
        return chat
    known = chat or HelpDeskChat(
        conversation.id, handoff.id, ChatState.CLOSED, rounds=0, sent_seq=0, next_at=now
    )
    first = max(known.sent_seq, conversation.last_seq - LAST_LOOKED_AT)
    later = uow.conversations.after(conversation.id, first, LAST_LOOKED_AT)
    last_words = [message.seq for message in later if message.role is Role.CUSTOMER]
    return replace(
        known,
        handoff_id=handoff.id,
        state=ChatState.OPENING,
        rounds=known.rounds + 1,
        sent_seq=last_words[-1] - 1 if last_words else conversation.last_seq,
        tries=0,
    )


def _hand_over(
    uow: UnitOfWork, thresholds: Thresholds, chat: HelpDeskChat, handoff: Handoff
) -> HandOver:
    known = summary(uow, handoff.id)
    return HandOver(
        key=f"{handoff.id}:{chat.rounds}",
        conversation_id=chat.conversation_id,
        who=_who(uow, known.conversation, known.case.number if known.case else None),
        case_number=known.case.number if known.case else None,
        note=handover_note(known, thresholds, chat.sent_seq),
    )


def _who(uow: UnitOfWork, conversation: Conversation, number: str | None) -> Who:
    """A guest who names somebody's order is not taken for that person."""
    customer_id = conversation.customer_id
    customer = uow.orders.customer(customer_id) if customer_id else None
    if customer_id is None:
        return Who(f"amends:chat:{conversation.id}", f"Guest {number}" if number else "Guest")
    if customer is None:
        return Who(f"amends:customer:{customer_id}", customer_id)
    return Who(f"amends:customer:{customer_id}", customer.name, customer.email or None)


def _next_message(
    uow: UnitOfWork, chat: HelpDeskChat, conversation: Conversation
) -> tuple[HelpDeskChat, Forward | None]:
    """Return the next message to be told, and the chat with its place set before it."""
    while chat.sent_seq < conversation.last_seq:
        message = uow.conversations.message(conversation.id, chat.sent_seq + 1)
        if message is not None and uow.action_runs.get(_heard_key(message)) is None:
            return chat, _forward(message)
        chat = replace(chat, sent_seq=chat.sent_seq + 1)
    return chat, None


def _forward(message: Message) -> Forward:
    from_customer = message.role is Role.CUSTOMER
    return Forward(
        key=f"{message.conversation_id}:{message.seq}",
        seq=message.seq,
        text=message.text if from_customer else said_words(message),
        from_customer=from_customer,
    )


def _why_closed(uow: UnitOfWork, chat: HelpDeskChat, handoff: Handoff | None) -> str:
    if handoff is not None and handoff.claimed_by is not None:
        member = uow.staff.get(handoff.claimed_by)
        name = member.name if member else "A colleague"
        return f"{name} answers this customer at the desk of Amends. What is written here is lost."
    ended = uow.handoffs.get(chat.handoff_id)
    outcome = ended.outcome if ended else None
    return _WHY_CLOSED.get(outcome or "", "It is over.")


def _settle(uow: UnitOfWork, chat: HelpDeskChat, step: Step | None, now: datetime) -> None:
    """Store how a chat stands after a step."""
    done = replace(chat, next_at=now, tries=0, last_error=None)
    match step:
        case HandOver():
            done = replace(done, state=ChatState.OPEN)
        case Forward(seq=seq):
            done = replace(done, sent_seq=seq)
        case Close():
            done = replace(done, state=ChatState.CLOSED, closed_at=now)
    uow.help_desk.save(done)


def _ours(uow: UnitOfWork, work: Work) -> HelpDeskChat | None:
    """Return the chat as it stands; None when our lease ran out and another took it."""
    uow.conversations.lock(work.chat.conversation_id)
    chat = uow.help_desk.get(work.chat.conversation_id)
    return chat if chat and chat.next_at == work.chat.next_at else None


def _heard_key(message: Message) -> str:
    return f"{message.conversation_id}:{message.seq}:{HEARD_THERE}"
