"""Which of several gateways drives a conversation: redis-py's own lock, one for each conversation.

A lock lapses soon after its process died, and is extended for as long as a turn goes on. Where
Redis is lost, each gateway drives what it finds; ADR 0013 says why no harm comes of it.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from redis.asyncio.lock import Lock
from redis.exceptions import LockError

from amends.wiring.redis_link import ANSWER_SECONDS, RedisLink, RedisLost

log = structlog.get_logger()

PREFIX = "amends:turn:"
LIFETIME_SECONDS = 5.0
"""So long a conversation rests after the gateway that drove it was killed."""

EXTENDED_EVERY_SECONDS = 1.5
POLL_SECONDS = 0.05


class RedisTurnLock:
    """Implements the TurnLock port of the conversations room."""

    def __init__(self, link: RedisLink, lifetime_seconds: float = LIFETIME_SECONDS) -> None:
        self._link = link
        self._lifetime_seconds = lifetime_seconds

    @asynccontextmanager
    async def hold(self, conversation_id: str, wait_seconds: float) -> AsyncIterator[bool]:
        lock = self._link.client.lock(
            f"{PREFIX}{conversation_id}",
            timeout=self._lifetime_seconds,
            sleep=POLL_SECONDS,
            thread_local=False,
        )
        held = await self._acquire(lock, wait_seconds)
        if held is None or not held:
            yield held is None
            return
        keeping = asyncio.create_task(self._keep(lock, conversation_id))
        try:
            yield True
        finally:
            keeping.cancel()
            await self._release(lock)

    async def _acquire(self, lock: Lock, wait_seconds: float) -> bool | None:
        """Return whether the lock is ours; None where nobody can say."""
        try:
            return await self._link.ask(
                lambda _: lock.acquire(blocking=wait_seconds > 0, blocking_timeout=wait_seconds),
                wait_seconds + ANSWER_SECONDS,
            )
        except RedisLost:
            return None

    async def _keep(self, lock: Lock, conversation_id: str) -> None:
        """Extend the lock until cancelled; a turn goes on without it should it be lost."""
        while True:
            await asyncio.sleep(EXTENDED_EVERY_SECONDS)
            try:
                await self._link.ask(
                    lambda _: lock.extend(self._lifetime_seconds, replace_ttl=True)
                )
            except RedisLost:
                continue
            except LockError:
                log.warning("conversations.lock.lapsed", conversation_id=conversation_id)
                return

    async def _release(self, lock: Lock) -> None:
        try:
            await self._link.ask_anyway(lambda _: lock.release())
        except (RedisLost, LockError):
            return  # it lapses, or has lapsed, by itself
