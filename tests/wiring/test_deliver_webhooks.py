"""Events reach other systems: at least once, under one id, and none holds up another."""

import subprocess
import sys
import threading
from collections.abc import Iterator, MutableMapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from amends.satisfaction.surveys.model import Answers
from amends.values import utc_now
from amends.webhooks import use_cases as webhooks
from amends.webhooks.model import Endpoint, EventType, Standing
from amends.wiring import jobs
from amends.wiring import webhooks as outgoing
from amends.wiring.lanes import Lanes
from tests.support.http_server import Reply
from tests.support.shop import Shop
from tests.support.webhook_server import Heard, WebhookServer, webhook_server

PROJECT = Path(__file__).resolve().parents[2]
Log = list[MutableMapping[str, Any]]


@pytest.fixture
def hooks() -> Iterator[WebhookServer]:
    with webhook_server() as running:
        yield running
        assert running.complaints == []


@pytest.fixture
def listening(shop: Shop, hooks: WebhookServer, log: Log) -> Shop:
    """The demo shop, allowed to call this machine, with one endpoint at `/crm`."""
    settings = shop.app.settings.model_copy(update={"webhooks_allow_private": True})
    shop.app = replace(shop.app, settings=settings)
    add(shop, hooks, "/crm")
    return shop


def add(shop: Shop, hooks: WebhookServer, path: str, *events: str) -> Endpoint:
    with shop.write() as uow:
        made = webhooks.add_endpoint(uow, f"{hooks.url}{path}", events, "", shop.clock())
    hooks.secrets[path] = made.secret
    return made


def deliver(shop: Shop) -> int:
    started = outgoing.deliver(shop.app)
    assert shop.app.lanes.idle(20)
    return started


def standing(shop: Shop, endpoint_id: str | None = None) -> Standing:
    with shop.db.read() as uow:
        named = endpoint_id or uow.webhooks.all()[0].id
        return uow.webhooks.standings().get(named, Standing())


def happens(shop: Shop, key: str = "k1") -> None:
    with shop.write() as uow:
        uow.outbox.add("case.opened", key, {"case_number": key}, shop.clock())


def cases(heard: list[Heard]) -> list[str]:
    return [one.event["data"]["case_number"] for one in heard]


class TestDelivered:
    def test_given_a_complaint_when_run_then_the_endpoint_hears_of_the_case_once(
        self, listening: Shop, hooks: WebhookServer
    ) -> None:
        case = listening.chat().complains()

        assert deliver(listening) == 1
        assert deliver(listening) == 0

        (heard,) = hooks.heard
        assert heard.type == "case.opened"
        assert heard.event["data"]["case_number"] == case.number
        assert standing(listening) == Standing()

    def test_given_many_events_when_run_once_then_all_arrive(
        self, listening: Shop, hooks: WebhookServer
    ) -> None:
        for number in range(20):
            happens(listening, f"k{number}")

        assert deliver(listening) == 1

        assert sorted(cases(hooks.heard)) == sorted(f"k{number}" for number in range(20))
        assert len({one.id for one in hooks.heard}) == 20

    def test_given_endpoints_with_other_wishes_when_run_then_each_hears_what_it_asked_for(
        self, listening: Shop, hooks: WebhookServer
    ) -> None:
        add(listening, hooks, "/surveys", EventType.SURVEY_RECEIVED)
        chat = listening.chat()
        chat.complains()
        with listening.write() as uow:
            said = Answers(csat=5, comment="Thanks!")
            listening.app.record_survey(uow, chat.id, said, listening.clock())

        deliver(listening)

        assert [one.type for one in hooks.at("/surveys")] == ["survey.received"]
        assert {one.type for one in hooks.at("/crm")} == {"case.opened", "survey.received"}
        ids = {one.path: one.id for one in hooks.heard if one.type == "survey.received"}
        assert ids["/crm"] == ids["/surveys"], "the event's id is the same everywhere"


