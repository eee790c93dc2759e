"""Who hears of an event is settled in its transaction; each delivery is taken by exactly one."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from amends.storage import Database
from amends.webhooks.decide import event_id
from amends.webhooks.model import Delivery, Endpoint, EventType, Standing
from tests.storage.samples import DAY, HOUR, NOW
from tests.storage.test_concurrency import at_once

MINUTE = timedelta(minutes=1)


def endpoint(endpoint_id: str = "e1", **changes: Any) -> Endpoint:
    plain = Endpoint(
        id=endpoint_id,
        url=f"https://{endpoint_id}.example.com/hooks",
        secret="whsec_c2VjcmV0",
        events=tuple(EventType),
        created_at=NOW,
    )
    return replace(plain, **changes)


def given_endpoints(db: Database, *endpoints: Endpoint) -> None:
    with db.write() as uow:
        for one in endpoints or (endpoint(),):
            uow.webhooks.add(one)
        uow.commit()


def happens(db: Database, key: str = "k1", topic: str = "case.opened", at: datetime = NOW) -> str:
    with db.write() as uow:
        uow.outbox.add(topic, key, {"case_id": key}, at)
        uow.commit()
    return event_id(topic, key)


def taken(db: Database, now: datetime = NOW, endpoint_id: str = "e1") -> Delivery | None:
    with db.write() as uow:
        found = uow.webhooks.take(endpoint_id, now, now + MINUTE)
        uow.commit()
    return found


def must_take(db: Database, now: datetime = NOW, endpoint_id: str = "e1") -> Delivery:
    found = taken(db, now, endpoint_id)
    assert found is not None
    return found


def due(db: Database, now: datetime = NOW) -> Sequence[str]:
    with db.read() as uow:
        return uow.webhooks.endpoints_due(now)


def standing(db: Database, endpoint_id: str = "e1") -> Standing:
    with db.read() as uow:
        return uow.webhooks.standings().get(endpoint_id, Standing())


def events_kept(url: str) -> list[str]:
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = [row.key for row in connection.execute(text("SELECT key FROM outbox ORDER BY id"))]
    engine.dispose()
    return rows


class TestEndpoints:
    def test_given_endpoints_when_read_then_all_that_was_stored_oldest_first(
        self, db: Database
    ) -> None:
        late = endpoint("e1", created_at=NOW + HOUR, description="CRM")
        early = endpoint("e2", events=(EventType.CASE_CLOSED,), active=False)
        given_endpoints(db, late, early)

        with db.read() as uow:
            assert uow.webhooks.all() == [early, late]
            assert uow.webhooks.get("e1") == late
            assert uow.webhooks.get("e3") is None

    def test_given_a_new_secret_then_only_that_endpoint_has_it(self, db: Database) -> None:
        given_endpoints(db, endpoint(), endpoint("e2"))
        with db.write() as uow:
            assert uow.webhooks.set_secret("e1", "whsec_bmV3")
            assert not uow.webhooks.set_secret("none", "whsec_bmV3")
            uow.commit()

        with db.read() as uow:
            assert [one.secret for one in uow.webhooks.all()] == ["whsec_bmV3", "whsec_c2VjcmV0"]

    def test_given_deliveries_when_the_latest_are_asked_for_then_newest_first_and_as_they_stand(
        self, db: Database
    ) -> None:
        given_endpoints(db, endpoint(), endpoint("e2"))
        ids = [happens(db, f"k{number}") for number in range(4)]
        first, second = must_take(db), must_take(db)
        with db.write() as uow:
            uow.webhooks.settle(first, 204, NOW + MINUTE)
            uow.webhooks.fail(second, NOW + HOUR, 500, "status 500")
            uow.commit()

        with db.read() as uow:
            latest = uow.webhooks.latest("e1", 3)
            ends = {one.event_id: one for one in uow.webhooks.latest("e1")}

        assert [one.event_id for one in latest] == ids[:0:-1]
        assert {one.type for one in latest} == {"case.opened"}
        assert ends[first.event.id].delivered_at == NOW + MINUTE
        dead = ends[second.event.id]
        assert (dead.failed_at, dead.last_status, dead.tries) == (NOW + HOUR, 500, 1)
        assert dead.last_error == "status 500"

    def test_given_no_such_endpoint_when_changed_then_it_says_so(self, db: Database) -> None:
        with db.write() as uow:
            assert not uow.webhooks.remove("e9")
            assert not uow.webhooks.set_active("e9", True)

    def test_given_deliveries_when_the_endpoint_is_removed_then_they_go_and_the_event_stays(
        self, db: Database, url: str
    ) -> None:
        given_endpoints(db)
        happens(db)

        with db.write() as uow:
            assert uow.webhooks.remove("e1")
            uow.commit()

        assert due(db) == []
        assert events_kept(url) == ["k1"]

    def test_given_an_endpoint_is_removed_when_an_event_happens_meanwhile_then_neither_fails(
        self, db: Database
    ) -> None:
        given_endpoints(db)
        added, removed = threading.Event(), threading.Event()

        def remove() -> None:
            assert added.wait(10)
            with db.write() as uow:
                uow.webhooks.remove("e1")
                uow.commit()
            removed.set()

        thread = threading.Thread(target=remove)
        thread.start()
        with db.write() as uow:
            uow.outbox.add("case.opened", "k1", {}, NOW)
            added.set()
            removed.wait(0.2)
            uow.outbox.add("case.opened", "k2", {}, NOW)
            uow.commit()
        thread.join(10)

        assert removed.is_set()
        assert due(db) == []


class TestFanOut:
    def test_given_endpoints_when_an_event_happens_then_those_that_want_it_have_a_delivery(
        self, db: Database
    ) -> None:
        given_endpoints(
            db,
            endpoint("e1"),
            endpoint("e2", events=(EventType.CASE_CLOSED,)),
            endpoint("e3", active=False),
            endpoint("e4", events=(EventType.CASE_OPENED,)),
        )

        happens(db)

        assert due(db) == ["e1", "e4"]

    def test_given_the_change_is_rolled_back_then_nobody_hears_of_it(
        self, db: Database, url: str
    ) -> None:
        given_endpoints(db)

        with db.write() as uow:
            uow.outbox.add("case.opened", "k1", {}, NOW)

        assert due(db) == []
        assert events_kept(url) == []

    def test_given_the_same_event_twice_then_it_is_delivered_once(self, db: Database) -> None:
        given_endpoints(db)

        happens(db)
        happens(db)

        assert must_take(db).tries == 1
        assert taken(db) is None

    def test_given_an_event_of_before_when_an_endpoint_is_added_then_it_does_not_hear_of_it(
        self, db: Database
    ) -> None:
        happens(db)

        given_endpoints(db)

        assert due(db) == []


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


class TestForgetEvents:
    def test_given_old_events_when_forgotten_then_what_is_under_way_or_failed_stays(
        self, db: Database, url: str
    ) -> None:
        given_endpoints(db, endpoint("e1", events=(EventType.CASE_OPENED,)))
        happens(db, "nobody", topic="case.closed")
        happens(db, "arrived")
        with db.write() as uow:
            delivery = uow.webhooks.take("e1", NOW, NOW + MINUTE)
            assert delivery is not None
            uow.webhooks.settle(delivery, 204, NOW)
            uow.commit()
        happens(db, "failed")
        with db.write() as uow:
            uow.webhooks.fail_pending("e1", NOW, "status 500")
            uow.commit()
        happens(db, "pending")
        happens(db, "young", topic="case.closed", at=NOW + DAY)

        with db.write() as uow:
            assert uow.webhooks.forget_events(NOW + DAY, limit=1) == 1
            assert uow.webhooks.forget_events(NOW + DAY) == 1
            assert uow.webhooks.forget_events(NOW + DAY) == 0
            uow.commit()

        assert events_kept(url) == ["failed", "pending", "young"]
        assert standing(db) == Standing(pending=1, failed=1, last_error="status 500")
