"""The database itself refuses to rewrite what was said, decided and paid."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from amends.cases.model import CaseEntry, CaseId
from amends.handoff.staff_model import ChangeKind, StaffChange
from amends.insights.actions import ActionEntry, EntryKind
from amends.storage import Database
from tests.storage.samples import NOW, action, decision, given, offer, remedy, staff
from tests.storage.test_training_changes import ONE


@pytest.fixture
def engine(db: Database, url: str) -> Iterator[Engine]:
    given(db, case_ids=("k1",))
    with db.write() as uow:
        uow.cases.add_entry(CaseEntry(CaseId("k1"), NOW, "bot", "opened", {}))
        uow.ledger.add_decision(decision())
        uow.ledger.add_offer(offer("o1", remedy()))
        uow.staff.add(staff(), "hash")
        uow.staff_changes.add(StaffChange("s-ana", NOW, None, ChangeKind.ADDED))
        uow.cause_actions.add(action())
        uow.cause_actions.add_entry(ActionEntry("a1", NOW, "s-ana", EntryKind.ADDED))
        uow.notes.add("c1", 1, "s-ana", "Knows the shop manager", NOW)
        uow.training_changes.add(ONE)
        uow.commit()
    opened = create_engine(url)
    yield opened
    opened.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE messages SET text = 'I never said that'",
        "UPDATE messages SET role = 'bot', delivery = NULL",
        "UPDATE case_entries SET kind = 'closed'",
        "UPDATE decisions SET outcome = 'none'",
        "UPDATE offers SET rung = 3",
        "UPDATE remedies SET amount_minor = 1",
        "UPDATE remedies SET customer_key = 'somebody'",
        "UPDATE remedies SET order_number = '10046'",
        "UPDATE remedy_steps SET actor = 'somebody'",
        "DELETE FROM remedy_steps",
        "DELETE FROM remedies",
        "DELETE FROM offers",
        "DELETE FROM decisions",
        "UPDATE handoff_notes SET text = 'I never wrote that'",
        "UPDATE staff_changes SET actor_id = 's-ana'",
        "DELETE FROM staff_changes",
        "UPDATE cause_action_entries SET note = 'I never wrote that', kind = 'noted'",
        "DELETE FROM cause_action_entries",
        "UPDATE training_changes SET why = 'I never meant that'",
        "DELETE FROM training_changes",
    ],
)
def test_given_history_when_rewritten_then_refused(engine: Engine, statement: str) -> None:
    with engine.connect() as connection, pytest.raises(DBAPIError, match="is append-only"):
        connection.execute(text(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE messages SET delivery = 'answered', attempts = 2",
        "UPDATE remedies SET state = 'accepted', code = 'FERN-1'",
        "DELETE FROM case_entries",
        "DELETE FROM handoff_notes",
    ],
)
def test_given_what_may_change_when_changed_then_done(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        assert connection.execute(text(statement)).rowcount == 1
