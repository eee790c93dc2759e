"""How things stand, counted; and erasing, on both databases."""

import pytest
from sqlalchemy import create_engine, text

from amends.records.figures import MOST_REASONS, OTHER
from amends.records.retention import MARKER, Kind
from amends.storage import Database
from amends.wiring.readiness import Migrations
from tests.storage.samples import DAY, HOUR, NOW, decision, given, handoff, offer, promise, remedy


class TestFigures:
    def test_given_nothing_then_all_zero(self, db: Database) -> None:
        with db.read() as uow:
            found = uow.figures.read(NOW)

        assert found.waiting == {}
        assert found.promises == {"kept": 0, "broken": 0, "open": 0, "overdue": 0}
        assert found.pending == {"conversations": 0, "mails": 0, "webhooks": 0}

    def test_given_some_of_each_then_counted(self, db: Database) -> None:
        given(db, case_ids=("k1",))
        with db.write() as uow:
            uow.handoffs.add(handoff(reasons=("legal", "anger"), requested_at=NOW - HOUR))
            uow.ledger.add_decision(decision())
            uow.ledger.add_offer(offer("o1", remedy()))
            uow.promises.add(promise("p1", due_at=NOW - HOUR, made_at=NOW - DAY))
            uow.promises.add(promise("p2"))
            uow.commit()

        with db.read() as uow:
            found = uow.figures.read(NOW)

        ((key, waiting),) = found.waiting.items()
        assert key == ("legal", 2)
        assert (waiting.count, waiting.oldest_seconds) == (1, 3600.0)
        assert found.handoffs == {"legal": 1}
        assert found.promises["open"] == found.promises["overdue"] == 1
        ((step, many),) = found.remedies.items()
        assert step[0] == "offered"
        assert many[0] == 1

    def test_given_more_reasons_than_names_then_the_rest_is_other(self, db: Database) -> None:
        names = [f"c{number}" for number in range(MOST_REASONS + 5)]
        given(db, *names)
        with db.write() as uow:
            for number, name in enumerate(names):
                one = handoff(f"h{number}", conversation_id=name, reasons=(f"reason_{number:02}",))
                uow.handoffs.add(one)
            uow.commit()

        with db.read() as uow:
            found = uow.figures.read(NOW)

        assert len(found.handoffs) == MOST_REASONS + 1
        assert found.handoffs[OTHER] == 5
        assert sum(one.count for one in found.waiting.values()) == len(names)

    def test_given_connections_then_each_pool_tells_its_bound(self, db: Database) -> None:
        with db.read():
            found = db.connections()

        assert "writer" in found
        assert any(used >= 1 for used, _ in found.values())
        assert all(used <= most for used, most in found.values())


class TestErasing:
    def test_given_words_when_erased_then_gone_and_fixed_again(
        self, db: Database, url: str
    ) -> None:
        given(db, "c1", "c2", case_ids=("k1",))
        with db.write() as uow:
            uow.ledger.add_decision(decision())
            uow.ledger.add_offer(offer("o1", remedy()))
            uow.commit()

        with db.write() as uow:
            uow.privacy.erase_due(Kind.CHAT, ["c1"], NOW)
            uow.privacy.erase_due(Kind.CASE, ["k1"], NOW)
            uow.privacy.erase_due(Kind.LEDGER, ["k1"], NOW)
            uow.commit()

        with db.read() as uow:
            assert uow.conversations.message("c1", 1).text == MARKER
            assert uow.conversations.message("c2", 1).text != MARKER
            (kept,) = uow.ledger.offers_of_case("k1")
        assert kept.remedies[0].amount == remedy().amount
        engine = create_engine(url)
        for statement in (
            "UPDATE messages SET text = 'never said'",
            "UPDATE remedies SET customer_key = 'somebody'",
            "UPDATE decisions SET rung = 3",
        ):
            with engine.connect() as raw, pytest.raises(Exception, match="append-only"):
                raw.execute(text(statement))
        engine.dispose()

    @pytest.mark.parametrize(
        "statement", ["UPDATE decisions SET rung = 3", "DELETE FROM remedies", "DELETE FROM offers"]
    )
    def test_given_the_key_to_erase_then_the_ledger_is_closed_all_the_same(
        self, db: Database, url: str, statement: str
    ) -> None:
        given(db, case_ids=("k1",))
        with db.write() as uow:
            uow.ledger.add_decision(decision())
            uow.ledger.add_offer(offer("o1", remedy()))
            uow.commit()

        engine = create_engine(url)
        with engine.connect() as raw:
            raw.execute(text("INSERT INTO erasing VALUES (1)"))
            with pytest.raises(Exception, match="append-only"):
                raw.execute(text(statement))
        engine.dispose()

    async def test_given_a_migrated_database_then_nothing_is_pending(self, url: str) -> None:
        assert await Migrations(url).check() is None
