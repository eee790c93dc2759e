"""Endpoints are kept, and who hears of an event is settled in its transaction."""

import threading

from amends.storage import Database
from amends.webhooks.model import EventType, Standing
from tests.storage.samples import DAY, HOUR, NOW
from tests.storage.webhook_steps import (
    MINUTE,
    due,
    endpoint,
    events_kept,
    given_endpoints,
    happens,
    must_take,
    standing,
    taken,
)


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
