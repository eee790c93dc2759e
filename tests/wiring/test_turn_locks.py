"""One gateway at a time drives a conversation; without Redis each drives what it finds."""

import asyncio
from collections.abc import Iterator

import pytest

from amends.wiring import turn_locks
from amends.wiring.redis_link import RedisLink, RedisLost
from amends.wiring.turn_locks import PREFIX, RedisTurnLock
from tests.support.services import RedisServer, redis_server


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    with redis_server() as running:
        yield running


@pytest.fixture
async def links(server):
    if server.process is None:
        server.start()
    made = [RedisLink(server.url) for _ in range(2)]
    await made[0].ask(lambda redis: redis.flushall())
    yield made
    for link in made:
        await link.close()


class TestTurnLock:
    async def test_given_one_holder_when_another_asks_then_it_gets_the_next_turn(self, links):
        one, other = (RedisTurnLock(link) for link in links)
        order = []

        async def wait_for_it() -> None:
            async with other.hold("c1", 60) as held:
                order.append(("other", held))

        async with one.hold("c1", 0) as held:
            assert held
            async with other.hold("c1", 0) as taken:
                assert not taken
            async with other.hold("c2", 0) as free:
                assert free
            waiting = asyncio.create_task(wait_for_it())
            await asyncio.sleep(0)
            order.append(("one", True))
        await waiting

        assert order == [("one", True), ("other", True)]

    async def test_given_a_wait_that_is_too_short_then_not_held(self, links):
        one, other = (RedisTurnLock(link) for link in links)

        async with one.hold("c1", 0), other.hold("c1", 0.12) as held:
            assert not held

    async def test_given_a_holder_that_died_then_its_lock_lapses(self, links):
        await links[0].client.set(f"{PREFIX}c1", "a dead process", px=100)

        async with RedisTurnLock(links[1]).hold("c1", 60) as held:
            assert held

    async def test_given_a_long_turn_then_the_lock_is_extended(self, links, monkeypatch):
        monkeypatch.setattr(turn_locks, "EXTENDED_EVERY_SECONDS", 0.01)
        redis = links[0].client

        async with RedisTurnLock(links[0]).hold("c1", 0):
            await redis.pexpire(f"{PREFIX}c1", 3000)
            async with asyncio.timeout(30):
                while await redis.pttl(f"{PREFIX}c1") < 3500:  # noqa: ASYNC110 - no event there
                    await asyncio.sleep(0.01)

        assert not await redis.exists(f"{PREFIX}c1")

    async def test_given_a_lock_that_lapsed_and_was_taken_then_the_other_keeps_it(self, links):
        redis = links[0].client

        async with RedisTurnLock(links[0]).hold("c1", 0):
            await redis.set(f"{PREFIX}c1", "somebody else")

        assert await redis.get(f"{PREFIX}c1") == "somebody else"

    async def test_given_another_question_failed_just_now_then_the_lock_is_given_back_all_the_same(
        self, links
    ):
        async def fail(_: object) -> None:
            raise TimeoutError

        async with RedisTurnLock(links[0]).hold("c1", 0) as held:
            assert held
            with pytest.raises(RedisLost):
                await links[0].ask(fail)
            assert links[0].lost_just_now

        async with RedisTurnLock(links[1]).hold("c1", 0) as held:
            assert held

    async def test_given_redis_is_lost_then_held_by_everybody_until_it_is_back(
        self, links, server, monkeypatch
    ):
        monkeypatch.setattr("amends.wiring.redis_link.PAUSE_SECONDS", 0.0)
        one, other = (RedisTurnLock(link) for link in links)
        async with one.hold("c1", 0) as held:
            server.stop()
            assert held
            async with other.hold("c1", 0) as also:
                assert also
        assert "Redis cannot be asked" in (await links[0].why_missing() or "")

        server.start()
        assert await links[0].why_missing() is None
        async with one.hold("c1", 0) as held, other.hold("c1", 0) as also:
            assert (held, also) == (True, False)
