"""Promises in a case: written down when they are made, and told of when they are broken.

Each step runs inside one transaction that the caller commits.
"""

from dataclasses import replace
from datetime import datetime

from amends.cases import announcements
from amends.cases.model import Case, Promise, PromiseState
from amends.cases.ports import UnitOfWork
from amends.cases.use_cases import add_entry
from amends.values import new_id

MOVED_ENTRY = "promise_moved"
"""Kind of the entry that says which date was given in place of which, and why."""


def promise(
    uow: UnitOfWork,
    case: Case,
    what: str,
    due_at: datetime,
    by: str,
    at: datetime,
    remedy_id: str | None = None,
) -> Promise:
    """Write a commitment down; only what stands here may be said."""
    made = Promise(new_id(), case.id, what, due_at, at, by, remedy_id=remedy_id)
    uow.promises.add(made)
    data = {"what": what, "due_at": due_at.isoformat(), "promise_id": made.id}
    add_entry(uow, case, at, by, "promised", data)
    return made


def break_promise(uow: UnitOfWork, case: Case, broken: Promise, at: datetime) -> bool:
    """Mark a promise as broken, in the books and to the outside; False when it had ended before."""
    if not uow.promises.set_state(broken.id, PromiseState.BROKEN, at):
        return False
    add_entry(uow, case, at, "system", "promise_broken", {"what": broken.what})
    payload = announcements.of_broken_promise(case, broken)
    uow.outbox.add("promise.broken", broken.id, payload, at)
    return True


def move(
    uow: UnitOfWork,
    case: Case,
    earlier: Promise,
    due_at: datetime,
    by: str,
    reason: str,
    at: datetime,
) -> Promise:
    """Give a promise a new date, as a promise of its own; the earlier one is broken and stays so.

    It is broken even where its time has not come yet: the customer was told it, and it is not kept.
    """
    break_promise(uow, case, earlier, at)
    made = replace(
        earlier,
        id=new_id(),
        due_at=due_at,
        made_at=at,
        made_by=by,
        state=PromiseState.OPEN,
        ended_at=None,
        replaces=earlier.id,
    )
    uow.promises.add(made)
    data = {
        "what": made.what,
        "promise_id": made.id,
        "was_due_at": earlier.due_at.isoformat(),
        "due_at": due_at.isoformat(),
        "reason": reason,
    }
    add_entry(uow, case, at, by, MOVED_ENTRY, data)
    payload = announcements.of_moved_promise(case, made, earlier)
    uow.outbox.add("promise.moved", made.id, payload, at)
    return made
