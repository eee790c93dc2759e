"""The audit log: nothing is changed behind its back unseen, nor what was there before it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from amends.audit.chain import ChainBroken
from amends.audit.model import Entry
from amends.storage import Database
from amends.storage.audit.agreement import Disagreement
from amends.storage.audit.recording import append
from amends.storage.migrations.versions import v0022_audit
from amends.storage.tables import METADATA
from tests.storage.audit_steps import actions, agree, begun_log, behind_its_back, log, settle
from tests.storage.samples import NOW, given, offer, promise, remedy, staff


@pytest.fixture
def engine(db: Database, url: str) -> Iterator[Engine]:
    opened = begun_log(url)
    yield opened
    opened.dispose()


def disagreement(db: Database) -> str:
    with pytest.raises(Disagreement) as found:
        agree(db)
    return str(found.value)


class TestTampering:
    def test_given_a_changed_row_of_the_log_when_checked_then_it_is_named(
        self, db: Database, engine: Engine
    ) -> None:
        settle(db)
        behind_its_back(engine, "UPDATE audit SET actor = 'bot' WHERE action = 'remedy.accepted'")

        with pytest.raises(ChainBroken, match=r"Row 9 of the audit log"):
            log(db)

    def test_given_a_changed_amount_when_compared_then_remedy_and_amounts_are_named(
        self, db: Database, engine: Engine
    ) -> None:
        settle(db)
        behind_its_back(engine, "UPDATE remedies SET amount_minor = 50000 WHERE id = 'r1'")

        said = disagreement(db)
        assert "remedies r1" in said
        assert "amount_minor is 50000 there, and was 500" in said

    @pytest.mark.parametrize(
        ("statement", "named"),
        [
            ("UPDATE decisions SET outcome = 'none'", "decisions d1"),
            ("UPDATE promises SET due_at = made_at", "promises p1"),
            ("UPDATE remedy_steps SET actor = 'customer' WHERE step = 'issued'", "r1/issued"),
            ("UPDATE remedies SET state = 'settled' WHERE id = 'r1'", "remedies r1 is settled"),
            ("UPDATE promises SET state = 'broken'", "promises p1 is broken"),
            ("DELETE FROM remedy_steps WHERE step = 'accepted'", "remedy.accepted of r1"),
            ("DELETE FROM promises", "promise.made of p1"),
        ],
    )
    def test_given_a_row_changed_or_taken_out_when_compared_then_it_is_named(
        self, db: Database, engine: Engine, statement: str, named: str
    ) -> None:
        settle(db)
        behind_its_back(engine, statement)

        assert named in disagreement(db)

    def test_given_a_remedy_that_was_slipped_in_when_compared_then_it_is_named(
        self, db: Database, engine: Engine
    ) -> None:
        settle(db)
        behind_its_back(engine, _copy_of_remedy())

        said = disagreement(db)
        assert "r9" in said
        assert "the log began with 0" in said

    def test_given_an_account_raised_behind_its_back_when_compared_then_it_is_named(
        self, db: Database, engine: Engine
    ) -> None:
        with db.write() as uow:
            uow.staff.add(staff(), "hash")
            uow.commit()
        behind_its_back(engine, "UPDATE staff SET role = 'admin'")

        assert "the account s-ana" in disagreement(db)

    def test_given_an_erased_case_when_compared_then_what_is_gone_is_no_break(
        self, db: Database, engine: Engine
    ) -> None:
        given(db, case_ids=("k1",))
        with db.write() as uow:
            uow.promises.add(promise())
            uow.commit()
        behind_its_back(engine, "DELETE FROM promises", "DELETE FROM cases WHERE id = 'k1'")
        with db.write() as uow:
            uow.audit.note(Entry(NOW, "job:erase", "case.erased", "case", "k1"))
            uow.commit()

        assert agree(db) == 0


def _copy_of_remedy() -> str:
    columns = [column.name for column in METADATA.tables["remedies"].columns]
    values = {"id": "'r9'", "position": "9"}
    chosen = ", ".join(values.get(name, name) for name in columns)
    return (
        f"INSERT INTO remedies ({', '.join(columns)}) SELECT {chosen} FROM remedies WHERE id='r1'"
    )


class TestBeforeTheLog:
    """0022 on a ledger that was in use before."""

    @pytest.fixture
    def begun(self, db: Database, engine: Engine) -> Database:
        """A log that begins on a ledger with a settled case."""
        settle(db)
        with db.write() as uow:
            uow.staff.add(staff(), "hash")
            uow.commit()
        behind_its_back(engine, "DELETE FROM audit")
        with engine.begin() as connection:
            append(connection, v0022_audit._first_entries(connection))
        return db

    def test_given_rows_from_before_when_compared_then_the_first_row_covers_them(
        self, begun: Database
    ) -> None:
        with begun.write() as uow:
            uow.ledger.add_offer(offer("o2", remedy("r3")))
            uow.commit()

        assert actions(begun)[0] == "staff.account_known"
        assert agree(begun) == 12

    def test_given_a_row_from_before_that_was_changed_when_compared_then_it_is_told(
        self, begun: Database, engine: Engine
    ) -> None:
        behind_its_back(engine, "UPDATE remedies SET amount_minor = 1 WHERE id = 'r2'")

        assert "a row of remedies from before the log was changed" in disagreement(begun)

    def test_given_an_old_account_raised_when_compared_then_it_is_named(
        self, begun: Database, engine: Engine
    ) -> None:
        behind_its_back(engine, "UPDATE staff SET role = 'admin'")

        assert "the account s-ana" in disagreement(begun)
