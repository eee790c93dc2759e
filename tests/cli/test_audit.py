"""`amends audit`: shows what was done, proves it whole, and names the first break."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from amends.cases.model import CaseEntry, CaseId
from amends.cli import main
from amends.compensation.model import Step
from amends.storage import Database
from tests.storage.samples import NOW, decision, given, offer, remedy
from tests.support.database import fresh_url

type Amends = Callable[..., tuple[int, list[dict[str, object]], str]]


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database in which one remedy was accepted."""
    url = fresh_url(tmp_path)
    with closing(Database(url)) as db:
        given(db, case_ids=("k1",))
        with db.write() as uow:
            uow.cases.add_entry(CaseEntry(CaseId("k1"), NOW, "customer", "complained", {"seq": 1}))
            uow.ledger.add_decision(decision())
            uow.ledger.add_offer(offer("o1", remedy()))
            uow.ledger.add_step("r1", Step.ACCEPTED, NOW, "customer", None)
            uow.commit()
    return url


@pytest.fixture
def amends(
    url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Amends:
    monkeypatch.setenv("AMENDS_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("AMENDS_DATABASE_URL", url)

    def run(*arguments: str) -> tuple[int, list[dict[str, object]], str]:
        code = main.main(["audit", *arguments])
        out, err = capsys.readouterr()
        return code, [json.loads(line) for line in out.splitlines()], err

    return run


def change(url: str, statement: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        for trigger in ("audit_no_update", "audit_no_delete", "remedies_no_update"):
            connection.execute(text(f"DROP TRIGGER IF EXISTS tr_{trigger}"))
        connection.execute(text(statement))
    engine.dispose()


def test_given_what_was_written_when_verified_then_all_is_well(amends: Amends) -> None:
    code, (told,), _ = amends("verify")

    assert code == 0
    assert told["ok"] is True
    assert told["compared"] == 5
    assert told["noted"] == amends("head")[1][0]["noted"]


def test_given_a_changed_amount_when_verified_then_exit_1_names_it(
    amends: Amends, url: str
) -> None:
    change(url, "UPDATE remedies SET amount_minor = 99900")

    code, (told,), said = amends("verify")

    assert code == 1
    assert "remedies r1" in str(told["first_break"])
    assert "amount_minor is 99900 there, and was 500" in said


def test_given_a_cut_off_end_when_verified_then_only_a_noted_head_tells(
    amends: Amends, url: str
) -> None:
    noted = str(amends("head")[1][0]["noted"])
    change(url, "DELETE FROM audit WHERE action = 'remedy.accepted'")

    code, (told,), _ = amends("verify", "--noted", noted)

    assert code == 1
    assert "is missing" in str(told["first_break"])


def test_given_a_subject_or_a_day_when_listed_then_only_that_is_shown(amends: Amends) -> None:
    of_remedy = amends("list", "--subject", "remedy:r1")[1]
    later = amends("list", "--since", "2026-03-02")[1]

    assert [row["action"] for row in of_remedy] == [
        "remedy.added",
        "remedy.offered",
        "remedy.accepted",
    ]
    assert [row["action"] for row in later] == ["audit.began"]  # made with this test's database


@pytest.mark.parametrize(
    "arguments",
    [
        ("verify", "--noted", "7"),
        ("list", "--since", "yesterday"),
        ("list", "--subject", "r1"),
    ],
)
def test_given_bad_input_then_one_sentence_and_exit_2(
    amends: Amends, arguments: tuple[str, ...]
) -> None:
    code, rows, said = amends(*arguments)

    assert (code, rows) == (2, [])
    assert said.count("\n") == 1
