"""What the pages about actions on causes show, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from amends.cases.model import Category
from amends.cases.root_causes import RootCause
from amends.desk import cause_action_words as said
from amends.desk import words
from amends.desk.case_words import ROOT_CAUSES
from amends.desk.forms import Form
from amends.desk.speech import tr
from amends.desk.staff_views import moment
from amends.handoff.model import StaffMember
from amends.insights.actions import (
    MOVES,
    ActionEntry,
    ActionState,
    CauseAction,
    EntryKind,
    Measure,
    Plan,
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    id: str
    title: str
    about: str
    owner: str
    due: str
    done: str
    overdue: bool
    state: str
    tag: str
    measure: str


@dataclass(frozen=True, slots=True)
class Fact:
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an action's history."""

    what: str
    when: str
    by: str
    note: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """A button that leads into another state."""

    state: str
    words: str
    primary: bool
    danger: bool


def row(action: CauseAction, names: Mapping[str, str], today: date) -> Row:
    plan = action.plan
    return Row(
        id=action.id,
        title=plan.title,
        about=about(plan),
        owner=names.get(plan.owner, ""),
        due=words.day(plan.due_on) if plan.due_on else "",
        done=words.day(action.done_on) if action.done_on else "",
        overdue=action.is_overdue(today),
        state=tr(said.STATES[action.state]),
        tag=said.STATE_TAGS[action.state],
        measure=tr(said.MEASURES[plan.measure]),
    )


def about(plan: Plan) -> str:
    """Return what a plan is about: its cause, its category, or both."""
    cause = words.word(ROOT_CAUSES, plan.cause.value) if plan.cause else ""
    category = words.word(words.CATEGORIES, plan.category.value) if plan.category else ""
    return " · ".join(one for one in (cause, category) if one)


def cases_address(plan: Plan) -> str:
    """Return the address of the cases that a plan is about."""
    wanted = {"cause": plan.cause, "category": plan.category}
    return "/cases?" + urlencode({name: one.value for name, one in wanted.items() if one})


def facts(action: CauseAction, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what is known of an action, for those who do not edit it."""
    plan = action.plan
    known = {
        "what": plan.what,
        "cause": plan.cause.value if plan.cause else "",
        "category": plan.category.value if plan.category else "",
        "owner": plan.owner,
        "due_on": plan.due_on.isoformat() if plan.due_on else "",
        "measure": plan.measure.value,
    }
    return [(tr(said.FACTS[key]), _said(key, one, names)) for key, one in known.items() if one]


def dates(action: CauseAction) -> list[tuple[str, str]]:
    known = {"started_on": action.started_on, "done_on": action.done_on}
    return [(tr(said.FACTS[key]), words.day(one)) for key, one in known.items() if one]


def moves(action: CauseAction) -> list[Move]:
    """Return where an action may go; the first is what usually follows."""
    return [
        Move(
            state=state.value,
            words=tr(said.AGAIN if action.state is ActionState.DONE else said.MOVES[state]),
            primary=index == 0 and action.is_open,
            danger=state is ActionState.DROPPED,
        )
        for index, state in enumerate(MOVES[action.state])
    ]


def history(entries: Sequence[ActionEntry], names: Mapping[str, str], zone: ZoneInfo) -> list[Line]:
    return [
        Line(
            what=_what(entry),
            when=moment(entry.at, zone),
            by=names.get(entry.by, ""),
            note=entry.note,
            facts=tuple(_facts(entry, names)),
        )
        for entry in entries
    ]


def plan_of(form: Form) -> Plan:
    """Return what was typed, as it was typed; what is none of the choices is missing."""
    return Plan(
        title=form.get("title"),
        what=form.get("what"),
        cause=_one_of(RootCause, form.get("cause")),
        category=_one_of(Category, form.get("category")),
        owner=form.get("owner"),
        due_on=day_of(form.get("due_on")),
        measure=_one_of(Measure, form.get("measure")) or Measure.CASES_PER_WEEK,
    )


def owned_by(plan: Plan, owner: str) -> Plan:
    """Return a plan that its writer is to see to, until somebody else is chosen."""
    return replace(plan, owner=owner)


def day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def causes() -> list[tuple[str, str]]:
    return [(one.value, words.word(ROOT_CAUSES, one.value)) for one in RootCause]


def categories() -> list[tuple[str, str]]:
    return [(one.value, words.word(words.CATEGORIES, one.value)) for one in Category]


def measures() -> list[tuple[str, str]]:
    return [(one.value, tr(said.MEASURES[one])) for one in Measure]


def owners(staff: Sequence[StaffMember], chosen: str) -> list[tuple[str, str]]:
    """Return who may be chosen: everybody who may sign in, and whoever is chosen already."""
    able = [one for one in staff if one.active or one.id == chosen]
    return [(one.id, one.name) for one in sorted(able, key=lambda one: one.name.casefold())]


def _what(entry: ActionEntry) -> str:
    if entry.kind is EntryKind.MOVED and "state" in entry.after:
        return tr(said.STATES[ActionState(entry.after["state"])])
    return tr(said.KINDS[entry.kind])


def _facts(entry: ActionEntry, names: Mapping[str, str]) -> list[Fact]:
    return [
        Fact(
            tr(said.FACTS[key]),
            _said(key, entry.before.get(key, ""), names),
            _said(key, entry.after[key], names),
        )
        for key in said.FACTS
        if key in entry.after and not (entry.kind is EntryKind.MOVED and key == "state")
    ]


def _said(key: str, value: str, names: Mapping[str, str]) -> str:
    if not value:
        return ""
    match key:
        case "cause":
            return words.word(ROOT_CAUSES, value)
        case "category":
            return words.word(words.CATEGORIES, value)
        case "owner":
            return names.get(value, "")
        case "due_on" | "started_on" | "done_on":
            return words.day(date.fromisoformat(value))
        case "measure":
            return tr(said.MEASURES[Measure(value)])
        case "state":
            return tr(said.STATES[ActionState(value)])
        case _:
            return value


def _one_of[T: (RootCause, Category, Measure)](choices: type[T], value: str) -> T | None:
    try:
        return choices(value)
    except ValueError:
        return None
