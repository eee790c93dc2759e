"""Two gateways over one database and one Redis, and what becomes of them when Redis is lost."""

import asyncio
import json
import signal
from collections.abc import Iterator

import pytest

from amends.gateway import shared_changes
from amends.storage import Database
from amends.wiring import redis_link
from tests.gateway.test_errors_and_limits import assert_error
from tests.support.services import RedisServer, redis_server


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    with redis_server() as running:
        yield running


@pytest.fixture
async def gateways(server, serve_gateway, monkeypatch):
    """Two gateways that hear each other through Redis alone: they never poll beside it."""
    if server.process is None:
        server.start()
    monkeypatch.setattr(redis_link, "PAUSE_SECONDS", 0.02)
    monkeypatch.setattr(shared_changes, "PAUSE_SECONDS", 0.02)
    a = await serve_gateway(redis_url=server.url, messages_per_minute=30)
    b = await serve_gateway(beside=a, redis_url=server.url, messages_per_minute=30)
    for gateway in (a, b):
        gateway.api.state.service.changes._poll_beside_redis_seconds = 600
        await until(lambda g=gateway: g.api.state.service.changes.hears)
    return a, b


async def until(holds) -> None:
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110 - another process has no event
            await asyncio.sleep(0.01)


async def events(gateway, opened, name: str, how_many: int) -> list[dict]:
    """Return the next events of one kind on a stream at this gateway."""
    found = []
    async with (
        asyncio.timeout(60),
        gateway.client.stream("GET", opened.path("stream"), headers=opened.headers) as stream,
    ):
        event = ""
        async for line in stream.aiter_lines():
            if line.startswith("event: "):
                event = line.removeprefix("event: ")
            elif line.startswith("data: ") and event == name:
                found.append(json.loads(line.removeprefix("data: ")))
                if len(found) == how_many:
                    break
    return found


async def say(gateway, opened, text: str):
    return await gateway.post(opened, text, wait=20, client_message_id=text)


async def status_of(gateway) -> tuple[int, str, dict[str, str]]:
    answer = await gateway.client.get("/readyz")
    missing = {one["check"]: one["why"] for one in answer.json()["missing"]}
    return answer.status_code, answer.json()["status"], missing


class TestTogether:
    async def test_given_a_stream_at_one_when_posted_at_the_other_then_seen_there_at_once(
        self, gateways
    ):
        a, b = gateways
        opened = await a.start()
        listening = asyncio.create_task(events(b, opened, "message", 3))
        await until(lambda: b.api.state.service.changes.listeners(opened.id))

        await a.post(opened, "It arrived broken")

        said = [one["text"] for one in await listening]
        assert said[1:] == ["It arrived broken", "Answer to It arrived broken"]

    async def test_given_a_stream_at_one_when_the_bot_types_at_the_other_then_shown(self, gateways):
        a, b = gateways
        a.parts.engine.delay_seconds = 0.2
        opened = await a.start()
        listening = asyncio.create_task(events(b, opened, "typing", 2))
        await until(lambda: b.api.state.service.changes.listeners(opened.id))

        await a.post(opened, "It arrived broken")

        assert [one["active"] for one in await listening] == [True, False]

    async def test_given_whoever_typed_elsewhere_died_then_typing_ends_by_itself(
        self, gateways, monkeypatch
    ):
        a, b = gateways
        changes = b.api.state.service.changes
        opened = await a.start()
        with changes.subscribe(opened.id):
            a.parts.shared.announcer.typing(opened.id, True)
            await until(lambda: changes.is_typing(opened.id))

            monkeypatch.setattr(shared_changes, "TYPING_LASTS_SECONDS", 0.0)

            assert not changes.is_typing(opened.id)

    async def test_given_another_process_that_writes_then_its_commit_is_heard(self, gateways):
        _, b = gateways
        opened = await b.start()
        desk = Database(str(b.parts.db.url))
        desk.on_change(b.parts.shared.announcer.changed)
        listening = asyncio.create_task(events(b, opened, "mode", 2))
        await until(lambda: b.api.state.service.changes.listeners(opened.id))

        with desk.write() as uow:
            uow.conversations.set_mode(opened.id, "waiting", at=b.parts.clock())
            uow.commit()
        desk.close()

        assert [one["mode"] for one in await listening] == ["bot", "waiting"]

    async def test_given_posts_that_alternate_then_answered_once_and_in_order(self, gateways):
        opened = await gateways[0].start()
        answers = [
            await say(gateways[number % 2], opened, f"message {number}") for number in range(6)
        ]

        assert [one.status_code for one in answers] == [200] * 6
        log = (await gateways[1].messages(opened))["messages"]
        expected = [text for n in range(6) for text in (f"message {n}", f"Answer to message {n}")]
        assert [one["text"] for one in log][1:] == expected

    async def test_given_a_limit_when_spent_at_one_then_spent_at_the_other(self, gateways):
        a, b = gateways
        opened = await a.start()
        for number in range(30):
            posted = await (a, b)[number % 2].post(opened, "x", client_message_id=f"m{number}")
            assert posted.status_code == 202

        for gateway in gateways:
            refused = await gateway.post(opened, "x", client_message_id="one more")
            error = assert_error(refused, 429, "too_many_messages")
            assert 1 <= error["details"]["retry_after_seconds"] <= 2


class TestWithoutRedis:
    async def test_given_redis_lost_then_said_and_both_go_on_until_it_is_back(
        self, gateways, server
    ):
        a, b = gateways
        opened = await a.start()
        assert await status_of(a) == (200, "ready", {})
        server.stop()
        await until(lambda: not b.api.state.service.changes.hears)

        listening = asyncio.create_task(events(b, opened, "message", 5))
        first = await say(a, opened, "first")
        second = await say(b, opened, "second")

        assert [first.status_code, second.status_code] == [200, 200]
        said = [one["text"] for one in await listening]
        assert said[1:] == ["first", "Answer to first", "second", "Answer to second"]
        status, word, missing = await status_of(a)
        assert (status, word) == (200, "degraded")
        assert "Redis cannot be asked" in missing["redis"]

        server.start()
        await until(lambda: b.api.state.service.changes.hears)
        assert await status_of(b) == (200, "ready", {})

    async def test_given_redis_hangs_then_messages_are_answered_all_the_same(
        self, gateways, server, monkeypatch
    ):
        monkeypatch.setattr(shared_changes, "LISTEN_SECONDS", 0.1)
        a, b = gateways
        opened = await a.start()
        await say(a, opened, "before")  # whoever listens has begun to wait for less long
        server.process.send_signal(signal.SIGSTOP)
        try:
            await until(lambda: not b.api.state.service.changes.hears)
            answers = [await say(one, opened, f"to {n}") for n, one in enumerate(gateways)]
        finally:
            server.process.send_signal(signal.SIGCONT)

        assert [one.status_code for one in answers] == [200, 200]
        assert answers[1].json()["replies"][0]["text"] == "Answer to to 1"

    async def test_given_redis_lost_when_flooded_then_each_gateway_limits_by_itself(
        self, gateways, server
    ):
        a, _ = gateways
        opened = await a.start()
        server.stop()

        statuses = [
            (await a.post(opened, "x", client_message_id=f"m{n}")).status_code for n in range(32)
        ]

        assert statuses[:30] == [202] * 30
        assert 429 in statuses[30:]
