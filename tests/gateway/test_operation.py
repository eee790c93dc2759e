"""Readiness names what is missing; requests are known by an id, wherever they go."""

import asyncio
import shutil
from collections import namedtuple

import pytest
from sqlalchemy import create_engine, text
from structlog.testing import capture_logs

from amends.storage.migrate import latest
from amends.values import utc_now
from amends.wiring import readiness
from amends.wiring.engines import Engines
from amends.wiring.pulse import Pulse
from tests.message_life.engine import FakeEngine
from tests.support.later_version import upgraded_by_a_later_version

Usage = namedtuple("Usage", "total used free")


async def missing(gateway) -> tuple[int, str, dict[str, str]]:
    answer = await gateway.client.get("/readyz")
    body = answer.json()
    return answer.status_code, body["status"], {m["check"]: m["why"] for m in body["missing"]}


class TestReady:
    async def test_given_migrations_pending_then_not_ready_until_they_are_done(self, gateway):
        engine = create_engine(gateway.parts.settings.database_url)
        with engine.begin() as connection:
            before = connection.scalar(text("SELECT version_num FROM alembic_version"))
            connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))

        status, word, why = await missing(gateway)

        assert (status, word) == (503, "not_ready")
        assert "amends up" in why["migrations"]
        with engine.begin() as connection:
            connection.execute(text(f"UPDATE alembic_version SET version_num = '{before}'"))
        engine.dispose()
        assert await missing(gateway) == (200, "ready", {})

    async def test_given_a_later_version_upgraded_then_it_says_so(self, gateway):
        upgraded_by_a_later_version(gateway.parts.settings.database_url)

        status, _, why = await missing(gateway)

        assert status == 503
        assert "9999" in why["migrations"]

    async def test_given_a_later_version_that_lets_this_one_run_then_ready(self, gateway):
        upgraded_by_a_later_version(gateway.parts.settings.database_url, latest())

        assert (await missing(gateway))[0] == 200

    async def test_given_a_full_disk_then_not_ready(self, gateway, monkeypatch):
        monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**9, 10**9, 3_000_000))

        status, _, why = await missing(gateway)

        assert status == 503
        assert "3 MB" in why["disk"]

    async def test_given_a_database_that_hangs_then_it_is_named(self, gateway, monkeypatch):
        async def hangs(*arguments):
            await asyncio.sleep(60)

        monkeypatch.setattr(readiness, "CHECK_SECONDS", 0.05)
        monkeypatch.setattr(gateway.api.state.service.transactions, "read", hangs)

        status, _, why = await missing(gateway)

        assert status == 503
        assert "no answer" in why["database"]

    async def test_given_an_engine_that_loads_then_it_says_so(self, gateway):
        gateway.parts.engine.up = False
        gateway.parts.engine.missing = "the engine is loading its model"

        status, _, why = await missing(gateway)

        assert (status, why) == (503, {"engine": "the engine is loading its model"})
        for_a_balancer = await gateway.client.get("/readyz?to=store")
        assert (for_a_balancer.status_code, for_a_balancer.json()["status"]) == (200, "degraded")

    async def test_given_one_of_two_engines_away_then_named_but_customers_are_answered(
        self, gateway
    ):
        here, away = FakeEngine(), FakeEngine()
        away.up, away.missing = False, "nothing usable answers at http://b:5005"
        gateway.parts.engine = Engines({"http://a:5005": here, "http://b:5005": away})

        status, word, why = await missing(gateway)

        assert (status, word) == (200, "degraded")
        assert why == {"engine http://b:5005": "nothing usable answers at http://b:5005"}

        here.up, here.missing = False, "the engine is loading its model"
        status, _, why = await missing(gateway)

        assert status == 503
        assert set(why) == {"engine", "engine http://a:5005", "engine http://b:5005"}

    async def test_given_a_stuck_job_then_named_but_customers_are_answered(self, gateway):
        moments = iter([0.0, 5000.0, 5000.0])
        pulse = Pulse(monotonic=lambda: next(moments))
        pulse.expect("send_mails", 1.0)
        gateway.parts.pulse = pulse

        status, word, why = await missing(gateway)

        assert (status, word) == (200, "degraded")
        assert "send_mails" in why["jobs"]


class TestRequestId:
    async def test_given_an_id_when_answered_then_returned_and_logged(self, gateway):
        with capture_logs() as lines:
            answer = await gateway.client.get("/demo", headers={"X-Request-ID": "abc-1.2"})

        assert answer.headers["X-Request-ID"] == "abc-1.2"
        assert any(line["event"] == "gateway.request.done" for line in lines)

    @pytest.mark.parametrize("given", ["", "with space", "x" * 65, "a\\nb", "<script>"])
    async def test_given_an_unusable_id_when_answered_then_a_new_one(self, gateway, given):
        answer = await gateway.client.get("/healthz", headers={"X-Request-ID": given})

        assert answer.headers["X-Request-ID"] not in ("", given)

    async def test_given_two_requests_then_two_ids(self, gateway):
        first = await gateway.client.get("/healthz")
        second = await gateway.client.get("/healthz")

        assert first.headers["X-Request-ID"] != second.headers["X-Request-ID"]


class TestFigures:
    async def test_given_a_live_stream_when_answered_then_delivery_is_timed(self, gateway):
        opened = await gateway.start()
        path = opened.path("stream")
        async with gateway.client.stream("GET", path, headers=opened.headers) as stream:
            lines = stream.aiter_lines()
            while "Answer to" not in (line := await anext(lines)):
                if line.startswith("event: mode"):
                    await gateway.post(opened, "broken")

        figures = (await gateway.client.get("/metrics")).text

        assert 'amends_turn_seconds_count{stage="deliver"} 2.0' in figures

    async def test_given_no_round_of_the_job_yet_then_no_figures_of_the_database(self, gateway):
        figures = (await gateway.client.get("/metrics")).text

        assert "amends_engine_ready 1.0" in figures
        assert "amends_promises" not in figures

    async def test_given_odd_paths_then_labels_stay_few(self, gateway):
        for number in range(20):
            await gateway.client.get(f"/nothing/{number}")

        figures = (await gateway.client.get("/metrics")).text

        assert "/nothing/" not in figures
        assert 'amends_request_seconds_count{route="none",status="404"} 20.0' in figures

    async def test_given_a_scrape_then_the_database_is_not_read(self, gateway, monkeypatch):
        async def fails(*arguments):
            raise AssertionError("the database was read")

        monkeypatch.setattr(gateway.api.state.service.transactions, "read", fails)
        with gateway.parts.db.read() as uow:
            gateway.parts.pulse.figures = uow.figures.read(utc_now())

        answer = await gateway.client.get("/metrics")

        assert answer.status_code == 200
        assert 'amends_promises{state="overdue"} 0.0' in answer.text
