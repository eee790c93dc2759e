"""The audit log: nothing done is left out of it, and nothing is changed behind its back unseen."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from amends.audit.acting import acting_as
from amends.audit.chain import ChainBroken, checked
from amends.audit.model import Chained, Entry
from amends.cases.model import CaseEntry, CaseId, PromiseState
from amends.compensation.model import Step
from amends.handoff.approval_model import Approval
from amends.handoff.model import HandoffState, StaffRole
from amends.handoff.rule_model import RuleKind, RuleVersion
from amends.handoff.staff_model import ChangeKind, StaffChange
from amends.storage import Database
from amends.storage.audit.agreement import Disagreement
from amends.storage.audit.recording import append
from amends.storage.audit.rules import AUDITED, NOT_AUDITED
from amends.storage.migrations.versions import v0022_audit
from amends.storage.tables import METADATA
from tests.storage.samples import (
    DAY,
    NOW,
    case,
    decision,
    given,
    handoff,
    offer,
    promise,
    remedy,
    staff,
)


@pytest.fixture
def engine(db: Database, url: str) -> Iterator[Engine]:
    """The database, its log begun anew where a test before emptied it."""
    opened = create_engine(url)
    with opened.begin() as connection:
        if connection.execute(text("SELECT count(*) FROM audit")).scalar() == 0:
            append(connection, v0022_audit._first_entries(connection))
    yield opened
    opened.dispose()


def log(db: Database) -> list[Chained]:
    with db.read() as uow, closing(uow.audit.rows()) as rows:
        return list(checked(rows))


def actions(db: Database, kind: str | None = None) -> list[str]:
    rows = log(db)[1:]
    return [row.entry.action for row in rows if kind in (None, row.entry.subject_kind)]


def agree(db: Database) -> int:
    began = log(db)[0].entry.data
    with db.read() as uow:
        return uow.audit.agree(began)


def disagreement(db: Database) -> str:
    with pytest.raises(Disagreement) as found:
        agree(db)
    return str(found.value)


def behind_its_back(engine: Engine, *statements: str) -> None:
    """Do what the program never does: as somebody who has the database's own password."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            for (name,) in connection.execute(
                text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            ).all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        for statement in statements:
            connection.execute(text(statement))


def settle(db: Database) -> None:
    """A case that was decided, offered, accepted and issued, with a promise that was kept."""
    given(db, case_ids=("k1",))
    with db.write() as uow:
        uow.cases.add_entry(CaseEntry(CaseId("k1"), NOW, "customer", "complained", {"seq": 1}))
        uow.ledger.add_decision(decision())
        uow.ledger.add_offer(offer("o1", remedy(), remedy("r2", alternative=1)))
        uow.commit()
    with db.write() as uow:
        uow.ledger.add_step("r1", Step.ACCEPTED, NOW, "customer", None)
        uow.promises.add(promise(remedy_id="r1"))
        uow.commit()
    with db.write() as uow:
        uow.ledger.add_step("r1", Step.ISSUED, NOW, "system", {"reference": "R-1"})
        uow.promises.set_state("p1", PromiseState.KEPT, NOW + DAY)
        uow.commit()


class TestCompleteness:
    def test_given_all_tables_then_each_is_told_of_or_left_out_for_a_reason(self) -> None:
        """A new table: add a rule to AUDITED, or say in NOT_AUDITED why its rows need none."""
        assert AUDITED.keys() | NOT_AUDITED.keys() == set(METADATA.tables)
        assert not AUDITED.keys() & NOT_AUDITED.keys()

    def test_given_rules_then_what_never_changes_is_what_the_first_row_sums_up(self) -> None:
        summed = {name: tuple(columns) for name, (columns, _) in v0022_audit.SUMMED.items()}

        assert summed == {name: rule.fixed for name, rule in AUDITED.items() if rule.fixed}


