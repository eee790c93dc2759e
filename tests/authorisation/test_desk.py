"""Every route of the desk × every role, nobody, an ended session, and another site."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest

from amends.desk.session import COOKIE, hash_session
from amends.handoff.model import StaffMember, StaffRole
from amends.handoff.rights import RIGHTS, Right
from amends.handoff.staff_model import SESSION_IDLE
from amends.storage import Database
from amends.values import utc_now
from tests.authorisation.table import DESK, Who, who_may
from tests.desk.conftest import _answers, until
from tests.support.browser import free_port
from tests.support.database import fresh_url
from tests.support.forked import start_desk

VALUES = {"number": "AM-AAAAAA", "kind": "pdf"}
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Running:
    """A desk with one person of each role, whose session's token is the role's name."""

    client: httpx.Client
    db: Database

    def ask(self, route: str, token: str | None = None, **headers: str) -> int:
        method, _, path = route.partition(" ")
        filled = re.sub(r"{(\w+)(:path)?}", lambda found: VALUES.get(found[1], "none"), path)
        cookies = {COOKIE: token} if token else {}
        self.client.cookies = httpx.Cookies(cookies)
        return self.client.request(method, filled, headers=headers).status_code


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    environment = {**os.environ, "AMENDS_VAR_DIR": str(tmp_path_factory.mktemp("routes"))}
    command = [sys.executable, "-m", "tests.authorisation.routes", "desk"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return [" ".join(pair) for pair in json.loads(done.stdout.splitlines()[-1])]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("authorisation")
    url, port = fresh_url(folder), free_port()
    environment = {
        **os.environ,
        "AMENDS_DATABASE_URL": url,
        "AMENDS_VAR_DIR": str(folder / "var"),
        "AMENDS_DESK_PORT": str(port),
    }
    process = start_desk(environment, folder / "desk.out")
    address = f"http://127.0.0.1:{port}"
    try:
        with closing(Database(url)) as db, httpx.Client(base_url=address, timeout=30) as client:
            _add_everybody(db)
            until(lambda: _answers(address, process), 90)
            yield Running(client, db)
    finally:
        process.terminate()
        process.join(10)


def _add_everybody(db: Database) -> None:
    with db.write() as uow:
        for role in StaffRole:
            uow.staff.add(StaffMember(f"s-{role}", role.value, role.title(), role), "hash")
            uow.staff.add_session(hash_session(role.value), f"s-{role}", utc_now() + DAY)
        uow.commit()


def asked(routes: list[str]) -> list[str]:
    return [route for route in routes if route.startswith(("GET ", "POST "))]


def closed(routes: list[str]) -> list[str]:
    return [route for route in asked(routes) if who_may(DESK, route) is not Who.ANYBODY]


def test_given_every_route_then_the_table_says_who_may_reach_it(routes: list[str]) -> None:
    """A new route: put it into `tests/authorisation/table.py`."""
    assert len(asked(routes)) > 100
    assert [route for route in routes if who_may(DESK, route) is None] == []


def test_given_the_table_then_it_names_no_route_that_is_gone(routes: list[str]) -> None:
    named = [name for names in DESK.values() for name in names if not name.endswith("/")]
    known = set(routes)

    assert [name for name in named if name not in known] == []


def test_given_nobody_then_no_route_of_staff_opens(routes: list[str], desk: Running) -> None:
    for route in closed(routes):
        assert desk.ask(route) == 401, route
        assert desk.ask(route, "made-up") == 401, route


@pytest.mark.parametrize("role", StaffRole)
def test_given_a_role_then_it_reaches_what_its_rights_open_and_nothing_else(
    routes: list[str], desk: Running, role: StaffRole
) -> None:
    wrong = []
    for route in closed(routes):
        needed = who_may(DESK, route)
        is_open = needed is Who.SIGNED_IN or needed in RIGHTS[role]
        if is_open and route.startswith("POST "):
            continue  # what it does is tested with it
        status = desk.ask(route, role.value)
        if (status in (401, 403)) == is_open:
            wrong.append((route, needed, status))

    assert wrong == []


def test_given_another_site_then_nothing_can_be_posted_in_anybodys_name(
    routes: list[str], desk: Running
) -> None:
    posts = [route for route in asked(routes) if route.startswith("POST ")]
    assert len(posts) > 30
    for route in posts:
        for origin in ("https://evil.example", "null", "http://127.0.0.1:1"):
            status = desk.ask(route, StaffRole.ADMIN.value, Origin=origin)
            assert status == 401, (route, origin)


@pytest.mark.parametrize("how", ["expired", "idle", "signed_out", "inactive", "new_password"])
def test_given_a_session_that_has_ended_then_nothing_opens(desk: Running, how: str) -> None:
    now, hashed = utc_now(), hash_session(how)
    with desk.db.write() as uow:
        member = StaffMember(f"s-{how}", how, how, StaffRole.ADMIN)
        uow.staff.add(member, "hash")
        uow.staff.add_session(hashed, member.id, now + DAY)
        uow.commit()
    assert desk.ask("GET /admin/staff", how) == 200

    with desk.db.write() as uow:
        match how:
            case "expired":
                uow.staff.end_session(hashed)
                uow.staff.add_session(hashed, member.id, now - timedelta(seconds=1))
            case "idle":
                uow.staff.use_session(hashed, now - SESSION_IDLE - timedelta(seconds=1))
            case "signed_out":
                uow.staff.end_session(hashed)
            case "inactive":
                uow.staff.save(StaffMember(member.id, how, how, StaffRole.ADMIN, active=False))
            case "new_password":
                uow.staff.set_password(member.id, "other hash")
        uow.commit()

    assert desk.ask("GET /admin/staff", how) == 401


def test_given_half_a_session_then_nothing_but_the_code_opens(desk: Running) -> None:
    with desk.db.write() as uow:
        uow.staff.add_session(hash_session("half"), "s-admin", utc_now() + DAY, is_half=True)
        uow.commit()

    assert desk.ask("GET /cases", "half") == 401
    assert desk.ask("GET /sign-in/code", "half") == 200


def test_given_rights_then_each_opens_a_route_or_is_asked_for_in_the_console(
    routes: list[str],
) -> None:
    in_console = {Right.ANSWER_CHATS, Right.LISTEN_IN, Right.TAKE_OVER, Right.APPROVE}

    assert {who for who in DESK if isinstance(who, Right)} == set(Right) - in_console
