"""Each delivery is taken by exactly one, ends once, and can begin anew."""

import pytest

from amends.storage import Database
from amends.webhooks.decide import event_id
from amends.webhooks.model import Standing
from tests.storage.samples import DAY, HOUR, NOW
from tests.storage.threads import at_once
from tests.storage.webhook_steps import (
    MINUTE,
    due,
    endpoint,
    given_endpoints,
    happens,
    must_take,
    standing,
    taken,
)


class TestTake:
    def test_given_a_delivery_when_taken_then_it_holds_the_event_and_is_ours_until_the_lease(
        self, db: Database
    ) -> None:
        given_endpoints(db)
        name = happens(db)

        first = must_take(db)

        assert (first.event.id, first.event.type) == (name, "case.opened")
        assert (first.event.at, first.event.data) == (NOW, {"case_id": "k1"})
        assert (first.tries, first.leased_until) == (1, NOW + MINUTE)
        assert taken(db, NOW + MINUTE / 2) is None
        assert due(db, NOW + MINUTE / 2) == []

    def test_given_a_process_that_died_when_its_lease_runs_out_then_another_takes_it(
        self, db: Database
    ) -> None:
        given_endpoints(db)
        happens(db)
        must_take(db)

        assert due(db, NOW + MINUTE) == ["e1"]
        assert must_take(db, NOW + MINUTE).tries == 2

    def test_given_several_due_when_taken_then_the_one_due_longest_comes_first(
        self, db: Database
    ) -> None:
        given_endpoints(db)
        happens(db, "late", at=NOW + HOUR)
        happens(db, "early")

        assert must_take(db, NOW + DAY).event.data == {"case_id": "early"}

    def test_given_many_threads_when_they_take_at_once_then_each_delivery_has_one_taker(
        self, db: Database
    ) -> None:
        given_endpoints(db)
        for number in range(8):
            happens(db, f"k{number}")

        def take_all(_: int) -> list[str]:
            mine: list[str] = []
            while (delivery := taken(db)) is not None:
                mine.append(delivery.event.id)
            return mine

        ids = [one for mine in at_once(take_all) for one in mine]

        assert len(ids) == len(set(ids))
        # A row that another one was just looking at may have been passed over.
        while (delivery := taken(db)) is not None:
            ids.append(delivery.event.id)
        assert len(set(ids)) == 8


class TestEndOfATry:
    def test_given_it_arrived_when_settled_then_it_is_over_once(self, db: Database) -> None:
        given_endpoints(db)
        happens(db)
        delivery = must_take(db)

        with db.write() as uow:
            assert uow.webhooks.settle(delivery, 204, NOW)
            assert not uow.webhooks.settle(delivery, 204, NOW)
            uow.commit()

        assert due(db, NOW + DAY) == []
        assert standing(db) == Standing()

    def test_given_it_failed_when_postponed_then_due_again_at_that_time(self, db: Database) -> None:
        given_endpoints(db)
        happens(db)

        with db.write() as uow:
            assert uow.webhooks.postpone(
                uow.webhooks.take("e1", NOW, NOW + MINUTE), NOW + HOUR, 500, "status 500"
            )
            uow.commit()

        assert due(db, NOW + HOUR - MINUTE) == []
        assert due(db, NOW + HOUR) == ["e1"]
        assert standing(db) == Standing(pending=1, last_error="status 500")

    def test_given_the_lease_ran_out_when_the_late_one_failed_then_it_changes_nothing(
        self, db: Database
    ) -> None:
        given_endpoints(db)
        happens(db)
        late = must_take(db)
        current = must_take(db, NOW + MINUTE)

        with db.write() as uow:
            assert not uow.webhooks.fail(late, NOW + MINUTE, 500, "status 500")
            assert not uow.webhooks.postpone(late, NOW, 500, "status 500")
            assert uow.webhooks.settle(current, 204, NOW + MINUTE)
            uow.commit()

        assert standing(db) == Standing()

    def test_given_the_lease_ran_out_when_the_late_one_arrived_then_that_counts(
        self, db: Database
    ) -> None:
        given_endpoints(db)
        happens(db)
        late = must_take(db)
        current = must_take(db, NOW + MINUTE)

        with db.write() as uow:
            assert uow.webhooks.settle(late, 204, NOW + MINUTE)
            assert not uow.webhooks.fail(current, NOW + MINUTE, 500, "status 500")
            uow.commit()

        assert due(db, NOW + DAY) == []
        assert standing(db) == Standing()

    def test_given_an_endpoint_that_is_off_when_asked_then_nothing_is_due_or_lost(
        self, db: Database
    ) -> None:
        given_endpoints(db)
        happens(db)

        with db.write() as uow:
            uow.webhooks.set_active("e1", False)
            uow.commit()

        assert due(db) == []
        assert standing(db) == Standing(pending=1)


class TestReplay:
    def given_failed(self, db: Database) -> None:
        """Of e1 and e2 each: k1 failed, k2 arrived."""
        given_endpoints(db, endpoint("e1"), endpoint("e2"))
        for key in ("k1", "k2"):
            happens(db, key)
        with db.write() as uow:
            for name in ("e1", "e2"):
                for _ in range(2):
                    delivery = uow.webhooks.take(name, NOW, NOW + MINUTE)
                    assert delivery is not None
                    if delivery.event.data["case_id"] == "k1":
                        assert uow.webhooks.fail(delivery, NOW, 500, "status 500")
                    else:
                        assert uow.webhooks.settle(delivery, 204, NOW)
            uow.commit()

    @pytest.mark.parametrize(
        ("endpoint_id", "key", "count"),
        [(None, None, 2), ("e1", None, 1), ("e1", "k2", 1), (None, "k2", 2), ("e1", "k9", 0)],
    )
    def test_given_failed_and_arrived_when_replayed_then_what_was_asked_for_begins_anew(
        self, db: Database, endpoint_id: str | None, key: str | None, count: int
    ) -> None:
        self.given_failed(db)
        name = event_id("case.opened", key) if key else None

        with db.write() as uow:
            assert uow.webhooks.replay(NOW + DAY, endpoint_id, name) == count
            uow.commit()

        assert len(due(db, NOW + DAY)) == min(count, 2)
        if count:
            assert must_take(db, NOW + DAY, due(db, NOW + DAY)[0]).tries == 1

    def test_given_an_endpoint_that_is_off_when_all_is_replayed_then_it_is_left_out(
        self, db: Database
    ) -> None:
        self.given_failed(db)

        with db.write() as uow:
            uow.webhooks.set_active("e2", False)
            assert uow.webhooks.replay(NOW + DAY) == 1

    def test_given_a_gone_endpoint_when_its_pending_fail_then_only_those_and_only_its_own(
        self, db: Database
    ) -> None:
        given_endpoints(db, endpoint("e1"), endpoint("e2"))
        for key in ("k1", "k2"):
            happens(db, key)

        with db.write() as uow:
            assert uow.webhooks.fail_pending("e1", NOW, "gone") == 2
            uow.commit()

        assert standing(db, "e1") == Standing(failed=2, last_error="gone")
        assert standing(db, "e2") == Standing(pending=2)
