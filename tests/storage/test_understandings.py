"""What was understood, and what actions answered, is kept by message and by key."""

from dataclasses import replace

import pytest

from amends.storage import Conflict, Database
from tests.storage.samples import HOUR, NOW, customer_says, given, understanding


class TestUnderstandings:
    def test_given_understood_when_read_then_the_same_comes_back(self, db: Database) -> None:
        given(db)
        found = understanding()
        with db.write() as uow:
            uow.conversations.append("c1", customer_says(), NOW)
            uow.understandings.add("c1", 2, found, NOW)
            uow.understandings.add("c1", 1, replace(found, category=None, waiting_hours=None), NOW)
            uow.commit()

        with db.read() as uow:
            again = uow.understandings.get("c1", 2)
            assert again == found
            assert again.parse == found.parse
            assert [seq for seq, _ in uow.understandings.of_conversation("c1")] == [1, 2]
            assert uow.understandings.get("c1", 3) is None

    def test_given_understood_again_when_read_then_the_latest_counts(self, db: Database) -> None:
        given(db)
        with db.write() as uow:
            uow.understandings.add("c1", 1, understanding(), NOW)
            uow.understandings.add("c1", 1, understanding(intent="request"), NOW + HOUR)
            latest = uow.understandings.get("c1", 1)

        assert latest is not None
        assert latest.intent == "request"

    def test_given_no_such_message_when_understood_then_refused(self, db: Database) -> None:
        given(db)

        with db.write() as uow, pytest.raises(Conflict):
            uow.understandings.add("c1", 7, understanding(), NOW)


class TestActionRuns:
    def test_given_a_result_when_the_action_runs_again_then_the_first_stands(
        self, db: Database
    ) -> None:
        with db.write() as uow:
            uow.action_runs.add("c1.1/m1/open_case", {"events": [], "case": "AM-1"}, NOW)
            uow.commit()

        with db.write() as uow, pytest.raises(Conflict):
            uow.action_runs.add("c1.1/m1/open_case", {"events": []}, NOW)
        with db.read() as uow:
            assert uow.action_runs.get("c1.1/m1/open_case") == {"events": [], "case": "AM-1"}
            assert uow.action_runs.get("c1.1/m2/open_case") is None
