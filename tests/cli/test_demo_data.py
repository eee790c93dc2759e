"""`amends demo-data` fills an empty database once, and says what it did."""

from pathlib import Path

import pytest

from amends.cli import demo_data, main
from amends.handoff.model import StaffRole
from amends.storage import Database
from amends.storage.passwords import verify_password
from amends.wiring.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var_dir=tmp_path)


def shown_passwords(lines: list[str]) -> dict[str, str]:
    return dict(line.split() for line in lines if line.startswith("  "))


def test_given_no_database_then_shop_and_staff_are_made_and_the_passwords_open(
    settings: Settings,
) -> None:
    lines = demo_data.fill(settings)

    shown = shown_passwords(lines)
    assert set(shown) == {"admin", "ana", "ben"}
    assert "Fernhill: 12 customers" in lines[0]
    database = Database(settings.database_url)
    with database.read() as uow:
        assert uow.orders.customer_count() == 12
        assert uow.orders.find("10045") is not None
        for login, password in shown.items():
            found = uow.staff.by_login(login)
            assert found is not None
            member, stored = found
            assert verify_password(stored, password)
            assert member.role is (StaffRole.ADMIN if login == "admin" else StaffRole.AGENT)
    database.close()


def test_given_a_second_run_then_nothing_changes_and_it_says_so(settings: Settings) -> None:
    demo_data.fill(settings)

    lines = demo_data.fill(settings)

    assert lines == [
        "The database has customers already; no orders were added.",
        "The demo staff is there already; no passwords were changed.",
    ]


def test_given_a_chosen_administrator_password_then_it_is_not_printed(tmp_path: Path) -> None:
    lines = demo_data.fill(Settings(var_dir=tmp_path, admin_password="a-chosen-word-9"))

    assert set(shown_passwords(lines)) == {"ana", "ben"}
    assert "a-chosen-word-9" not in "".join(lines)


def test_given_an_unusable_database_then_exit_code_2_and_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AMENDS_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("AMENDS_DATABASE_URL", "mysql://nowhere/amends")

    assert main.main(["demo-data"]) == 2

    assert capsys.readouterr().err.startswith("amends: mysql is not supported")
