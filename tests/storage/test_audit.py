"""The audit log: nothing done is left out of it, in one chain, and it is only added to."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from amends.audit.acting import acting_as
from amends.audit.model import Entry
from amends.cases.model import CaseEntry, CaseId, PromiseState
from amends.handoff.approval_model import Approval
from amends.handoff.model import HandoffState, StaffRole
from amends.handoff.rule_model import RuleKind, RuleVersion
from amends.handoff.staff_model import ChangeKind, StaffChange
from amends.storage import Database
from amends.storage.audit.rules import AUDITED, NOT_AUDITED
from amends.storage.migrations.versions import v0022_audit
from amends.storage.tables import METADATA
from tests.storage.audit_steps import actions, agree, begun_log, log, settle
from tests.storage.samples import DAY, NOW, case, given, handoff, promise, staff


@pytest.fixture
def engine(db: Database, url: str) -> Iterator[Engine]:
    opened = begun_log(url)
    yield opened
    opened.dispose()


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

    def test_given_a_new_date_for_a_promise_then_both_are_told_and_which_is_in_whose_place(
        self, db: Database, engine: Engine
    ) -> None:
        given(db, case_ids=("k1",))
        moved = {"promise_id": "p2", "was_due_at": NOW.isoformat(), "reason": "No driver came"}
        with db.write() as uow:
            uow.promises.add(promise("p1"))
            uow.promises.set_state("p1", PromiseState.BROKEN, NOW)
            uow.promises.add(promise("p2", made_by="s-ana", replaces="p1"))
            uow.cases.add_entry(CaseEntry(CaseId("k1"), NOW, "s-ana", "promise_moved", moved))
            uow.commit()

        told = {one.entry.action: one.entry for one in log(db)}
        made = [one.entry for one in log(db) if one.entry.action == "promise.made"]
        assert [one.data.get("replaces") for one in made] == [None, "p1"]
        assert told["case.promise_moved"].data == {
            "promise_id": "p2",
            "was_due_at": NOW.isoformat(),
        }
        assert agree(db)

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
