"""Versions of rules on both databases, also when several people are quick."""

from dataclasses import replace

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from amends.handoff import rules
from amends.handoff.errors import RulesChanged, RulesUnchanged
from amends.handoff.model import StaffMember, StaffRole
from amends.handoff.rule_model import RuleKind, RuleVersion
from amends.storage import Conflict, Database
from tests.storage.samples import DAY, NOW, conversation
from tests.storage.threads import at_once
from tests.support.shop import PROJECT

HOURS = (PROJECT / "policies" / "hours.yml").read_text(encoding="utf-8")
MIA = StaffMember("s-mia", "mia", "Mia Kern", StaffRole.MANAGER)
FIRST = RuleVersion(RuleKind.HOURS, 1, HOURS, "Office hours", MIA.id, NOW)


@pytest.fixture(autouse=True)
def manager(db: Database) -> None:
    with db.write() as uow:
        uow.staff.add(MIA, "no password opens this")
        uow.commit()


def add(db: Database, *versions: RuleVersion) -> None:
    with db.write() as uow:
        assert all(uow.rules.add(one) for one in versions)
        uow.commit()


class TestRuleVersions:
    def test_given_versions_then_read_as_they_were_newest_first(self, db: Database) -> None:
        second = replace(FIRST, version=2, text=HOURS + "# 中文\n", note="", made_at=NOW + DAY)
        table = replace(FIRST, kind=RuleKind.THRESHOLDS, text="rows: []")
        add(db, FIRST, second, table)

        with db.read() as uow:
            assert uow.rules.newest() == {RuleKind.HOURS: 2, RuleKind.THRESHOLDS: 1}
            assert list(uow.rules.latest(RuleKind.HOURS, 10)) == [second, FIRST]
            assert list(uow.rules.latest(RuleKind.HOURS, 1)) == [second]
            assert uow.rules.get(RuleKind.HOURS, 1) == FIRST
            assert uow.rules.get(RuleKind.THRESHOLDS, 2) is None

    def test_given_no_version_then_none(self, db: Database) -> None:
        with db.read() as uow:
            assert uow.rules.newest() == {}
            assert list(uow.rules.latest(RuleKind.HOURS, 10)) == []

    def test_given_number_taken_then_nothing_is_added(self, db: Database) -> None:
        add(db, FIRST)

        with db.write() as uow:
            assert not uow.rules.add(replace(FIRST, text="something else"))

    @pytest.mark.parametrize("change", [{"version": 0}, {"text": ""}, {"made_by": "nobody"}])
    def test_given_half_a_version_then_the_database_refuses(
        self, db: Database, change: dict[str, object]
    ) -> None:
        half = replace(FIRST, **change)  # type: ignore[arg-type]

        with pytest.raises((Conflict, DBAPIError)):
            add(db, half)

    @pytest.mark.parametrize(
        "statement", ["UPDATE rule_versions SET text = 'other'", "DELETE FROM rule_versions"]
    )
    def test_given_version_when_rewritten_then_the_database_refuses(
        self, db: Database, url: str, statement: str
    ) -> None:
        add(db, FIRST)
        engine = create_engine(url)

        with engine.connect() as connection, pytest.raises(DBAPIError, match="is append-only"):
            connection.execute(text(statement))

        engine.dispose()


class TestPublishing:
    def test_given_many_managers_at_once_then_one_wins_and_the_others_are_told(
        self, db: Database
    ) -> None:
        def publish(number: int) -> bool:
            try:
                with db.write() as uow:
                    told = HOURS + f"# {number}\n"
                    rules.publish(uow, RuleKind.HOURS, told, "", 0, MIA, NOW)
                    uow.commit()
            except RulesChanged:
                return False
            return True

        assert at_once(publish).count(True) == 1
        with db.read() as uow:
            assert uow.rules.newest() == {RuleKind.HOURS: 1}

    def test_given_the_same_text_again_then_nothing_is_stored(self, db: Database) -> None:
        add(db, FIRST)

        with pytest.raises(RulesUnchanged), db.write() as uow:
            rules.publish(uow, RuleKind.HOURS, HOURS, "", 1, MIA, NOW)


class TestLatestConversations:
    def test_given_conversations_then_those_with_words_of_customers_latest_change_first(
        self, db: Database
    ) -> None:
        with db.write() as uow:
            for number in range(3):
                made = conversation(f"c{number}", created_at=NOW + number * DAY)
                written = replace(made, last_customer_at=NOW if number else None)
                uow.conversations.add(written, f"token-{number}")
            uow.commit()

        with db.read() as uow:
            assert [one.id for one in uow.conversations.latest(5)] == ["c2", "c1"]
            assert [one.id for one in uow.conversations.latest(1)] == ["c2"]
