"""One connection to the action server serves many actions, and a new one follows a lost one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from rasa.utils.endpoints import EndpointConfig

from bot import connections


@pytest.fixture(autouse=True)
def patched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EndpointConfig, "session", connections._session)


async def with_server(check: Callable[[EndpointConfig, set[object]], Awaitable[None]]) -> None:
    peers: set[object] = set()

    async def answer(request: web.Request) -> web.Response:
        assert request.transport is not None
        peers.add(request.transport.get_extra_info("peername"))
        return web.json_response({"auth": request.headers.get("Authorization")})

    app = web.Application()
    app.router.add_post("/webhook", answer)
    server = TestServer(app)
    await server.start_server()
    endpoint = EndpointConfig(
        str(server.make_url("/webhook")), basic_auth={"username": "u", "password": "p"}
    )
    try:
        await check(endpoint, peers)
    finally:
        async with endpoint.session() as session:
            await session.close()
        await server.close()


def test_given_several_requests_then_one_connection_and_the_credentials_each_time() -> None:
    async def check(endpoint: EndpointConfig, peers: set[object]) -> None:
        answers = [await endpoint.request(json={"n": n}) for n in range(5)]

        assert len(peers) == 1
        assert {answer["auth"] for answer in answers} == {"Basic dTpw"}

    asyncio.run(with_server(check))


def test_given_session_closed_then_the_next_request_opens_another() -> None:
    async def check(endpoint: EndpointConfig, peers: set[object]) -> None:
        await endpoint.request(json={})
        async with endpoint.session() as session:
            await session.close()

        await endpoint.request(json={})

        assert len(peers) == 2

    asyncio.run(with_server(check))


def test_given_another_event_loop_then_a_session_of_its_own() -> None:
    endpoint = EndpointConfig("http://127.0.0.1:9")

    async def lend() -> object:
        async with endpoint.session() as session:
            await session.close()
            return session

    assert asyncio.run(lend()) is not asyncio.run(lend())
