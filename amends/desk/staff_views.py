"""What the pages about staff show, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from amends.desk import words
from amends.desk.components.presence import initials
from amends.desk.speech import spoken, tr
from amends.desk.staff_words import CHANGES, FACTS
from amends.handoff.model import StaffMember
from amends.handoff.staff_model import StaffChange

_MOMENTS = {"en": ("en_GB", "d MMM y, HH:mm"), "zh": ("zh_Hans_CN", "y年M月d日 HH:mm")}
"""How a moment is written: by whose rules, and in which order."""


@dataclass(frozen=True, slots=True)
class Person:
    """One row of the list."""

    id: str
    login: str
    name: str
    initials: str
    role: str
    languages: str
    skills: str
    seen: str
    active: bool
    has_second_factor: bool
    password_is_made: bool


@dataclass(frozen=True, slots=True)
class Fact:
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a person's history."""

    what: str
    when: str
    by: str
    facts: tuple[Fact, ...]


def person(member: StaffMember, zone: ZoneInfo) -> Person:
    return Person(
        id=member.id,
        login=member.login,
        name=member.name,
        initials=initials(member.name),
        role=words.word(words.ROLES, member.role.value),
        languages=_languages(member.languages),
        skills=_skills(member.skills),
        seen=moment(member.seen_at, zone) if member.seen_at else tr("Never"),
        active=member.active,
        has_second_factor=member.has_second_factor,
        password_is_made=member.password_is_made,
    )


def history(changes: Sequence[StaffChange], names: Mapping[str, str], zone: ZoneInfo) -> list[Line]:
    return [
        Line(
            what=tr(CHANGES[change.kind]),
            when=moment(change.at, zone),
            by=names.get(change.actor_id, "") if change.actor_id else tr("an operator"),
            facts=tuple(_facts(change)),
        )
        for change in changes
    ]


def moment(when: datetime, zone: ZoneInfo) -> str:
    """Return date and time as they are at the company, in the reader's language."""
    locale, pattern = _MOMENTS[spoken()]
    return format_datetime(when.astimezone(zone), pattern, locale=locale)


def _facts(change: StaffChange) -> list[Fact]:
    keys = [key for key in FACTS if key in change.before or key in change.after]
    return [
        Fact(tr(FACTS[key]), _said(key, change.before.get(key)), _said(key, change.after.get(key)))
        for key in keys
    ]


def _said(key: str, value: Any) -> str:
    if value is None:
        return ""
    if key == "role":
        return words.word(words.ROLES, str(value))
    if key == "languages":
        return _languages(value)
    if key == "skills":
        return _skills(value)
    return str(value)


def _languages(languages: Sequence[str]) -> str:
    return ", ".join(words.language(one) for one in languages)


def _skills(skills: Sequence[str]) -> str:
    return ", ".join(words.word(words.CATEGORIES, one) for one in skills) or tr("All")
