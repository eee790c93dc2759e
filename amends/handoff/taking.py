"""Taking a chat that somebody else has: from a colleague, or back from the assistant."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from amends.cases import use_cases as cases
from amends.cases.model import CaseStatus, NextStep
from amends.conversations import use_cases as log
from amends.conversations.model import Mode
from amends.handoff import notices, use_cases
from amends.handoff.errors import AlreadyClaimed, NotAllowed, NotReturned, UnknownHandoff
from amends.handoff.model import Handoff, HandoffState, StaffMember
from amends.handoff.pace import TAKEN_BACK
from amends.handoff.ports import UnitOfWork
from amends.handoff.rights import Right, may, require
from amends.handoff.thresholds import Thresholds

RETURNED = "returned_to_bot"


def take_over(uow: UnitOfWork, handoff_id: str, staff: StaffMember, now: datetime) -> Handoff:
    """Take a chat from the colleague who has it; both and the customer can see it.

    Raises:
        UnknownHandoff: it has ended.
        NotAllowed: the person's role has not the right.
    """
    require(staff, Right.TAKE_OVER)
    handoff = locked(uow, handoff_id)
    if handoff.state is HandoffState.WAITING:
        return use_cases.claim(uow, handoff_id, staff, now)
    if handoff.claimed_by == staff.id:
        return handoff
    taken = give(uow, handoff, staff, now)
    enter(uow, taken, staff.id, "taken_over", {"from": handoff.claimed_by}, now)
    before = uow.staff.get(handoff.claimed_by or "")
    language = language_of(uow, taken)
    draft = notices.taken_over(staff.name, before.name if before else "", language)
    uow.conversations.append(taken.conversation_id, draft, now)
    return taken


def may_take_back(handoff: Handoff, staff: StaffMember) -> bool:
    """Whether this person returned the chat to the assistant, or may take anybody's."""
    returned = handoff.state is HandoffState.ENDED and handoff.outcome == RETURNED
    return returned and (handoff.claimed_by == staff.id or may(staff, Right.TAKE_OVER))


def take_back(
    uow: UnitOfWork, thresholds: Thresholds, handoff_id: str, staff: StaffMember, now: datetime
) -> Handoff:
    """Take a chat back from the assistant, which is silent from here on.

    Args:
        uow: the open transaction.
        thresholds: the table of thresholds.
        handoff_id: the handoff that ended by returning the chat.
        staff: who takes it.
        now: the present moment.

    Raises:
        UnknownHandoff: there is none of this id.
        NotReturned: the chat was closed meanwhile.
        AlreadyClaimed: a colleague has it again.
        NotAllowed: somebody else returned it, and this person may not take it.
    """
    returned = uow.handoffs.get(handoff_id)
    if returned is None:
        raise UnknownHandoff(handoff_id)
    if not may_take_back(returned, staff):
        raise NotAllowed(staff.role.value, Right.TAKE_OVER.value)
    conversation = uow.conversations.lock(returned.conversation_id)
    if conversation.mode is Mode.CLOSED:
        raise NotReturned(handoff_id)
    asked = uow.handoffs.open_of(conversation.id)
    if asked is not None and asked.state is HandoffState.CLAIMED and asked.claimed_by != staff.id:
        raise AlreadyClaimed(asked.id, asked.claimed_by)
    anew = use_cases.request(uow, thresholds, conversation.id, (TAKEN_BACK,), now)
    taken = use_cases.claim(uow, anew.id, staff, now)
    enter(uow, taken, staff.id, TAKEN_BACK, {}, now)
    return taken


def locked(uow: UnitOfWork, handoff_id: str) -> Handoff:
    """Return a handoff that has not ended; nobody changes it until the transaction ends.

    Raises:
        UnknownHandoff: there is none of this id, or it has ended.
    """
    known = uow.handoffs.get(handoff_id)
    if known is None:
        raise UnknownHandoff(handoff_id)
    uow.conversations.lock(known.conversation_id)
    handoff = uow.handoffs.get(handoff_id)
    if handoff is None or handoff.state is HandoffState.ENDED:
        raise UnknownHandoff(handoff_id)
    return handoff


def give(uow: UnitOfWork, handoff: Handoff, staff: StaffMember, now: datetime) -> Handoff:
    """Let another person have a claimed chat and its case."""
    given = replace(handoff, claimed_by=staff.id, claimed_at=now, passing=None)
    uow.handoffs.save(given)
    log.change_mode(uow, given.conversation_id, Mode.STAFF, now, staff.id)
    case = cases.current_case(uow, given.conversation_id)
    if case is not None:
        cases.set_progress(
            uow, case.id, CaseStatus.WITH_STAFF, NextStep.STAFF_ANSWERS, now, owner=staff.id
        )
    return given


def enter(
    uow: UnitOfWork, handoff: Handoff, actor: str, kind: str, data: dict[str, Any], now: datetime
) -> None:
    """Write a step into the timeline of the conversation's case, if there is one."""
    case = cases.current_case(uow, handoff.conversation_id)
    case = case or cases.latest_case(uow, handoff.conversation_id)
    if case is not None:
        cases.add_entry(uow, case, now, actor, kind, data)


def language_of(uow: UnitOfWork, handoff: Handoff) -> str:
    conversation = uow.conversations.get(handoff.conversation_id)
    return conversation.language if conversation else "en"
