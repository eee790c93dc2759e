"""Two engines over one Redis: one at a time takes a turn, and neither waits for the dead."""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import Callable

import pytest
import redis
from rasa.core.lock_store import LockStore
from rasa.utils.endpoints import EndpointConfig

from bot import lock_store
from bot.lock_store import PREFIX, RedisLocks
from tests.support.needed import without

URL = os.environ.get("AMENDS_TEST_REDIS_URL", "redis://127.0.0.1:6379/15")
NOWHERE = "redis://127.0.0.1:9/0"


@pytest.fixture(scope="module")
def client() -> redis.Redis:
    found = redis.Redis.from_url(URL)
    try:
        found.ping()
    except redis.RedisError:
        without(f"no Redis answers at {URL}")
    return found


def run(work: Callable, *urls: str) -> object:
    """Run the work with a store for each address, and a conversation of its own."""

    async def whole() -> object:
        endpoint = {"type": "bot.lock_store.RedisLocks"}
        stores = [LockStore.create(EndpointConfig(url, **endpoint)) for url in urls]
        assert all(isinstance(store, RedisLocks) for store in stores)
        try:
            return await asyncio.wait_for(work(uuid.uuid4().hex, *stores), 60)
        finally:
            for store in stores:
                await store.close()

    return asyncio.run(whole())


async def take_turns(name: str, *stores: RedisLocks) -> int:
    """Let many turns want one conversation at once; return the most that had it together."""
    inside = most = 0

    async def turn(store: RedisLocks) -> None:
        nonlocal inside, most
        async with store.lock(name, 30, 0.005):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.01)
            inside -= 1

    await asyncio.gather(*(turn(store) for store in stores for _ in range(6)))
    return most


class TestRedisLocks:
    def test_given_two_engines_then_one_at_a_time(self, client: redis.Redis) -> None:
        assert run(take_turns, URL, URL) == 1

    def test_given_redis_is_lost_then_one_at_a_time_within_an_engine(self) -> None:
        assert run(take_turns, NOWHERE) == 1
        assert run(take_turns, NOWHERE, NOWHERE) == 2

    def test_given_a_lock_given_back_then_its_keeper_ends_though_nobody_cancels_it(
        self, client: redis.Redis, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(lock_store, "EXTENDED_EVERY_SECONDS", 0.001)

        async def work(name: str, store: RedisLocks) -> None:
            lock = await store._taken(name, 30)
            keeping = asyncio.ensure_future(store._keep(lock))
            await asyncio.sleep(0.02)
            await store._give_back(lock)
            await asyncio.wait_for(keeping, 30)

        run(work, URL)

    def test_given_an_engine_that_died_then_its_lock_lapses(self, client: redis.Redis) -> None:
        async def work(name: str, store: RedisLocks) -> None:
            client.set(PREFIX + name, "a dead engine", px=100)
            async with store.lock(name, 30, 0.005):
                assert client.get(PREFIX + name) != b"a dead engine"
            assert client.get(PREFIX + name) is None

        run(work, URL)

    def test_given_a_long_turn_then_the_lock_is_extended(
        self, client: redis.Redis, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(lock_store, "EXTENDED_EVERY_SECONDS", 0.01)

        async def work(name: str, store: RedisLocks) -> None:
            async with store.lock(name, 30, 0.005):
                client.pexpire(PREFIX + name, 1500)
                while client.pttl(PREFIX + name) < 1600:  # noqa: ASYNC110 - no event there
                    await asyncio.sleep(0.01)

        run(work, URL)

    def test_given_a_turn_that_fails_then_the_next_one_begins(self, client: redis.Redis) -> None:
        async def work(name: str, store: RedisLocks) -> None:
            with pytest.raises(ValueError, match="no"):
                async with store.lock(name, 30, 0.005):
                    raise ValueError("no")
            async with store.lock(name, 30, 0.005):
                pass

        run(work, URL)
