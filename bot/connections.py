"""Keep the connection to the action server open (EndpointConfig of Rasa 3.6.21).

Rasa opens a session and a connection for each action: a twelfth of a turn here, and as much at
the other end. One session per endpoint stays open instead. An idle connection is given up sooner
than any server closes it, for a request on one that is just being closed would be lost.
"""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
from rasa.utils.endpoints import DEFAULT_REQUEST_TIMEOUT, EndpointConfig

from bot import carried

KEPT_OPEN_SECONDS = 2.0
"""Uvicorn and Sanic close an idle connection after five."""
KEPT = "_amends_kept_session"


class KeptSession:
    """Lends a session to `async with` and leaves it open."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self.session = session
        self.loop = asyncio.get_running_loop()

    @property
    def usable(self) -> bool:
        return not self.session.closed and self.loop is asyncio.get_running_loop()

    async def __aenter__(self) -> aiohttp.ClientSession:
        return self.session

    async def __aexit__(self, *error: object) -> None:
        return None


def _session(self: EndpointConfig) -> Any:
    kept: KeptSession | None = self.__dict__.get(KEPT)
    if kept is None or not kept.usable:
        kept = self.__dict__[KEPT] = KeptSession(_opened(self))
    return kept


def _opened(endpoint: EndpointConfig) -> aiohttp.ClientSession:
    auth = None
    if endpoint.basic_auth:
        auth = aiohttp.BasicAuth(endpoint.basic_auth["username"], endpoint.basic_auth["password"])
    return aiohttp.ClientSession(
        headers=endpoint.headers,
        auth=auth,
        timeout=aiohttp.ClientTimeout(total=DEFAULT_REQUEST_TIMEOUT),
        connector=aiohttp.TCPConnector(keepalive_timeout=KEPT_OPEN_SECONDS),
        trace_configs=[_carrying()],
    )


def _carrying() -> aiohttp.TraceConfig:
    """Let each call of an action carry the headers that its turn's request brought."""

    async def add_headers(_session: Any, _context: Any, begun: Any) -> None:
        begun.headers.update(carried.headers())

    config = aiohttp.TraceConfig()
    config.on_request_start.append(add_headers)
    return config


def apply() -> None:
    """Put the replacement in place; doing so twice changes nothing."""
    EndpointConfig.session = _session
