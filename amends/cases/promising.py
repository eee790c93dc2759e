"""Promises in a case: written down when they are made, and told of when they are broken.

Each step runs inside one transaction that the caller commits.
"""

from datetime import datetime

from amends.cases import announcements
from amends.cases.model import Case, Promise, PromiseState
from amends.cases.ports import UnitOfWork
from amends.cases.use_cases import add_entry
from amends.values import new_id


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
