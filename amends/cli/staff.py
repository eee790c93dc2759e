"""`amends staff list | add | reset-password | reset-second-factor`: for whoever is locked out."""

import argparse
import json
import sys
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING

from amends.cli.errors import UsageError
from amends.cli.subcommands import add_command, on_the_database
from amends.handoff import staffing
from amends.handoff.errors import StaffError
from amends.handoff.model import StaffMember, StaffRole
from amends.handoff.staff_model import Profile
from amends.values import Json, utc_now
from amends.wiring.settings import load_settings

if TYPE_CHECKING:
    from amends.storage import Database


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Look after the people at the desk from the terminal, where nobody can sign in any more. "
        "Writes JSON, one object a line."
    )
    commands = parser.add_subparsers(dest="staff_command", required=True, metavar="command")
    add_command(commands, "list", run_list, "show everybody who may sign in, or might again")
    adding = add_command(commands, "add", run_add, "add a person; shows a password this once")
    adding.add_argument("login", metavar="LOGIN", help="the sign-in name, such as ana.torres")
    adding.add_argument("--name", required=True, help="the person's name, as customers read it")
    adding.add_argument("--role", required=True, choices=[role.value for role in StaffRole])
    for name, run, text in (
        ("reset-password", run_reset_password, "make a new password; shows it this once"),
        ("reset-second-factor", run_reset_second_factor, "switch off a lost second factor"),
    ):
        add_command(commands, name, run, text).add_argument("login", metavar="LOGIN")


def run(arguments: argparse.Namespace) -> int:
    from amends.wiring.database import open_database

    settings = load_settings()
    work: Callable[[Database, argparse.Namespace], None] = arguments.work
    try:
        with on_the_database(settings), closing(open_database(settings)) as db:
            work(db, arguments)
    except StaffError as error:
        raise UsageError(str(error)) from None
    return 0


def run_list(db: "Database", arguments: argparse.Namespace) -> None:
    with db.read() as uow:
        people = staffing.people(uow)
    for member in people:
        _write(_shown(member))


def run_add(db: "Database", arguments: argparse.Namespace) -> None:
    from amends.storage.passwords import hash_password, one_time_password

    password = one_time_password()
    profile = Profile(arguments.name, StaffRole(arguments.role))
    with db.write() as uow:
        hashed = hash_password(password)
        member = staffing.add(uow, None, arguments.login, profile, hashed, utc_now())
        uow.commit()
    _write_password(member, password)


def run_reset_password(db: "Database", arguments: argparse.Namespace) -> None:
    from amends.storage.passwords import hash_password, one_time_password

    password = one_time_password()
    with db.write() as uow:
        member = staffing.by_login(uow, arguments.login)
        staffing.reset_password(uow, None, member.id, hash_password(password), utc_now())
        changed = staffing.known(uow, member.id)
        uow.commit()
    _write_password(changed, password)


def run_reset_second_factor(db: "Database", arguments: argparse.Namespace) -> None:
    with db.write() as uow:
        member = staffing.by_login(uow, arguments.login)
        staffing.reset_second_factor(uow, None, member.id, utc_now())
        changed = staffing.known(uow, member.id)
        uow.commit()
    _write(_shown(changed))


def _write_password(member: StaffMember, password: str) -> None:
    _write({**_shown(member), "password": password})
    print("The password is shown this once; it is changed at the next sign-in.", file=sys.stderr)


def _shown(member: StaffMember) -> Json:
    seen = member.seen_at
    return {
        "login": member.login,
        "name": member.name,
        "role": member.role.value,
        "active": member.active,
        "languages": list(member.languages),
        "skills": list(member.skills),
        "second_factor": member.has_second_factor,
        "must_choose_password": member.password_is_made,
        "seen_at": seen.isoformat(timespec="seconds").replace("+00:00", "Z") if seen else None,
    }


def _write(values: Json) -> None:
    print(json.dumps(values, ensure_ascii=False))
