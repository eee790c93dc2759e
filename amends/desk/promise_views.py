"""Promises as they are listed in the card of a chat and on the page of a case. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from amends.cases.model import Case, Promise, PromiseState
from amends.compensation.model import Offer, Remedy
from amends.desk import words
from amends.desk.speech import mark, tr
from amends.desk.views import remedy_line
from amends.handoff.errors import DateRefused, HandoffError, NoReason, NotAllowed, WhyNoDate
from amends.handoff.model import StaffMember
from amends.handoff.new_dates import why_not
from amends.handoff.rights import Right, may

_WHY_NOT = {
    WhyNoDate.UNKNOWN: mark("There is no such promise in this case."),
    WhyNoDate.KEPT: mark("This promise was kept, so it needs no new date."),
    WhyNoDate.MOVED: mark("A new date was given already; move that one instead."),
    WhyNoDate.ANSWER: mark(
        "An answer is not put off: write to the customer, or put the chat back into the queue."
    ),
    WhyNoDate.DONE: mark("It has been carried out in the meantime, so it needs no new date."),
    WhyNoDate.FAILED: mark("It could not be carried out; grant it anew instead."),
    WhyNoDate.RELEASED: mark("This is not owed any more, so it needs no new date."),
    WhyNoDate.WITHDRAWN: mark("The customer has withdrawn this case; nothing is promised in it."),
    WhyNoDate.SUPERVISOR: mark(
        "This promise was given a new date before; another one is for a supervisor or a manager."
    ),
    WhyNoDate.COLLEAGUE: mark("A colleague has this chat; the new date is for them to give."),
    WhyNoDate.PAST: mark("This time has passed already; choose a later one."),
    WhyNoDate.NOT_LATER: mark("The promise is for later than this already; choose a later time."),
    WhyNoDate.TOO_FAR: mark("This is too far away: choose a time within the next 30 days."),
}


@dataclass(frozen=True, slots=True)
class Pledge:
    title: str
    due: str
    state: str
    state_word: str
    moves_at: str = ""  # the page on which a new date is given; empty where none can be
    note: str = ""  # why there is none, where that needs saying


def pledges(
    case: Case | None,
    promises: Sequence[Promise],
    offers: Sequence[Offer],
    reader: StaffMember,
    now: datetime,
) -> list[Pledge]:
    """Return a case's promises, each with the way to a new date if this reader may give one."""
    if case is None:
        return []
    remedies = {one.id: one for offer in offers for one in offer.remedies}
    return [_pledge(case, one, promises, remedies, reader, now) for one in promises]


def _pledge(
    case: Case,
    promise: Promise,
    promises: Sequence[Promise],
    remedies: dict[str, Remedy],
    reader: StaffMember,
    now: datetime,
) -> Pledge:
    remedy = remedies.get(promise.remedy_id or "")
    still_open = promise.state is PromiseState.OPEN
    late = still_open and promise.due_at < now
    why = why_not(promise, promises, remedy, case, reader)
    state = "moved" if why is WhyNoDate.MOVED else promise.state.value
    may_move = why is None and may(reader, Right.EDIT_CASES)
    return Pledge(
        title=what_of(promise, remedy),
        due=words.due_at(promise.due_at, now) if still_open else words.day(promise.due_at),
        state="overdue" if late else promise.state.value,
        state_word=words.word(words.PROMISE_STATES, state),
        moves_at=f"/cases/{case.number}/promises/{promise.id}" if may_move else "",
        note=tr("Another new date is for a supervisor.") if why is WhyNoDate.SUPERVISOR else "",
    )


def what_of(promise: Promise, remedy: Remedy | None) -> str:
    title, amount, _ = remedy_line(remedy) if remedy else ("", "", "")
    return f"{title} {amount}".strip() or words.word(words.PROMISES, promise.what)


def refusal(error: HandoffError) -> str:
    """Return why no new date was given."""
    match error:
        case DateRefused():
            return tr(_WHY_NOT[error.why])
        case NoReason():
            return tr("Please say in a few words why.")
        case NotAllowed():
            return tr("Your role does not allow this; ask an administrator if you need it.")
        case _:
            return str(error)
