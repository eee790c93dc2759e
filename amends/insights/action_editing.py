"""Actions on causes are planned, changed and moved on, each in the caller's transaction."""

from dataclasses import replace
from datetime import date, datetime

from amends.handoff.model import StaffMember
from amends.handoff.rights import Right, require
from amends.insights.action_errors import ActionChanged, OwnerUnusable, UnknownAction
from amends.insights.actions import (
    ActionEntry,
    ActionState,
    CauseAction,
    EntryKind,
    Plan,
    checked,
    checked_note,
    differences,
    moved,
)
from amends.insights.ports import UnitOfWork
from amends.values import new_id


def add(uow: UnitOfWork, plan: Plan, by: StaffMember, now: datetime) -> CauseAction:
    """Plan an action.

    Raises:
        NotAllowed: the role may not.
        TitleUnusable, WordsTooLong, TargetMissing, DayUnusable, OwnerUnusable.
    """
    require(by, Right.EDIT_ACTIONS)
    tidy = checked(plan)
    _require_owner(uow, tidy.owner)
    action = CauseAction(new_id(), tidy, ActionState.PLANNED, 1, now, by.id, now, by.id)
    uow.cause_actions.add(action)
    uow.cause_actions.add_entry(ActionEntry(action.id, now, by.id, EntryKind.ADDED))
    return action


def change(
    uow: UnitOfWork, action_id: str, plan: Plan, version: int, by: StaffMember, now: datetime
) -> CauseAction:
    """Store a changed plan, if nobody has changed the action since it was read.

    Args:
        version: The version that was read.

    Raises:
        NotAllowed: the role may not.
        UnknownAction: there is none of this id.
        ActionChanged: somebody was faster; nothing is stored.
        TitleUnusable, WordsTooLong, TargetMissing, DayUnusable, OwnerUnusable.
    """
    require(by, Right.EDIT_ACTIONS)
    known = action_of(uow, action_id)
    tidy = checked(plan)
    if tidy.owner != known.plan.owner:
        _require_owner(uow, tidy.owner)
    return _store(uow, known, replace(known, plan=tidy), version, EntryKind.CHANGED, by, now)


def move(
    uow: UnitOfWork,
    action_id: str,
    state: ActionState,
    on: date,
    version: int,
    by: StaffMember,
    now: datetime,
    today: date,
) -> CauseAction:
    """Let an action begin, be done, be dropped, or be taken up again.

    Args:
        on: When it began, or was done.
        version: The version that was read.
        today: On the company's calendar.

    Raises:
        NotAllowed: the role may not.
        UnknownAction: there is none of this id.
        ActionChanged: somebody was faster; nothing is stored.
        MoveNotPossible, DayUnusable.
    """
    require(by, Right.EDIT_ACTIONS)
    known = action_of(uow, action_id)
    if known.version != version:
        raise ActionChanged(action_id)
    after = moved(known, state, on, today)
    return _store(uow, known, after, version, EntryKind.MOVED, by, now)


def note(uow: UnitOfWork, action_id: str, text: str, by: StaffMember, now: datetime) -> None:
    """Add a note to the history of an action; it is not a change of the action.

    Raises:
        NotAllowed: the role may not.
        UnknownAction: there is none of this id.
        NothingNoted, WordsTooLong.
    """
    require(by, Right.EDIT_ACTIONS)
    known = action_of(uow, action_id)
    entry = ActionEntry(known.id, now, by.id, EntryKind.NOTED, note=checked_note(text))
    uow.cause_actions.add_entry(entry)


def action_of(uow: UnitOfWork, action_id: str) -> CauseAction:
    found = uow.cause_actions.get(action_id)
    if found is None:
        raise UnknownAction(action_id)
    return found


def _store(
    uow: UnitOfWork,
    known: CauseAction,
    after: CauseAction,
    version: int,
    kind: EntryKind,
    by: StaffMember,
    now: datetime,
) -> CauseAction:
    if known.version != version:
        raise ActionChanged(known.id)
    before_words, after_words = differences(known, after)
    if not after_words:
        return known
    stored = replace(after, version=version + 1, changed_at=now, changed_by=by.id)
    if not uow.cause_actions.save(stored):
        raise ActionChanged(known.id)
    entry = ActionEntry(known.id, now, by.id, kind, before_words, after_words)
    uow.cause_actions.add_entry(entry)
    return stored


def _require_owner(uow: UnitOfWork, owner: str) -> None:
    member = uow.staff.get(owner)
    if member is None or not member.active:
        raise OwnerUnusable(owner)
