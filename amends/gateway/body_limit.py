"""How much a request may hold: the body is counted while it is being read."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from amends.gateway.errors import BodyTooLarge, BodyTooSlow, GatewayError

BODY_SECONDS = 15.0
DRAINED_BYTES = 1_048_576
DRAIN_SECONDS = 1.0


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
