"""The live connection asks for a session as the pages do."""

from typing import Any

import pytest

from amends.desk.middleware import StaffOnly


class NoSessions:
    async def who(self, token: str) -> None:
        return None


async def reach(path: str, kind: str = "websocket", **headers: str) -> tuple[bool, list[Any]]:
    reached, sent = False, []

    async def inside(scope: Any, receive: Any, send: Any) -> None:
        nonlocal reached
        reached = True

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": kind, "path": path, "method": "GET", "headers": raw, "query_string": b""}
    await StaffOnly(inside, NoSessions())(scope, receive, send)  # type: ignore[arg-type]
    return reached, sent


@pytest.mark.parametrize("cookie", ["", "amends_desk=made-up", "amends_desk", '"; amends_desk='])
async def test_given_no_valid_session_then_the_live_connection_is_closed(cookie: str) -> None:
    reached, sent = await reach("/_nicegui_ws/socket.io/", cookie=cookie)

    assert not reached
    assert sent == [{"type": "websocket.close", "code": 4401}]


async def test_given_connection_from_another_site_then_closed_before_any_look_at_the_session() -> (
    None
):
    reached, _ = await reach("/healthz", host="desk.local", origin="https://elsewhere.example")

    assert not reached


@pytest.mark.parametrize("path", ["/healthz", "/sign-in", "/desk-static/base.css"])
async def test_given_open_path_then_reached_without_a_session(path: str) -> None:
    reached, _ = await reach(path, "http")

    assert reached
