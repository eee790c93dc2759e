"""What staff set in a case: category, root cause, owner, deadline.

Each is one entry of the timeline with who, before and after; nothing is written when nothing
changes. Each step runs inside one transaction that the caller commits.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from amends.cases.errors import CaseClosed, CauseStays, DeadlineHasPassed, OwnerNotActive
from amends.cases.model import Case, Category
from amends.cases.ports import UnitOfWork
from amends.cases.root_causes import RootCause
from amends.cases.use_cases import add_entry, case_of

FIELD_CHANGED = "field_changed"
"""Kind of the entry; its data are `field`, `before` and `after`."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the staff who may be given a case."""

    id: str
    name: str
    active: bool


def set_category(uow: UnitOfWork, case_id: str, category: Category, by: str, now: datetime) -> Case:
    """Say what a case is about.

    Raises:
        UnknownCase, CaseClosed.
    """
    case = _open_locked(uow, case_id)
    changed = replace(case, category=category, secondary=_without(case, category))
    return _save(uow, case, changed, "category", by, now)


def set_root_cause(
    uow: UnitOfWork, case_id: str, cause: RootCause | None, by: str, now: datetime
) -> Case:
    """Say why it went wrong, also when the case is closed: most causes are found afterwards.

    Raises:
        UnknownCase.
        CauseStays: the cause of a closed case may be corrected, not taken away.
    """
    case = _locked(uow, case_id)
    if cause is None and case.closed_at is not None and case.root_cause is not None:
        raise CauseStays(case.number)
    return _save(uow, case, replace(case, root_cause=cause), "root_cause", by, now)


def set_owner(uow: UnitOfWork, case_id: str, owner: Person, by: str, now: datetime) -> Case:
    """Give a case to somebody.

    Raises:
        UnknownCase, CaseClosed.
        OwnerNotActive: nobody signs in under that name any more.
    """
    case = _open_locked(uow, case_id)
    if not owner.active:
        raise OwnerNotActive(owner.name)
    return _save(uow, case, replace(case, owner=owner.id), "owner", by, now)


def set_deadline(uow: UnitOfWork, case_id: str, due_at: datetime, by: str, now: datetime) -> Case:
    """Say by when a case is to be resolved.

    Raises:
        UnknownCase, CaseClosed.
        DeadlineHasPassed: a deadline lies in the future.
    """
    case = _open_locked(uow, case_id)
    if due_at <= now:
        raise DeadlineHasPassed
    return _save(uow, case, replace(case, resolution_due_at=due_at), "deadline", by, now)


def _locked(uow: UnitOfWork, case_id: str) -> Case:
    """Read a case for a change: two people who change it at once do so one after the other."""
    uow.conversations.lock(case_of(uow, case_id).conversation_id)
    return case_of(uow, case_id)


def _open_locked(uow: UnitOfWork, case_id: str) -> Case:
    case = _locked(uow, case_id)
    if case.closed_at is not None:
        raise CaseClosed(case.number)
    return case


def _without(case: Case, category: Category) -> tuple[Category, ...]:
    return tuple(one for one in case.secondary if one is not category)


def _save(uow: UnitOfWork, before: Case, after: Case, field: str, by: str, now: datetime) -> Case:
    if after == before:
        return before
    uow.cases.save(after)
    values = {"field": field, "before": _value(before, field), "after": _value(after, field)}
    add_entry(uow, after, now, by, FIELD_CHANGED, values)
    return after


def _value(case: Case, field: str) -> Any:
    due_at = case.resolution_due_at
    return {
        "category": case.category.value,
        "root_cause": case.root_cause.value if case.root_cause else None,
        "owner": case.owner,
        "deadline": due_at.isoformat() if due_at else None,
    }[field]
