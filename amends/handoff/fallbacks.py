"""Nobody is left waiting in the dark: what the customer hears when staff are late, gone or silent.

Each step looks again under the conversation's lock, so it may be run by several processes at once
and as often as one likes: it does its work once.
"""

from dataclasses import replace
from datetime import datetime

from amends.cases import use_cases as cases
from amends.conversations import use_cases as log
from amends.conversations.model import Conversation, Draft, Message, Role
from amends.handoff import notices, waits
from amends.handoff.clock import Wait
from amends.handoff.help_desk import BRIDGE
from amends.handoff.model import Handoff, HandoffState
from amends.handoff.ports import UnitOfWork
from amends.handoff.thresholds import Thresholds
from amends.handoff.use_cases import back_to_queue, promise_answer

GONE, SILENT, NOT_TAKEN = "staff_gone", "staff_silent", "passed_not_taken"
"""Why a chat was taken away from its person; stored beside the other reasons of the handoff."""

LOOKED_AT = 50
"""How far back the customer's first unanswered message is looked for."""


def tell_late(uow: UnitOfWork, thresholds: Thresholds, handoff_id: str, now: datetime) -> bool:
    """Tell a customer, once for each, that the promised time has passed, or all patience.

    The first time promises an answer by the limit; the second promises nothing more.
    """
    found = _locked(uow, handoff_id, HandoffState.WAITING)
    if found is None:
        return False
    handoff, conversation = found
    if now >= handoff.limit_due_at and handoff.limit_told_at is None:
        told = replace(handoff, late_told_at=handoff.late_told_at or now, limit_told_at=now)
        words = notices.too_late
    elif now >= handoff.answer_due_at and handoff.late_told_at is None:
        told, words = replace(handoff, late_told_at=now), notices.late
        promise_answer(uow, handoff, handoff.limit_due_at, now)
    else:
        return False
    uow.handoffs.save(told)
    wait = waits.wait_of(uow, thresholds, conversation.id, now)
    log.append_notice(uow, conversation.id, words(wait, conversation.language), now)
    return True


def left_alone(uow: UnitOfWork, thresholds: Thresholds, now: datetime) -> list[str]:
    """Return the handoffs whose person is gone or silent, or passed them on in vain."""
    claimed = uow.handoffs.claimed()
    return [one.id for one in claimed if _why_alone(uow, thresholds, one, now) is not None]


def take_away(uow: UnitOfWork, thresholds: Thresholds, handoff_id: str, now: datetime) -> bool:
    """Put a chat back into the queue if its person is gone or silent or passed it on in vain, and
    tell the customer.

    The person can answer in it no more, unless they claim it again.
    """
    found = _locked(uow, handoff_id, HandoffState.CLAIMED)
    why = _why_alone(uow, thresholds, found[0], now) if found else None
    if found is None or why is None:
        return False
    _put_back(uow, thresholds, found, why, now)
    return True


def put_all_back(uow: UnitOfWork, thresholds: Thresholds, staff_id: str, now: datetime) -> int:
    """Put the chats of a person who may answer no more back into the queue; customers are told.

    Returns:
        How many chats these were.
    """
    chats = [
        _locked(uow, one.id, HandoffState.CLAIMED) for one in uow.handoffs.claimed_by(staff_id)
    ]
    mine = [one for one in chats if one is not None and one[0].claimed_by == staff_id]
    for found in mine:
        _put_back(uow, thresholds, found, GONE, now)
    return len(mine)


def _put_back(
    uow: UnitOfWork,
    thresholds: Thresholds,
    found: tuple[Handoff, Conversation],
    why: str,
    now: datetime,
) -> None:
    handoff, conversation = found
    reasons = (*(one for one in handoff.reasons if one != why), why)  # the latest stands last
    taken = replace(
        handoff, reasons=reasons, taken_from=handoff.claimed_by, taken_at=now, passing=None
    )
    back_to_queue(uow, thresholds, taken, now)
    _note(uow, taken, why, now)
    wait = waits.wait_of(uow, thresholds, conversation.id, now)
    name = _name(uow, handoff)
    draft = _told(why, name, wait, conversation.language)
    log.append_notice(uow, conversation.id, draft, now)


def _told(why: str, name: str, wait: Wait, language: str) -> Draft:
    if why == NOT_TAKEN:
        return notices.not_taken(name, wait, language)
    return notices.taken_away(name, why == GONE, wait, language)


def _locked(
    uow: UnitOfWork, handoff_id: str, state: HandoffState
) -> tuple[Handoff, Conversation] | None:
    """Lock the conversation of a handoff; None when the handoff is not in this state any more."""
    known = uow.handoffs.get(handoff_id)
    if known is None:
        return None
    conversation = uow.conversations.lock(known.conversation_id)
    handoff = uow.handoffs.get(handoff_id)
    return (handoff, conversation) if handoff and handoff.state is state else None


def _why_alone(
    uow: UnitOfWork, thresholds: Thresholds, handoff: Handoff, now: datetime
) -> str | None:
    if handoff.passing is not None:
        # For so long the chat is kept for those it was passed on to, whatever its person does.
        return NOT_TAKEN if now >= handoff.passing.until else None
    # Who answers in a help desk of the company's own has no browser here that could be gone.
    is_here = handoff.claimed_by != BRIDGE.id
    if is_here and _last_sign(uow, handoff) <= now - thresholds.gone_after:
        return GONE
    since = _waits_since(uow, handoff)
    if since is not None and now >= thresholds.hours.add(since, thresholds.silent_after):
        return SILENT
    return None


def _last_sign(uow: UnitOfWork, handoff: Handoff) -> datetime:
    """Return when the person who has the chat was last there; at the latest when they took it."""
    claimed_at = handoff.claimed_at or handoff.requested_at
    member = uow.staff.get(handoff.claimed_by or "")
    return max(claimed_at, member.seen_at) if member and member.seen_at else claimed_at


def _waits_since(uow: UnitOfWork, handoff: Handoff) -> datetime | None:
    """Return since when the customer waits for a word of the person; None when it is their turn."""
    conversation = uow.conversations.get(handoff.conversation_id)
    claimed_at = handoff.claimed_at or handoff.requested_at
    if conversation is None:
        return None
    first = max(0, conversation.last_seq - LOOKED_AT)
    said = uow.conversations.after(conversation.id, first, LOOKED_AT)
    answers = [message.seq for message in said if _is_answer(message, claimed_at)]
    if not answers:
        return max(claimed_at, said[0].at) if said else claimed_at
    unanswered = (m.at for m in said if m.role is Role.CUSTOMER and m.seq > answers[-1])
    return next(unanswered, None)


def _is_answer(message: Message, claimed_at: datetime) -> bool:
    return message.role is Role.STAFF and message.at >= claimed_at


def _note(uow: UnitOfWork, taken: Handoff, why: str, now: datetime) -> None:
    case = cases.case_of(uow, taken.case_id) if taken.case_id else None
    if case is not None:
        data = {"why": why, "staff_id": taken.taken_from}
        cases.add_entry(uow, case, now, "system", "taken_away", data)


def _name(uow: UnitOfWork, handoff: Handoff) -> str:
    member = uow.staff.get(handoff.claimed_by or "")
    return member.name if member else ""
