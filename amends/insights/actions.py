"""What is done about a cause of complaints: by whom, by when, and by which measure it is judged."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from amends.cases.model import Category
from amends.cases.root_causes import RootCause
from amends.insights.action_errors import (
    DayUnusable,
    MoveNotPossible,
    NothingNoted,
    TargetMissing,
    TitleUnusable,
    WordsTooLong,
)

LONGEST_TITLE = 120
LONGEST_TEXT = 2000


class ActionState(StrEnum):
    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"
    DROPPED = "dropped"


class Measure(StrEnum):
    """By what it is judged whether the action helped."""

    CASES_PER_WEEK = "cases_per_week"
    SATISFACTION = "satisfaction"  # predicted, 1 to 5
    COST_PER_CASE = "cost_per_case"
    REPEAT_SHARE = "repeat_share"  # complained before within 30 days


MOVES: Mapping[ActionState, tuple[ActionState, ...]] = {
    ActionState.PLANNED: (ActionState.UNDER_WAY, ActionState.DONE, ActionState.DROPPED),
    ActionState.UNDER_WAY: (ActionState.DONE, ActionState.PLANNED, ActionState.DROPPED),
    ActionState.DONE: (ActionState.UNDER_WAY,),
    ActionState.DROPPED: (ActionState.PLANNED,),
}
OPEN = (ActionState.PLANNED, ActionState.UNDER_WAY)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is written in the form; a cause, a category, or both say what it is about."""

    title: str
    what: str  # what is done
    cause: RootCause | None
    category: Category | None
    owner: str  # a staff id
    due_on: date | None  # None only while it is typed
    measure: Measure = Measure.CASES_PER_WEEK


@dataclass(frozen=True, slots=True)
class CauseAction:
    id: str
    plan: Plan
    state: ActionState
    version: int  # counts the changes, so that two editors never overwrite each other
    made_at: datetime
    made_by: str
    changed_at: datetime
    changed_by: str
    started_on: date | None = None
    done_on: date | None = None  # exactly when the state is done

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def is_overdue(self, today: date) -> bool:
        return self.is_open and self.plan.due_on is not None and self.plan.due_on < today


class EntryKind(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    MOVED = "moved"  # into another state
    NOTED = "noted"


@dataclass(frozen=True, slots=True)
class ActionEntry:
    """One line of an action's history; added, never changed."""

    action_id: str
    at: datetime
    by: str  # a staff id
    kind: EntryKind
    before: Mapping[str, str] = field(default_factory=dict)  # only what differs
    after: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


def checked(plan: Plan) -> Plan:
    """Return the plan as it is stored, without blanks around its texts.

    Raises:
        TitleUnusable, WordsTooLong, TargetMissing, DayUnusable.
    """
    tidy = replace(plan, title=" ".join(plan.title.split()), what=_tidy(plan.what))
    if not 0 < len(tidy.title) <= LONGEST_TITLE:
        raise TitleUnusable(LONGEST_TITLE)
    if len(tidy.what) > LONGEST_TEXT:
        raise WordsTooLong(LONGEST_TEXT)
    if tidy.cause is None and tidy.category is None:
        raise TargetMissing
    if tidy.due_on is None or not 2000 <= tidy.due_on.year < 2100:
        raise DayUnusable("due_on")
    return tidy


def checked_note(note: str) -> str:
    """Return a note as it is stored.

    Raises:
        NothingNoted, WordsTooLong.
    """
    tidy = _tidy(note)
    if not tidy:
        raise NothingNoted
    if len(tidy) > LONGEST_TEXT:
        raise WordsTooLong(LONGEST_TEXT)
    return tidy


def moved(action: CauseAction, state: ActionState, on: date, today: date) -> CauseAction:
    """Return the action in another state, as of a day.

    Args:
        on: When it began, or was done; for the other states it does not matter.
        today: On the company's calendar.

    Raises:
        MoveNotPossible: this state does not follow.
        DayUnusable: the day lies ahead, or before the beginning.
    """
    if state not in MOVES[action.state]:
        raise MoveNotPossible(action.state.value, state.value)
    match state:
        case ActionState.UNDER_WAY:
            began = action.started_on or _past(on, today)
            return replace(action, state=state, started_on=began, done_on=None)
        case ActionState.DONE:
            _past(on, today)
            if action.started_on and on < action.started_on:
                raise DayUnusable("done_before_start")
            return replace(action, state=state, done_on=on)
        case ActionState.PLANNED:
            return replace(action, state=state, started_on=None)
        case _:
            return replace(action, state=state)


def differences(before: CauseAction, after: CauseAction) -> tuple[dict[str, str], dict[str, str]]:
    """Return what differs between two versions, as words: as it was, and as it is."""
    was, now = _facts(before), _facts(after)
    names = [name for name in now if was[name] != now[name]]
    return {name: was[name] for name in names}, {name: now[name] for name in names}


def in_order(actions: Iterable[CauseAction], today: date) -> list[CauseAction]:
    """Return the overdue ones first, then the open ones by day, then the others, latest first."""

    def place(one: CauseAction) -> tuple[int, float, str]:
        due = one.plan.due_on or date.max
        if one.is_open:
            return (not one.is_overdue(today), due.toordinal(), one.id)
        return (2, -one.changed_at.timestamp(), one.id)

    return sorted(actions, key=place)


def _past(day: date, today: date) -> date:
    if day > today:
        raise DayUnusable("ahead")
    return day


def _facts(action: CauseAction) -> dict[str, str]:
    plan = action.plan
    return {
        "title": plan.title,
        "what": plan.what,
        "cause": plan.cause.value if plan.cause else "",
        "category": plan.category.value if plan.category else "",
        "owner": plan.owner,
        "due_on": plan.due_on.isoformat() if plan.due_on else "",
        "measure": plan.measure.value,
        "state": action.state.value,
        "started_on": action.started_on.isoformat() if action.started_on else "",
        "done_on": action.done_on.isoformat() if action.done_on else "",
    }


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
