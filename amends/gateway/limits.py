"""Limits: how often (token bucket) and how much (body size, while it is being read)."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from amends.gateway.errors import BodyTooLarge, BodyTooSlow, GatewayError, TooManyMessages

BODY_SECONDS = 15.0
DRAINED_BYTES = 1_048_576
DRAIN_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, refilled evenly."""

    per_second: float
    burst: int

    @classmethod
    def per_minute(cls, count: int) -> "Rate":
        return cls(count / 60, count)


class RateLimiter:
    """One bucket per key. Buckets that are full again are forgotten."""

    MOST_KEYS = 20_000

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}  # key: tokens, at

    def take(self, key: str) -> None:
        """Take one token of the key.

        Raises:
            TooManyMessages: The bucket is empty.
        """
        now = self._clock()
        tokens = self._tokens(key, now)
        if tokens < 1:
            raise TooManyMessages((1 - tokens) / self._rate.per_second)
        if len(self._buckets) >= self.MOST_KEYS:
            self._forget_full(now)
        self._buckets[key] = (tokens - 1, now)

    def _tokens(self, key: str, now: float) -> float:
        tokens, at = self._buckets.get(key, (float(self._rate.burst), now))
        return min(self._rate.burst, tokens + (now - at) * self._rate.per_second)

    def _forget_full(self, now: float) -> None:
        self._buckets = {
            key: bucket
            for key, bucket in self._buckets.items()
            if self._tokens(key, now) < self._rate.burst
        }


class BodyLimit:
    """ASGI middleware: reads the body up to the limit, then hands it on in one piece."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        try:
            body = await self._read(scope, receive)
        except GatewayError as error:
            await _drain(receive)
            await error.response()(scope, receive, send)
            return
        if body is not None:  # None: the client went away
            await self._app(scope, _replay(body, receive), send)

    async def _read(self, scope: Scope, receive: Receive) -> bytes | None:
        if _declared_length(scope) > self._limit:
            raise BodyTooLarge(self._limit)
        body, more = bytearray(), True
        try:
            async with asyncio.timeout(BODY_SECONDS):
                while more:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        return None
                    body += message.get("body", b"")
                    if len(body) > self._limit:
                        raise BodyTooLarge(self._limit)
                    more = message.get("more_body", False)
        except TimeoutError:
            raise BodyTooSlow from None
        return bytes(body)


def _declared_length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


async def _drain(receive: Receive) -> None:
    """Read a little of what still comes: a closed socket with unread data loses our answer."""
    read = 0
    try:
        async with asyncio.timeout(DRAIN_SECONDS):
            while read < DRAINED_BYTES:
                message = await receive()
                read += len(message.get("body", b""))
                if message["type"] == "http.disconnect" or not message.get("more_body"):
                    return
    except TimeoutError:
        return


def _replay(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def once() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return once
