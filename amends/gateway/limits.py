"""How often something may be asked for: a token bucket for each key.

Where there is Redis the buckets are there, and the limits hold over all gateways. While it is lost
each gateway counts by itself.
"""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass

from amends.gateway.errors import TooManyMessages
from amends.wiring.redis_link import RedisLink, RedisLost

PREFIX = "amends:limit:"

TAKE = """
local per_second, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local clock = redis.call('TIME')
local now = clock[1] + clock[2] / 1e6
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local since = math.max(0, now - (tonumber(kept[2]) or now))
local tokens = math.min(burst, (tonumber(kept[1]) or burst) + since * per_second)
if tokens < 1 then return tostring((1 - tokens) / per_second) end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens - 1), 'at', string.format('%.6f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil((burst - tokens + 1) / per_second * 1000))
return '0'
"""
"""As `Buckets.take`, by the clock of Redis; a bucket is forgotten once it would be full again."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, refilled evenly."""

    per_second: float
    burst: int

    @classmethod
    def per_minute(cls, count: int) -> "Rate":
        return cls(count / 60, count)


class Buckets:
    """One process's buckets, one per key. Buckets that are full again are forgotten."""

    MOST_KEYS = 20_000

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}  # key: tokens, at

    def take(self, key: str) -> float:
        """Take one token of the key; return how many seconds are missing to one, 0 if it is had."""
        now = self._clock()
        tokens = self._tokens(key, now)
        if tokens < 1:
            return (1 - tokens) / self._rate.per_second
        if len(self._buckets) >= self.MOST_KEYS:
            self._forget_full(now)
        self._buckets[key] = (tokens - 1, now)
        return 0.0

    def _tokens(self, key: str, now: float) -> float:
        tokens, at = self._buckets.get(key, (float(self._rate.burst), now))
        return min(self._rate.burst, tokens + (now - at) * self._rate.per_second)

    def _forget_full(self, now: float) -> None:
        self._buckets = {
            key: bucket
            for key, bucket in self._buckets.items()
            if self._tokens(key, now) < self._rate.burst
        }


class RateLimiter:
    """Limits one kind of request, over all gateways where they share a Redis."""

    def __init__(self, kind: str, rate: Rate, link: RedisLink | None = None) -> None:
        self._kind = kind
        self._rate = rate
        self._link = link
        self._here = Buckets(rate)
        self._script = link.client.register_script(TAKE) if link else None

    async def take(self, key: str) -> None:
        """Take one token of the key.

        Raises:
            TooManyMessages: The bucket is empty.
        """
        missing_seconds = await self._take(key)
        if missing_seconds > 0:
            raise TooManyMessages(missing_seconds)

    async def _take(self, key: str) -> float:
        script = self._script
        if self._link is None or script is None:
            return self._here.take(key)
        # Hashed, for a key may be an address of a customer.
        name = f"{PREFIX}{self._kind}:{hashlib.sha256(key.encode()).hexdigest()}"
        rate = [self._rate.per_second, self._rate.burst]
        try:
            return float(await self._link.ask(lambda _: script(keys=[name], args=rate)))
        except RedisLost:
            return self._here.take(key)
