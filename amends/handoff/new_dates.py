"""A new date for a promise that is not kept in time: who may give it, and until when.

The earlier promise is broken and stays so, whether its time has come or not. So a new date never
makes what came late look as if it had come in time.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from amends.cases import promising
from amends.cases import use_cases as cases
from amends.cases.model import Case, CaseStatus, Promise, PromiseState
from amends.compensation.model import Remedy, Step
from amends.handoff.errors import DateRefused, NoReason, WhyNoDate
from amends.handoff.hours import Hours
from amends.handoff.model import StaffMember
from amends.handoff.new_date_words import new_date
from amends.handoff.ports import UnitOfWork
from amends.handoff.rights import Right, may, require

LATEST = timedelta(days=30)
"""How far away a new date may lie, from now or from the earlier date if that is still to come."""

USUAL = timedelta(hours=8)
"""Working time until the date that is suggested."""

DATES_ALONE = 1
"""New dates of one promise that whoever edits cases gives; each one after them a supervisor."""

LONGEST_REASON = 500
_MINUTE = timedelta(minutes=1)
_UNDER_WAY = frozenset({Step.ACCEPTED, Step.ISSUED})
_OVER = {Step.SETTLED: WhyNoDate.DONE, Step.FAILED: WhyNoDate.FAILED}


def why_not(
    promise: Promise,
    promises: Iterable[Promise],
    remedy: Remedy | None,
    case: Case,
    staff: StaffMember,
) -> WhyNoDate | None:
    """Return why this person cannot give the promise a new date; None when they can.

    Args:
        promise: the one in question.
        promises: all of its case.
        remedy: what was promised; None for an answer by a person.
        case: its case; a resolved one may still owe what was accepted.
        staff: who asks.
    """
    earlier = {one.id: one for one in promises}
    if promise.state is PromiseState.KEPT:
        return WhyNoDate.KEPT
    if any(one.replaces == promise.id for one in earlier.values()):
        return WhyNoDate.MOVED
    if remedy is None:
        return WhyNoDate.ANSWER
    if promise.state is PromiseState.RELEASED or remedy.state not in _UNDER_WAY:
        return _OVER.get(remedy.state, WhyNoDate.RELEASED)
    if case.status is CaseStatus.WITHDRAWN:
        return WhyNoDate.WITHDRAWN
    beyond = _times_moved(promise, earlier) >= DATES_ALONE and not may(staff, Right.APPROVE)
    return WhyNoDate.SUPERVISOR if beyond else None


def _times_moved(promise: Promise, earlier: dict[str, Promise]) -> int:
    times, before = 0, promise.replaces
    while before is not None:
        times, before = times + 1, earlier[before].replaces
    return times


def latest(promise: Promise, now: datetime) -> datetime:
    return max(now, promise.due_at) + LATEST


def suggested(promise: Promise, hours: Hours, now: datetime) -> datetime:
    """Return a date to begin with: after a day's work from now, or from the earlier date."""
    due_at = hours.add(max(now, promise.due_at), USUAL)
    whole = due_at.replace(second=0, microsecond=0)
    return whole if whole == due_at else whole + _MINUTE


def give(
    uow: UnitOfWork,
    hours: Hours,
    promise_id: str,
    case_id: str,
    due_at: datetime,
    reason: str,
    staff: StaffMember,
    now: datetime,
) -> Promise:
    """Give a promise a new date, and tell the customer that the earlier one is not kept.

    Raises:
        NotAllowed: the person's role does not edit cases.
        UnknownCase.
        DateRefused: this promise, this person or this date; it says why.
        NoReason: nothing was written.
    """
    require(staff, Right.EDIT_CASES)
    conversation = uow.conversations.lock(cases.case_of(uow, case_id).conversation_id)
    case = cases.case_of(uow, case_id)
    promises = uow.promises.of_case(case.id)
    promise = next((one for one in promises if one.id == promise_id), None)
    if promise is None:
        raise DateRefused(WhyNoDate.UNKNOWN)
    remedy = uow.ledger.remedy(promise.remedy_id) if promise.remedy_id else None
    _refuse(why_not(promise, promises, remedy, case, staff))
    _refuse(_why_not_here(uow, case, staff))
    _refuse(_why_not_then(promise, due_at, now))
    words = _words(reason)
    assert remedy is not None  # or it was refused
    made = promising.move(uow, case, promise, due_at, staff.id, words, now)
    draft = new_date(remedy, promise, made, hours, conversation.language)
    uow.conversations.append(conversation.id, draft, now)
    return made


def _refuse(why: WhyNoDate | None) -> None:
    if why is not None:
        raise DateRefused(why)


def _why_not_here(uow: UnitOfWork, case: Case, staff: StaffMember) -> WhyNoDate | None:
    """Nobody speaks into a colleague's chat, but who decides on colleagues' requests."""
    found = uow.handoffs.open_of(case.conversation_id)
    holder = found.claimed_by if found else None
    is_a_colleagues = holder is not None and holder != staff.id
    return WhyNoDate.COLLEAGUE if is_a_colleagues and not may(staff, Right.APPROVE) else None


def _why_not_then(promise: Promise, due_at: datetime, now: datetime) -> WhyNoDate | None:
    if due_at <= now:
        return WhyNoDate.PAST
    if due_at <= promise.due_at:
        return WhyNoDate.NOT_LATER
    return WhyNoDate.TOO_FAR if due_at > latest(promise, now) else None


def _words(reason: str) -> str:
    tidy = " ".join(reason.split())[:LONGEST_REASON]
    if not tidy:
        raise NoReason
    return tidy
