"""Headers of a request go on to its actions, and its steps are timed."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web
from rasa.utils.endpoints import EndpointConfig

from bot import carried, connections


@pytest.fixture(autouse=True)
def _patched() -> None:
    connections.apply()


async def headers_of_a_call(brought: dict[str, str]) -> dict[str, str]:
    """Return the headers with which an action is called within a request that brought these."""
    seen: list[dict[str, str]] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(dict(request.headers))
        return web.json_response({})

    app = web.Application()
    app.router.add_post("/webhook", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]
    carried.begin(brought)
    endpoint = EndpointConfig(f"http://127.0.0.1:{port}/webhook")
    # As in a turn: in a task of its own.
    await asyncio.wait_for(endpoint.request(method="post", json={}), 5)
    await endpoint.session().session.close()
    await runner.cleanup()
    return seen[0]


def test_given_a_request_with_ids_then_its_action_gets_them() -> None:
    brought = {"X-Request-ID": "req-1", "traceparent": "00-a-b-01", "Cookie": "secret"}

    found = asyncio.run(headers_of_a_call(brought))

    assert found["X-Request-ID"] == "req-1"
    assert found["traceparent"] == "00-a-b-01"
    assert "Cookie" not in found


def test_given_none_or_one_far_too_long_then_nothing_is_carried() -> None:
    found = asyncio.run(headers_of_a_call({"X-Request-ID": "x" * 500}))

    assert "X-Request-ID" not in found


def test_given_steps_then_each_has_begin_and_length() -> None:
    carried.begin({})
    with carried.step("load"):
        pass
    with pytest.raises(ValueError, match="x"), carried.step("predict"):
        raise ValueError("x")

    assert [step[0] for step in carried.steps()] == ["load", "predict"]
    assert all(after >= 0 and seconds >= 0 for _, after, seconds in carried.steps())
