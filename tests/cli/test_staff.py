"""`amends staff`: the way back in for whoever cannot sign in at the desk."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from amends.cli import main
from amends.handoff.model import StaffMember, StaffRole
from amends.handoff.staff_model import ChangeKind, SecondFactor
from amends.storage import Database
from amends.storage.passwords import verify_password
from amends.values import utc_now
from tests.support.database import fresh_url


@dataclass
class Done:
    code: int
    rows: list[dict[str, Any]]
    said: str  # on the error stream


type Amends = Callable[..., Done]


@pytest.fixture
def amends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Amends:
    """Run `amends staff` on a database of its own."""
    monkeypatch.setenv("AMENDS_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("AMENDS_DATABASE_URL", fresh_url(tmp_path))

    def run(*arguments: str) -> Done:
        code = main.main(["staff", *arguments])
        out, err = capsys.readouterr()
        return Done(code, [json.loads(line) for line in out.splitlines()], err)

    return run


@pytest.fixture
def db(amends: Amends, tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'amends.db'}")
    with opened.write() as uow:
        uow.staff.add(StaffMember("s-cara", "cara", "Cara Lind", StaffRole.ADMIN), "hash")
        uow.second_factors.put("s-cara", SecondFactor("SECRET", utc_now(), 1))
        uow.commit()
    yield opened
    opened.close()


class TestAdd:
    def test_given_a_new_person_then_the_password_shown_opens_and_is_to_be_changed(
        self, amends: Amends, db: Database
    ) -> None:
        done = amends("add", "Eva", "--name", "Eva Neu", "--role", "agent")

        (shown,) = done.rows
        assert (done.code, shown["login"], shown["role"]) == (0, "eva", "agent")
        assert shown["must_choose_password"]
        assert "shown this once" in done.said
        with db.read() as uow:
            found = uow.staff.by_login("eva")
        assert found is not None
        assert verify_password(found[1], shown["password"])

    def test_given_a_login_that_is_taken_then_one_sentence_and_code_two(
        self, amends: Amends, db: Database
    ) -> None:
        done = amends("add", "cara", "--name", "Another", "--role", "agent")

        assert (done.code, done.rows) == (2, [])
        assert done.said == (
            "amends: Somebody has this sign-in name already; please choose another.\n"
        )


class TestList:
    def test_given_people_then_one_line_each_and_nothing_secret(
        self, amends: Amends, db: Database
    ) -> None:
        (shown,) = amends("list").rows

        assert shown == {
            "login": "cara",
            "name": "Cara Lind",
            "role": "admin",
            "active": True,
            "languages": ["en"],
            "skills": [],
            "second_factor": True,
            "must_choose_password": False,
            "seen_at": None,
        }


class TestLockedOut:
    def test_given_the_only_administrator_when_reset_then_in_with_the_new_password(
        self, amends: Amends, db: Database
    ) -> None:
        (shown,) = amends("reset-password", "CARA").rows

        with db.read() as uow:
            found = uow.staff.by_login("cara")
            (change,) = uow.staff_changes.of("s-cara")
        assert found is not None
        assert verify_password(found[1], shown["password"])
        assert found[0].password_is_made
        assert (change.kind, change.actor_id) == (ChangeKind.PASSWORD_RESET, None)

    def test_given_a_lost_phone_when_reset_then_the_second_factor_is_off(
        self, amends: Amends, db: Database
    ) -> None:
        (shown,) = amends("reset-second-factor", "cara").rows

        assert not shown["second_factor"]
        with db.read() as uow:
            assert uow.second_factors.get("s-cara") == SecondFactor()

    @pytest.mark.parametrize("command", ["reset-password", "reset-second-factor"])
    def test_given_nobody_of_this_name_then_one_sentence_and_code_two(
        self, amends: Amends, db: Database, command: str
    ) -> None:
        done = amends(command, "nobody")

        assert (done.code, done.said) == (2, "amends: There is no such person at the desk.\n")
