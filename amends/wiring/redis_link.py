"""One process's way to Redis, and whether there is one just now.

redis-py is imported only where it is used: it takes a third of a second.

    RedisLost
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from redis.asyncio import Redis

log = structlog.get_logger()

CONNECT_SECONDS = 0.5
ANSWER_SECONDS = 1.0
"""A healthy Redis answers in a millisecond; a customer waits for what is asked here."""

PAUSE_SECONDS = 1.0
"""For so long after a failure nobody asks again, so that a Redis that hangs slows down few."""


class RedisLost(Exception):
    """Redis cannot be asked; whoever asked goes on without it."""


class RedisLink:
    """Asks Redis, or says at once that it is lost; a change between the two is logged."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        from redis.asyncio import Redis
        from redis.asyncio.retry import Retry
        from redis.backoff import NoBackoff

        # One new try, without a pause: after a restart of Redis the connections kept are dead.
        self.client = Redis.from_url(
            url,
            decode_responses=True,
            socket_connect_timeout=CONNECT_SECONDS,
            socket_timeout=ANSWER_SECONDS,
            retry=Retry(NoBackoff(), 1),
        )
        self._clock = clock
        self._lost_at: float | None = None
        self.missing = ""

    @property
    def lost_just_now(self) -> bool:
        return self._lost_at is not None and self._clock() - self._lost_at < PAUSE_SECONDS

    async def ask[T](
        self, call: Callable[["Redis"], Awaitable[T]], seconds: float = ANSWER_SECONDS
    ) -> T:
        """Return Redis's answer.

        Raises:
            RedisLost: There is none; or there was none a moment ago.
            LockError: Redis says that a lock is not ours.
        """
        if self.lost_just_now:
            raise RedisLost(self.missing)
        return await self.ask_anyway(call, seconds)

    async def why_missing(self) -> str | None:
        """Ask, whatever was found a moment ago, and return what is missing."""
        try:
            await self.ask_anyway(_ping)
        except RedisLost as lost:
            return str(lost)
        return None

    async def close(self) -> None:
        await self.client.aclose()

    async def ask_anyway[T](
        self, call: Callable[["Redis"], Awaitable[T]], seconds: float = ANSWER_SECONDS
    ) -> T:
        """Ask as `ask` does, whatever was found a moment ago: what is kept must be given back."""
        from redis.exceptions import LockError, RedisError

        try:
            async with asyncio.timeout(seconds):
                answer = await call(self.client)
        except LockError:
            self._find()
            raise
        except (RedisError, OSError, TimeoutError) as error:
            self._lose(error)
            raise RedisLost(self.missing) from error
        self._find()
        return answer

    def _lose(self, error: Exception) -> None:
        self.missing = (
            f"Redis cannot be asked ({type(error).__name__}); each gateway goes on by itself"
        )
        if self._lost_at is None:
            log.error("redis.link.lost", error=type(error).__name__)
        self._lost_at = self._clock()

    def _find(self) -> None:
        if self._lost_at is not None:
            log.info("redis.link.back")
        self._lost_at, self.missing = None, ""


async def _ping(redis: "Redis") -> Any:
    return await redis.ping()