class TestFailures:
    def test_given_failures_when_due_again_then_the_same_request_until_it_arrives(
        self, listening: Shop, hooks: WebhookServer, log: Log
    ) -> None:
        hooks.plan["/crm"] = [Reply(500), Reply(drops=True)]
        happens(listening)

        deliver(listening)
        assert deliver(listening) == 0, "not before the pause is over"
        for pause in (timedelta(seconds=6), timedelta(minutes=6)):
            listening.clock.forward(seconds=pause.total_seconds())
            deliver(listening)

        first, second, third = hooks.heard
        assert first.id == second.id == third.id
        assert first.request.body == second.request.body == third.request.body
        assert first.timestamp < second.timestamp < third.timestamp
        assert standing(listening) == Standing()
        reasons = [one["reason"] for one in log if one["event"] == "webhooks.delivery.postponed"]
        assert reasons[0] == "status 500"
        assert reasons[1].startswith("no answer")

    def test_given_an_endpoint_that_asks_for_time_when_failed_then_it_gets_it(
        self, listening: Shop, hooks: WebhookServer
    ) -> None:
        hooks.plan["/crm"] = [Reply(429, headers=(("Retry-After", "3600"),))]
        happens(listening)
        deliver(listening)

        listening.clock.forward(minutes=59)
        assert deliver(listening) == 0
        listening.clock.forward(minutes=1)
        assert deliver(listening) == 1

        assert len(hooks.heard) == 2

    def test_given_ten_failed_tries_when_over_then_failed_logged_and_kept_for_replay(
        self, listening: Shop, hooks: WebhookServer, log: Log
    ) -> None:
        hooks.always["/crm"] = Reply(503)
        happens(listening)

        for _ in range(12):
            deliver(listening)
            listening.clock.forward(hours=30)

        assert len(hooks.heard) == 10
        assert standing(listening) == Standing(failed=1, last_error="status 503")
        assert [one["tries"] for one in log if one["event"] == "webhooks.delivery.failed"] == [10]
        hooks.always.clear()
        with listening.write() as uow:
            assert webhooks.replay(uow, listening.clock()) == 1
        deliver(listening)
        assert standing(listening) == Standing()
        assert len({one.id for one in hooks.heard}) == 1

    def test_given_gone_when_answered_then_the_endpoint_is_switched_off_and_nothing_is_lost(
        self, listening: Shop, hooks: WebhookServer, log: Log
    ) -> None:
        hooks.plan["/crm"] = [Reply(410)]
        for key in ("k1", "k2", "k3"):
            happens(listening, key)

        deliver(listening)
        happens(listening, "k4")
        listening.clock.forward(days=5)
        assert deliver(listening) == 0

        assert len(hooks.heard) == 1
        assert standing(listening).failed == 3
        assert [one for one in log if one["event"] == "webhooks.endpoint.switched_off"]
        with listening.db.read() as uow:
            (endpoint,) = uow.webhooks.all()
        assert not endpoint.active
        with listening.write() as uow:
            webhooks.enable_endpoint(uow, endpoint.id)
            webhooks.replay(uow, listening.clock(), endpoint.id)
        deliver(listening)
        assert sorted(cases(hooks.heard[1:])) == ["k1", "k2", "k3"], "k4 happened while it was off"

    def test_given_private_is_not_allowed_when_run_then_nobody_inside_is_called(
        self, listening: Shop, hooks: WebhookServer
    ) -> None:
        shut = listening.app.settings.model_copy(update={"webhooks_allow_private": False})
        listening.app = replace(listening.app, settings=shut)
        with listening.write() as uow:
            made = webhooks.add_endpoint(uow, "https://127.0.0.1:1/", (), "", listening.clock())
        happens(listening)

        deliver(listening)

        assert hooks.heard == []
        assert "address refused" in (standing(listening, made.id).last_error or "")


