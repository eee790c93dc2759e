"""Rasa's lock store (3.6.21) on Redis, for several engines: one of them at a time takes a turn of
a conversation. `endpoints.yml` names it, `amends up` writes it there where AMENDS_REDIS_URL is set.

Rasa's own store on Redis keeps a dead engine's ticket until its time is up, a minute here, for a
ticket must outlive the longest turn; and two engines that take tickets at the same moment lose
one. Here redis-py's lock is taken instead, which lapses in seconds and is extended while the turn
goes on. Within one engine turns queue as ever, also while Redis is lost.

`tests/bot/test_lock_store.py` runs two stores against each other.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from rasa.core.lock_store import LOCK_LIFETIME, InMemoryLockStore, LockStore
from rasa.utils.endpoints import EndpointConfig
from redis.asyncio import Redis
from redis.asyncio.lock import Lock
from redis.exceptions import LockError, RedisError

logger = logging.getLogger(__name__)

PREFIX = "amends:engine:"
LIFETIME_SECONDS = 3.0
EXTENDED_EVERY_SECONDS = 1.0
POLL_SECONDS = 0.02
ANSWER_SECONDS = 1.0
PAUSE_SECONDS = 1.0
"""For so long after a failure Redis is not asked again."""


class RedisLocks(LockStore):
    """One lock per conversation, over all engines that name the same Redis."""

    def __init__(self, endpoint_config: EndpointConfig) -> None:
        self._redis = Redis.from_url(
            endpoint_config.url,
            socket_connect_timeout=ANSWER_SECONDS / 2,
            socket_timeout=ANSWER_SECONDS,
        )
        self._here = InMemoryLockStore()
        self._lost_at: float | None = None

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = 1,
    ) -> AsyncGenerator[Any, None]:
        """Wait for the conversation's turn within this engine, then among all engines."""
        async with self._here.lock(conversation_id, lock_lifetime, wait_time_in_seconds) as ticket:
            lock = await self._taken(conversation_id, lock_lifetime)
            keeping = asyncio.ensure_future(self._keep(lock)) if lock else None
            try:
                yield ticket
            finally:
                if lock and keeping:
                    keeping.cancel()
                    await self._give_back(lock)

    async def close(self) -> None:
        await self._redis.close()

    async def _taken(self, conversation_id: str, wait_seconds: float) -> Lock | None:
        """Wait for the lock and return it; None while Redis is lost, or should it never come."""
        if self._lost_at is not None and time.monotonic() - self._lost_at < PAUSE_SECONDS:
            return None
        lock = self._redis.lock(
            PREFIX + conversation_id,
            timeout=LIFETIME_SECONDS,
            sleep=POLL_SECONDS,
            blocking_timeout=wait_seconds,
            thread_local=False,
        )
        return lock if await self._ask(lock.acquire, wait_seconds + ANSWER_SECONDS) else None

    async def _keep(self, lock: Lock) -> None:
        """Extend the lock until it is given back; Python 3.10 may lose the cancellation."""
        await asyncio.sleep(EXTENDED_EVERY_SECONDS)
        while lock.local.token is not None:
            await self._ask(lambda: lock.extend(LIFETIME_SECONDS, replace_ttl=True))
            await asyncio.sleep(EXTENDED_EVERY_SECONDS)

    async def _give_back(self, lock: Lock) -> None:
        await self._ask(lock.release)

    async def _ask(
        self, question: Callable[[], Awaitable[Any]], seconds: float = ANSWER_SECONDS
    ) -> Any:
        """Return Redis's answer, None where there is none; the turn goes on in any case."""
        try:
            found = await asyncio.wait_for(question(), seconds)
        except LockError:
            logger.warning("amends.lock.lapsed")
            return None
        except (RedisError, OSError, asyncio.TimeoutError) as error:
            if self._lost_at is None:
                logger.error("amends.redis.lost type=%s", type(error).__name__)
            self._lost_at = time.monotonic()
            return None
        self._lost_at = None
        return found