class TestTelling:
    def test_given_a_settled_case_then_each_step_is_told_in_its_order(
        self, db: Database, engine: Engine
    ) -> None:
        settle(db)

        assert actions(db) == [
            "case.complained",
            "decision.made",
            "offer.made",
            "remedy.added",
            "remedy.added",
            "remedy.offered",
            "remedy.offered",
            "remedy.accepted",
            "promise.made",
            "remedy.issued",
            "promise.kept",
        ]
        assert agree(db) == 9

    def test_given_a_refused_or_rolled_back_change_then_nothing_is_told(
        self, db: Database, engine: Engine
    ) -> None:
        given(db, case_ids=("k1",))
        with db.write() as uow:
            uow.cases.add_entry(CaseEntry(CaseId("k1"), NOW, "bot", "closed", {}))
        with db.write() as uow:
            uow.promises.set_state("nothing", PromiseState.KEPT, NOW)
            uow.commit()

        assert actions(db) == []

    def test_given_words_and_names_then_none_of_them_is_told(
        self, db: Database, engine: Engine
    ) -> None:
        given(db, case_ids=("k1",))
        said = "My name is Zygmunt and zygmunt@example.com is mine"
        free = {
            "text": said,
            "what_happened": said,
            "note": said,
            "reason": said,
            "item": "Zygmunt",
        }
        with db.write() as uow:
            uow.cases.add_entry(CaseEntry(CaseId("k1"), NOW, "customer", "details", free))
            changed = {"field": "item", "before": "Zygmunt", "after": said}
            uow.cases.add_entry(CaseEntry(CaseId("k1"), NOW, "s-ana", "field_changed", changed))
            uow.staff.add(staff(name="Zygmunt"), "hash of zygmunt")
            named = StaffChange(
                "s-ana", NOW, None, ChangeKind.EDITED, {"name": "Zygmunt"}, {"role": "admin"}
            )
            uow.staff_changes.add(named)
            uow.handoffs.add(handoff())
            uow.commit()

        everything = str(log(db)).lower()
        assert "zygmunt" not in everything
        assert "'role': 'admin'" in everything

    def test_given_a_chat_claimed_passed_and_ended_then_each_is_told_with_its_actor(
        self, db: Database, engine: Engine
    ) -> None:
        given(db)
        with db.write() as uow:
            uow.staff.add(staff(), "hash")
            uow.staff.add(staff("s-bo", "bo"), "hash")
            uow.handoffs.add(handoff())
            uow.handoffs.claim("h1", "s-ana", NOW)
            claimed = replace(
                handoff(), state=HandoffState.CLAIMED, claimed_by="s-ana", claimed_at=NOW
            )
            uow.handoffs.save(replace(claimed, first_answer_at=NOW))
            given_on = replace(claimed, claimed_by="s-bo")
            uow.handoffs.save(given_on)
            with acting_as("s-bo"):
                ended = replace(given_on, state=HandoffState.ENDED, ended_at=NOW)
                uow.handoffs.save(replace(ended, outcome="resolved"))
            uow.commit()

        told = [row.entry for row in log(db) if row.entry.subject_kind == "handoff"]
        assert [(one.action, one.actor) for one in told] == [
            ("handoff.requested", "system"),
            ("handoff.claimed", "staff:s-ana"),
            ("handoff.transferred", "staff:s-bo"),
            ("handoff.ended", "staff:s-bo"),
        ]

    def test_given_staff_then_accounts_sessions_and_roles_are_told_but_no_secret(
        self, db: Database, engine: Engine
    ) -> None:
        with db.write() as uow, acting_as("operator"):
            uow.staff.add(staff(), "$argon2id$secret")
            uow.staff.add_session("token-hash", "s-ana", NOW + DAY)
            uow.staff.add_session("half-hash", "s-ana", NOW + DAY, is_half=True)
            uow.staff.seen("s-ana", NOW)
            uow.staff.save(staff(role=StaffRole.ADMIN))
            uow.staff.set_password("s-ana", "$argon2id$other")
            uow.commit()

        assert actions(db) == [
            "staff.account_added",
            "staff.session_opened",
            "staff.account_changed",
            "staff.account_changed",
            "staff.session_ended",
        ]
        everything = str(log(db))
        assert "argon2" not in everything
        assert "-hash" not in everything
        assert agree(db) == 0

    def test_given_rules_approvals_and_a_note_then_they_are_told(
        self, db: Database, engine: Engine
    ) -> None:
        given(db, case_ids=("k1",))
        asked = Approval("q1", "h1", "k1", "option", (), "s-ana", NOW, "please")
        with db.write() as uow:
            uow.staff.add(staff(), "hash")
            uow.handoffs.add(handoff())
            version = RuleVersion(RuleKind.HOURS, 1, "text", "", "s-ana", NOW)
            assert uow.rules.add(version)
            assert not uow.rules.add(version)
            assert uow.approvals.add(asked)
            assert not uow.approvals.add(replace(asked, id="q2"))
            uow.audit.note(Entry(NOW, "operator", "log.exported", "log", "all"))
            uow.commit()

        assert actions(db)[2:] == ["rules.laid_down", "approval.asked", "log.exported"]
        assert agree(db) == 2


class TestAppendOnly:
    @pytest.mark.parametrize(
        "statement", ["UPDATE audit SET actor = 'nobody'", "DELETE FROM audit WHERE number = 1"]
    )
    def test_given_a_log_when_rewritten_then_the_database_refuses(
        self, db: Database, engine: Engine, statement: str
    ) -> None:
        with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
            connection.execute(text(statement))


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


class TestAtOnce:
    def test_given_many_writers_when_they_commit_then_one_chain_holds_all(
        self, db: Database, engine: Engine
    ) -> None:
        given(db, *(f"c{n}" for n in range(8)))
        with db.write() as uow:
            for number in range(8):
                uow.cases.add(case(f"k{number}", conversation_id=f"c{number}"))
            uow.commit()

        def write(number: int) -> None:
            for turn in range(10):
                with db.write() as uow:
                    entry = CaseEntry(
                        CaseId(f"k{number}"), NOW + timedelta(turn), "bot", "offered", {}
                    )
                    uow.cases.add_entry(entry)
                    uow.cases.add_entry(entry)
                    uow.commit()

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(write, range(8)))

        rows = log(db)
        assert len(rows) == 1 + 160
        pairs = [(one.entry.subject_id, two.entry.subject_id) for one, two in _in_twos(rows[1:])]
        assert all(one == two for one, two in pairs)  # a transaction's rows stand together


def _in_twos(rows: list[Any]) -> list[tuple[Any, Any]]:
    return list(zip(rows[::2], rows[1::2], strict=True))