class TestOthersAreNotHeldUp:
    def test_given_a_slow_endpoint_when_run_then_another_one_hears_of_everything_meanwhile(
        self, listening: Shop, hooks: WebhookServer
    ) -> None:
        gate = threading.Event()
        hooks.always["/slow"] = Reply(after=gate)
        add(listening, hooks, "/slow")
        for number in range(5):
            happens(listening, f"k{number}")

        started = outgoing.deliver(listening.app)
        happens(listening, "later")
        try:
            assert started == 2
            assert until(lambda: len(hooks.at("/crm")) >= 5)
            assert until(lambda: outgoing.deliver(listening.app) or len(hooks.at("/crm")) == 6)
            assert until(lambda: len(hooks.at("/crm")) == 6)
            assert len(hooks.at("/slow")) == 1
        finally:
            gate.set()
        assert listening.app.lanes.idle(20)

    def test_given_an_endpoint_is_slow_when_the_jobs_run_then_none_waits_for_it(
        self, listening: Shop, hooks: WebhookServer
    ) -> None:
        gate = threading.Event()
        hooks.always["/crm"] = Reply(after=gate)
        happens(listening)
        (job,) = [one for one in jobs.JOBS if one.name == "deliver_webhooks"]

        try:
            assert job.run(listening.app) == 1, "returns while the request is under way"
            assert job.run(listening.app) == 0
            assert not listening.app.lanes.idle(0)
        finally:
            gate.set()
        assert listening.app.lanes.idle(20)

    def test_given_another_system_is_asked_when_customers_write_then_the_database_is_free(
        self, listening: Shop, hooks: WebhookServer
    ) -> None:
        gate = threading.Event()
        hooks.always["/crm"] = Reply(after=gate)
        chat = listening.chat()
        happens(listening)
        outgoing.deliver(listening.app)

        try:
            assert until(lambda: len(hooks.heard) == 1)
            chat.says("SQLite has one writer: it must be free")
        finally:
            gate.set()
        assert listening.app.lanes.idle(20)

    def test_given_several_processes_when_they_deliver_at_once_then_each_event_comes_once(
        self, listening: Shop, hooks: WebhookServer
    ) -> None:
        for number in range(15):
            happens(listening, f"k{number}")
        others = [replace(listening.app, lanes=Lanes()) for _ in range(3)]

        for app in others:
            outgoing.deliver(app)
        for app in others:
            assert app.lanes.idle(20)
        deliver(listening)

        assert sorted(cases(hooks.heard)) == sorted(f"k{number}" for number in range(15))


class TestKilled:
    def test_given_a_process_killed_in_the_middle_when_the_lease_runs_out_then_sent_again(
        self, listening: Shop, hooks: WebhookServer
    ) -> None:
        gate = threading.Event()
        hooks.plan["/crm"] = [Reply(after=gate)]
        listening.clock.now = utc_now()
        happens(listening)
        program = (
            "import sys, time; from amends.wiring import webhooks; from amends.wiring.app import "
            "build; from amends.wiring.settings import load_settings;"
            "app = build(load_settings()); webhooks.deliver(app); time.sleep(60)"
        )
        environment = {
            "AMENDS_DATABASE_URL": listening.app.settings.database_url.replace("amends", "shop"),
            "AMENDS_VAR_DIR": str(listening.app.settings.var_dir),
            "AMENDS_WEBHOOKS_ALLOW_PRIVATE": "true",
        }

        with subprocess.Popen([sys.executable, "-c", program], cwd=PROJECT, env=environment) as one:
            try:
                assert until(lambda: len(hooks.heard) == 1, seconds=30)
            finally:
                one.kill()  # SIGKILL: nothing is tidied up
                gate.set()

        listening.clock.now = utc_now()
        assert deliver(listening) == 0, "the lease of the dead process still runs"
        listening.clock.forward(seconds=webhooks.LEASE.total_seconds())
        assert deliver(listening) == 1
        assert len({one.id for one in hooks.heard}) == 1
        assert len(hooks.heard) == 2
        assert standing(listening) == Standing()


class TestForgetEvents:
    def test_given_old_events_when_run_then_only_those_that_arrived_are_forgotten(
        self, listening: Shop, hooks: WebhookServer
    ) -> None:
        happens(listening, "arrived")
        deliver(listening)
        hooks.always["/crm"] = Reply(500)
        happens(listening, "failing")
        deliver(listening)

        listening.clock.forward(days=listening.app.settings.outbox_retention_days - 1)
        assert outgoing.forget_events(listening.app) == 0
        listening.clock.forward(days=2)
        assert outgoing.forget_events(listening.app) == 1
        assert outgoing.forget_events(listening.app) == 0
        assert standing(listening).pending == 1


def until(holds: Any, seconds: float = 10) -> bool:
    """Wait until it holds."""
    give_up = monotonic() + seconds
    while not holds():
        if monotonic() > give_up:
            return False
        sleep(0.01)
    return True
