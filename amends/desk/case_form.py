"""The fields of a case that staff set, as a form shows and posts them.

The form says what each field was when it was shown. Only what was changed in it is set, so two
people who have one page open do not undo each other's work.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from amends.cases import fields
from amends.cases.fields import Person
from amends.cases.model import Case, Category
from amends.cases.root_causes import RootCause
from amends.desk.forms import Form
from amends.desk.speech import tr
from amends.desk.zones import MINUTES, read_moment
from amends.handoff import marks
from amends.handoff.errors import UnknownHandoff
from amends.handoff.model import Handoff
from amends.satisfaction.ports import UnitOfWork

NAMES = ("category", "cause", "owner", "deadline", "needed")


class UnusableField(Exception):
    """`str()` is one sentence for the person at the desk."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form holds now, and what it held when it was shown."""

    now: Mapping[str, str]
    was: Mapping[str, str]

    @property
    def changed(self) -> dict[str, str]:
        return {name: self.now[name] for name in NAMES if self.now[name] != self.was[name]}


def typed_of(case: Case, zone: tzinfo, handoff: Handoff | None = None) -> Typed:
    """Return the form of a case as it stands.

    Args:
        handoff: of which it says whether a person was needed.
    """
    due_at = case.resolution_due_at
    values = {
        "category": case.category.value,
        "cause": case.root_cause.value if case.root_cause else "",
        "owner": case.owner,
        "deadline": due_at.astimezone(zone).strftime(MINUTES) if due_at else "",
        "needed": (marks.word(handoff.was_needed) if handoff else None) or "",
    }
    return Typed(values, values)


def read_typed(form: Form) -> Typed:
    return Typed(
        {
            name: form.get(name) if name in form.fields else form.get(f"was_{name}")
            for name in NAMES
        },
        {name: form.get(f"was_{name}") for name in NAMES},
    )


def save_typed(
    uow: UnitOfWork, case: Case, typed: Typed, zone: tzinfo, by: str, now: datetime
) -> int:
    """Set what was changed; returns how many fields that are.

    Raises:
        UnusableField: a value is none of the choices.
        CaseError: a field of this case cannot be set so.
    """
    changed = typed.changed
    if "cause" in changed:
        cause = _cause(changed["cause"])
        fields.set_root_cause(uow, case.id, cause, by, now)
    if "category" in changed:
        fields.set_category(uow, case.id, _category(changed["category"]), by, now)
    if "owner" in changed:
        fields.set_owner(uow, case.id, _person(uow, changed["owner"]), by, now)
    if "deadline" in changed:
        fields.set_deadline(uow, case.id, _moment(changed["deadline"], zone), by, now)
    if "needed" in changed:
        _set_needed(uow, case, marks.read(changed["needed"]), by, now)
    return len(changed)


def _set_needed(
    uow: UnitOfWork, case: Case, was_needed: bool | None, by: str, now: datetime
) -> None:
    try:
        marks.correct(uow, case.id, was_needed, by, now)
    except UnknownHandoff:
        raise UnusableField(tr("No person has ended a chat about this case yet.")) from None


def _category(value: str) -> Category:
    try:
        return Category(value)
    except ValueError:
        raise UnusableField(tr("Choose a category of the list.")) from None


def _cause(value: str) -> RootCause | None:
    try:
        return RootCause(value) if value else None
    except ValueError:
        raise UnusableField(tr("Choose a root cause of the list.")) from None


def _person(uow: UnitOfWork, staff_id: str) -> Person:
    member = uow.staff.get(staff_id)
    if member is None:
        raise UnusableField(tr("Choose an owner of the list."))
    return Person(member.id, member.name, member.active)


def _moment(value: str, zone: tzinfo) -> datetime:
    moment = read_moment(value, zone)
    if moment is None:
        raise UnusableField(tr("Write the deadline as a day and a time."))
    return moment
