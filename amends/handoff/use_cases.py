"""Ask for a person, claim, answer, hand back, resolve. Each runs in the caller's transaction."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from amends.cases import promising
from amends.cases import use_cases as cases
from amends.cases.model import Case, CaseStatus, NextStep, PromiseState
from amends.compensation import use_cases as compensation
from amends.compensation.errors import LedgerError
from amends.conversations import use_cases as log
from amends.conversations.model import Message, Mode
from amends.handoff import notices, waits
from amends.handoff.errors import AlreadyClaimed, NotYours, PassedOn, UnknownHandoff
from amends.handoff.model import Handoff, HandoffState, StaffMember
from amends.handoff.ports import UnitOfWork
from amends.handoff.rights import Right, require
from amends.handoff.thresholds import Thresholds
from amends.values import Json, new_id

DEFAULT_PRIORITY = 3
STAFF_ANSWER = "staff_answer"
"""What is promised with every handoff: an answer by a person."""


def request(
    uow: UnitOfWork,
    thresholds: Thresholds,
    conversation_id: str,
    reasons: tuple[str, ...],
    now: datetime,
) -> Handoff:
    """Ask for a person; asked again, the reasons are added and the priority only rises."""
    conversation = uow.conversations.lock(conversation_id)
    waiting = uow.handoffs.open_of(conversation_id)
    if waiting is not None:
        return _add_reasons(uow, thresholds, waiting, reasons)
    case = cases.current_case(uow, conversation_id)
    handoff = _new_handoff(uow, thresholds, conversation_id, case, reasons, now)
    uow.handoffs.add(handoff)
    if conversation.mode is not Mode.STAFF:
        uow.conversations.set_mode(conversation_id, Mode.WAITING, at=now)
    if case is not None:
        promising.promise(uow, case, STAFF_ANSWER, handoff.answer_due_at, "bot", now)
    uow.outbox.add("handoff.requested", handoff.id, _announcement(handoff, case), now)
    return handoff


def _new_handoff(
    uow: UnitOfWork,
    thresholds: Thresholds,
    conversation_id: str,
    case: Case | None,
    reasons: tuple[str, ...],
    now: datetime,
) -> Handoff:
    handoff = Handoff(
        id=new_id(),
        conversation_id=conversation_id,
        case_id=case.id if case else None,
        state=HandoffState.WAITING,
        priority=_priority(thresholds, reasons),
        reasons=reasons,
        requested_at=now,
        answer_due_at=now,
        limit_due_at=waits.limit_due(thresholds, now),
    )
    return replace(handoff, answer_due_at=waits.answer_due(uow, thresholds, handoff, now))


def _announcement(handoff: Handoff, case: Case | None) -> dict[str, Any]:
    return {
        "handoff_id": handoff.id,
        "conversation_id": handoff.conversation_id,
        "case_id": case.id if case else None,
        "case_number": case.number if case else None,
        "category": case.category.value if case else None,
        "reasons": list(handoff.reasons),
        "priority": handoff.priority,
        "answer_due_at": handoff.answer_due_at.isoformat(),
    }


def adopt_case(uow: UnitOfWork, case: Case, now: datetime) -> None:
    """Tie a case to the handoff that its first message led to, and write the promise down.

    The thresholds look at a message before it becomes a case; the customer was told by when a
    person answers, so that stands in the case's ledger too.
    """
    waiting = uow.handoffs.open_of(case.conversation_id)
    if waiting is None or waiting.case_id is not None:
        return
    uow.handoffs.save(replace(waiting, case_id=case.id))
    if waiting.first_answer_at is None and waiting.limit_told_at is None:
        due_at = waiting.limit_due_at if waiting.late_told_at else waiting.answer_due_at
        promising.promise(uow, case, STAFF_ANSWER, due_at, "bot", now)


def _priority(thresholds: Thresholds, reasons: tuple[str, ...]) -> int:
    rows = [thresholds.row(reason) for reason in reasons]
    return min((row.priority for row in rows if row), default=DEFAULT_PRIORITY)


def _add_reasons(
    uow: UnitOfWork, thresholds: Thresholds, handoff: Handoff, reasons: tuple[str, ...]
) -> Handoff:
    new = tuple(reason for reason in reasons if reason not in handoff.reasons)
    if not new:
        return handoff
    grown = replace(
        handoff,
        reasons=handoff.reasons + new,
        priority=min(handoff.priority, _priority(thresholds, new)),
    )
    uow.handoffs.save(grown)
    return grown


def cancel(uow: UnitOfWork, conversation_id: str, now: datetime) -> None:
    """The customer needs nobody any more; a chat that a person has stays with them."""
    handoff = uow.handoffs.open_of(conversation_id)
    if handoff is None or handoff.state is not HandoffState.WAITING:
        return
    _end(uow, handoff, "customer_left", now)
    _end_answer_promise(uow, handoff, PromiseState.RELEASED, now)
    uow.conversations.set_mode(conversation_id, Mode.BOT, at=now)


def claim(uow: UnitOfWork, handoff_id: str, staff: StaffMember, now: datetime) -> Handoff:
    """Take a waiting chat; from here on the assistant is silent.

    Raises:
        NotAllowed: this person's role answers no chats.
        UnknownHandoff: it has ended.
        AlreadyClaimed: a colleague was faster.
    """
    require(staff, Right.ANSWER_CHATS)
    handoff = _open(uow, handoff_id)
    conversation = uow.conversations.lock(handoff.conversation_id)
    if handoff.claimed_by == staff.id:
        return handoff
    if not uow.handoffs.claim(handoff_id, staff.id, now):
        raise AlreadyClaimed(handoff_id, handoff.claimed_by)
    log.change_mode(uow, conversation.id, Mode.STAFF, now, staff.id)
    uow.conversations.append(
        conversation.id, notices.joined(staff.name, conversation.language), now
    )
    case = _case(uow, handoff)
    if case is not None:
        cases.set_progress(
            uow, case.id, CaseStatus.WITH_STAFF, NextStep.STAFF_ANSWERS, now, owner=staff.id
        )
    return _open(uow, handoff_id)


def answer(
    uow: UnitOfWork,
    handoff_id: str,
    staff: StaffMember,
    text: str,
    now: datetime,
    key: str | None = None,
) -> Message:
    """Write to the customer; the first answer keeps the promise of one.

    With the same `key` again, which is this message's own, the message is returned that stands.

    Raises:
        UnknownHandoff, NotYours: the chat is not this person's.
    """
    asked = uow.handoffs.get(handoff_id)
    if key and asked and (said := log.staff_message_of(uow, asked.conversation_id, key)):
        return said
    handoff = mine(uow, handoff_id, staff)
    message = log.append_staff_message(uow, handoff.conversation_id, text, staff.name, now, key)
    if handoff.first_answer_at is None:
        uow.handoffs.save(replace(handoff, first_answer_at=now))
    _end_answer_promise(uow, handoff, PromiseState.KEPT, now)
    return message


def _end_answer_promise(
    uow: UnitOfWork, handoff: Handoff, state: PromiseState, now: datetime
) -> None:
    """End the promise of an answer; past its time it can only be broken."""
    if handoff.case_id is None:
        return
    # The case of the handoff: it may be settled by now, and another one may be on the table.
    case = cases.case_of(uow, handoff.case_id)
    for promise in uow.promises.of_case(case.id):
        if promise.what != STAFF_ANSWER or promise.state is not PromiseState.OPEN:
            continue
        if now <= promise.due_at:
            uow.promises.set_state(promise.id, state, now)
        else:
            promising.break_promise(uow, case, promise, now)


def return_to_bot(uow: UnitOfWork, handoff_id: str, staff: StaffMember, now: datetime) -> None:
    """Give the chat back to the assistant.

    Raises:
        UnknownHandoff, NotYours: the chat is not this person's.
    """
    handoff = mine(uow, handoff_id, staff)
    conversation = uow.conversations.lock(handoff.conversation_id)
    _end(uow, handoff, "returned_to_bot", now)
    # A new visit: the assistant starts from the case, not from where it was interrupted.
    log.start_visit(uow, conversation, now)
    draft = notices.returned(staff.name, conversation.language)
    uow.conversations.append(conversation.id, draft, now)
    case = _case(uow, handoff)
    if case is not None:
        status, next_step = _where_it_stands(uow, case, now)
        cases.set_progress(uow, case.id, status, next_step, now, owner="bot")


def _where_it_stands(uow: UnitOfWork, case: Case, now: datetime) -> tuple[CaseStatus, NextStep]:
    """Return where the assistant goes on: at its offer, if that is still open."""
    try:
        compensation.open_offer(uow, case.id, now)
    except LedgerError:
        return CaseStatus.OPEN, NextStep.CUSTOMER_ANSWERS
    return CaseStatus.OFFERED, NextStep.CUSTOMER_DECIDES


def requeue(
    uow: UnitOfWork, handoff_id: str, staff: StaffMember, thresholds: Thresholds, now: datetime
) -> Handoff:
    """Put a chat back into the queue (a colleague leaves); the customer is told.

    Raises:
        UnknownHandoff, NotYours: the chat is not this person's.
    """
    handoff = mine(uow, handoff_id, staff)
    conversation = uow.conversations.lock(handoff.conversation_id)
    back = back_to_queue(uow, thresholds, handoff, now)
    wait = waits.wait_of(uow, thresholds, conversation.id, now)
    draft = notices.requeued(staff.name, wait, conversation.language)
    log.append_notice(uow, conversation.id, draft, now)
    return back


def back_to_queue(
    uow: UnitOfWork, thresholds: Thresholds, handoff: Handoff, now: datetime
) -> Handoff:
    """Let a claimed chat wait again, at its old place, and promise a new time.

    A customer who was answered before begins to wait now; one who never was has waited all along.
    """
    waiting = replace(
        handoff, state=HandoffState.WAITING, claimed_by=None, claimed_at=None, late_told_at=None
    )
    if handoff.first_answer_at is not None:
        limit = waits.limit_due(thresholds, now)
        waiting = replace(waiting, limit_due_at=limit, limit_told_at=None)
    back = replace(waiting, answer_due_at=waits.answer_due(uow, thresholds, waiting, now))
    uow.handoffs.save(back)
    uow.conversations.set_mode(back.conversation_id, Mode.WAITING, at=now)
    promise_answer(uow, back, back.answer_due_at, now)
    case = _case(uow, back)
    if case is not None:
        cases.set_progress(
            uow, case.id, CaseStatus.WITH_STAFF, NextStep.STAFF_ANSWERS, now, owner="bot"
        )
    return back


def promise_answer(uow: UnitOfWork, handoff: Handoff, due_at: datetime, now: datetime) -> None:
    """Write down a new time that the customer is told; a promise that is still open stands."""
    case = cases.case_of(uow, handoff.case_id) if handoff.case_id else None
    if case is not None:
        promising.promise(uow, case, STAFF_ANSWER, due_at, "bot", now)


type AskSurvey[U] = Callable[[U, str, datetime], Json | None]
"""Returns the card that asks the customer of a chat to rate; None when they are not asked."""


def resolve[U: UnitOfWork](
    uow: U,
    handoff_id: str,
    staff: StaffMember,
    outcome: str,
    now: datetime,
    ask_survey: AskSurvey[U] | None = None,
) -> None:
    """Close case and chat; the customer is asked to rate if `ask_survey` says so.

    Raises:
        UnknownHandoff, NotYours: the chat is not this person's.
    """
    handoff = mine(uow, handoff_id, staff)
    conversation = uow.conversations.lock(handoff.conversation_id)
    case = _case(uow, handoff)
    _end_answer_promise(uow, handoff, PromiseState.KEPT, now)
    if case is not None:
        cases.resolve(uow, case.id, outcome, staff.id, now)
    latest = cases.latest_case(uow, conversation.id)
    number = latest.number if latest else None
    survey = ask_survey(uow, conversation.id, now) if ask_survey else None
    draft = notices.resolved(staff.name, number, conversation.language, survey)
    uow.conversations.append(conversation.id, draft, now)
    _end(uow, handoff, "resolved", now)
    uow.conversations.set_mode(conversation.id, Mode.CLOSED, at=now)


def mine(uow: UnitOfWork, handoff_id: str, staff: StaffMember) -> Handoff:
    """Return the handoff if this person has the chat; nobody takes it until the transaction ends.

    Raises:
        UnknownHandoff, NotYours.
        PassedOn: it is under way to somebody else.
    """
    uow.conversations.lock(_open(uow, handoff_id).conversation_id)
    handoff = _open(uow, handoff_id)
    if handoff.claimed_by != staff.id:
        raise NotYours(handoff_id)
    if handoff.passing is not None:
        raise PassedOn(handoff_id)
    return handoff


def _open(uow: UnitOfWork, handoff_id: str) -> Handoff:
    handoff = uow.handoffs.get(handoff_id)
    if handoff is None or handoff.state is HandoffState.ENDED:
        raise UnknownHandoff(handoff_id)
    return handoff


def _case(uow: UnitOfWork, handoff: Handoff) -> Case | None:
    return cases.current_case(uow, handoff.conversation_id)


def _end(uow: UnitOfWork, handoff: Handoff, outcome: str, now: datetime) -> None:
    uow.handoffs.save(replace(handoff, state=HandoffState.ENDED, outcome=outcome, ended_at=now))
