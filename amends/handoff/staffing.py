"""Who works at the desk: add, edit, let in no more and again, reset.

Each runs in the caller's transaction. Whoever does it is an administrator (`by`), or an operator at
the terminal (None). What was done is written down with it.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from amends.cases.model import Category
from amends.handoff import fallbacks, second_factor
from amends.handoff.errors import (
    LanguageMissing,
    LastAdmin,
    LoginTaken,
    LoginUnusable,
    NameMissing,
    NotAllowed,
    NotYourself,
    UnknownStaff,
)
from amends.handoff.help_desk import BRIDGE
from amends.handoff.model import StaffMember, StaffRole
from amends.handoff.ports import UnitOfWork
from amends.handoff.rights import Right, may
from amends.handoff.staff_model import ChangeKind, Profile, StaffChange
from amends.handoff.thresholds import Thresholds
from amends.values import LANGUAGES, new_id

_LOGIN = re.compile(r"[a-z0-9._@-]{1,64}")
LONGEST_NAME = 80


def people(uow: UnitOfWork) -> list[StaffMember]:
    """Return everybody who may or might sign in, by name; who may not stand last."""
    everybody = [member for member in uow.staff.all() if member.id != BRIDGE.id]
    return sorted(everybody, key=lambda member: (not member.active, member.name.casefold()))


def known(uow: UnitOfWork, staff_id: str) -> StaffMember:
    """Return a person.

    Raises:
        UnknownStaff
    """
    member = uow.staff.get(staff_id)
    if member is None or member.id == BRIDGE.id:
        raise UnknownStaff(staff_id)
    return member


def by_login(uow: UnitOfWork, login: str) -> StaffMember:
    """Return the person of a sign-in name, in any capitals.

    Raises:
        UnknownStaff
    """
    found = uow.staff.by_login(login)
    if found is None:
        raise UnknownStaff(login)
    return known(uow, found[0].id)


def add(
    uow: UnitOfWork,
    by: StaffMember | None,
    login: str,
    profile: Profile,
    password_hash: str,
    now: datetime,
) -> StaffMember:
    """Add a person with a password made for them, which they change when they first sign in.

    Raises:
        NotAllowed, LoginUnusable, LoginTaken, NameMissing, LanguageMissing.
    """
    _only_admins(uow, by)
    name = login.strip().lower()
    if not _LOGIN.fullmatch(name):
        raise LoginUnusable(login)
    if uow.staff.by_login(name) is not None:
        raise LoginTaken(name)
    told = _accepted(profile)
    member = StaffMember(
        id=new_id(),
        login=name,
        name=told.name,
        role=told.role,
        languages=told.languages,
        skills=told.skills,
        password_is_made=True,
    )
    uow.staff.add(member, password_hash)
    _write_down(uow, by, member, ChangeKind.ADDED, now, after={"login": name} | _facts(member))
    return member


def edit(
    uow: UnitOfWork,
    thresholds: Thresholds,
    by: StaffMember | None,
    staff_id: str,
    profile: Profile,
    now: datetime,
) -> StaffMember:
    """Change name, role, languages and skills; a new role ends the person's sessions.

    Raises:
        NotAllowed, UnknownStaff, NameMissing, LanguageMissing, LastAdmin, NotYourself.
    """
    admins, before, told = _only_admins(uow, by), known(uow, staff_id), _accepted(profile)
    after = replace(
        before, name=told.name, role=told.role, languages=told.languages, skills=told.skills
    )
    if after == before:
        return before
    if after.role is not before.role:
        _keep_an_admin(admins, by, before)
    uow.staff.save(after)
    changed = {key: value for key, value in _facts(after).items() if value != _facts(before)[key]}
    old = {key: _facts(before)[key] for key in changed}
    _write_down(uow, by, after, ChangeKind.EDITED, now, old, changed)
    if after.role is not before.role:
        uow.staff.end_sessions(staff_id)
        if not may(after, Right.ANSWER_CHATS):
            fallbacks.put_all_back(uow, thresholds, staff_id, now)
    return after


def deactivate(
    uow: UnitOfWork, thresholds: Thresholds, by: StaffMember | None, staff_id: str, now: datetime
) -> None:
    """Let a person in no more: sessions end, chats go back to the queue and customers are told.

    Raises:
        NotAllowed, UnknownStaff, LastAdmin, NotYourself.
    """
    admins, member = _only_admins(uow, by), known(uow, staff_id)
    if not member.active:
        return
    _keep_an_admin(admins, by, member)
    uow.staff.save(replace(member, active=False))
    uow.staff.end_sessions(staff_id)
    chats = fallbacks.put_all_back(uow, thresholds, staff_id, now)
    _write_down(uow, by, member, ChangeKind.DEACTIVATED, now, after={"chats_put_back": chats})


def reactivate(uow: UnitOfWork, by: StaffMember | None, staff_id: str, now: datetime) -> None:
    """Let a person sign in again, with the password and the second factor of before.

    Raises:
        NotAllowed, UnknownStaff.
    """
    _only_admins(uow, by)
    member = known(uow, staff_id)
    if member.active:
        return
    uow.staff.save(replace(member, active=True))
    _write_down(uow, by, member, ChangeKind.REACTIVATED, now)


def reset_password(
    uow: UnitOfWork, by: StaffMember | None, staff_id: str, password_hash: str, now: datetime
) -> None:
    """Give a person a password made for them; their sessions end.

    Raises:
        NotAllowed, UnknownStaff, NotYourself.
    """
    member = _other(uow, by, staff_id)
    uow.staff.set_password(staff_id, password_hash, made=True)
    _write_down(uow, by, member, ChangeKind.PASSWORD_RESET, now)


def reset_second_factor(
    uow: UnitOfWork, by: StaffMember | None, staff_id: str, now: datetime
) -> None:
    """Forget the second factor of a person who lost it; their sessions end.

    Raises:
        NotAllowed, UnknownStaff, NotYourself.
    """
    member = _other(uow, by, staff_id)
    kind = ChangeKind.SECOND_FACTOR_RESET
    change = StaffChange(member.id, now, by.id if by else None, kind)
    second_factor.switch_off(uow, staff_id, change)
    uow.staff.end_sessions(staff_id)


def _only_admins(uow: UnitOfWork, by: StaffMember | None) -> set[str]:
    """Return the administrators, locked: two who switch each other off at once do not both win."""
    admins = {member.id for member in uow.staff.lock_admins()}
    if by is not None and by.id not in admins:
        raise NotAllowed(by.role.value, Right.ADMINISTER_STAFF.value)
    return admins


def _keep_an_admin(admins: set[str], by: StaffMember | None, member: StaffMember) -> None:
    if admins == {member.id}:
        raise LastAdmin(member.id)
    if by is not None and by.id == member.id:
        raise NotYourself(member.id)


def _other(uow: UnitOfWork, by: StaffMember | None, staff_id: str) -> StaffMember:
    _only_admins(uow, by)
    member = known(uow, staff_id)
    if by is not None and by.id == member.id:
        raise NotYourself(member.id)
    return member


def _accepted(profile: Profile) -> Profile:
    """Return the profile in order: without what nobody knows, and never without a language."""
    name = " ".join(profile.name.split())[:LONGEST_NAME]
    languages = tuple(one for one in LANGUAGES if one in profile.languages)
    if not name:
        raise NameMissing
    if not languages:
        raise LanguageMissing
    skills = tuple(one.value for one in Category if one.value in profile.skills)
    return Profile(name, StaffRole(profile.role), languages, skills)


def _facts(member: StaffMember) -> dict[str, Any]:
    return {
        "name": member.name,
        "role": member.role.value,
        "languages": list(member.languages),
        "skills": list(member.skills),
    }


def _write_down(
    uow: UnitOfWork,
    by: StaffMember | None,
    member: StaffMember,
    kind: ChangeKind,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    actor = by.id if by else None
    uow.staff_changes.add(StaffChange(member.id, now, actor, kind, before or {}, after or {}))
