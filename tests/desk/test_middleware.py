"""The live connection asks for a session as the pages do."""

from typing import Any

import pytest

from amends.desk.middleware import StaffOnly
from amends.desk.speech import spoken
from amends.handoff.model import StaffMember, StaffRole


class NoSessions:
    async def who(self, token: str) -> None:
        return None


class OneSession:
    def __init__(self, **facts: Any) -> None:
        self._member = StaffMember("s-ana", "ana", "Ana", StaffRole.AGENT, **facts)

    async def who(self, token: str) -> StaffMember | None:
        return self._member if token == "right" else None


async def reach(
    path: str,
    kind: str = "websocket",
    sessions: Any = None,
    required: bool = False,
    query: bytes = b"",
    **headers: str,
) -> tuple[bool, list[Any]]:
    reached, sent = False, []

    async def inside(scope: Any, receive: Any, send: Any) -> None:
        nonlocal reached
        reached = True

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": kind, "path": path, "method": "GET", "headers": raw, "query_string": query}
    door = StaffOnly(inside, sessions or NoSessions(), second_factor_required=required)
    await door(scope, receive, send)  # type: ignore[arg-type]
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


@pytest.mark.parametrize(
    "path",
    ["/healthz", "/readyz", "/metrics", "/sign-in", "/sign-in/code", "/desk-static/base.css"],
)
async def test_given_open_path_then_reached_without_a_session(path: str) -> None:
    reached, _ = await reach(path, "http")

    assert reached


def led_to(sent: list[Any]) -> str:
    headers = dict(sent[0]["headers"])
    return headers.get(b"location", b"").decode()


MADE = {"password_is_made": True}
HTML: dict[str, str] = {"accept": "text/html", "cookie": "amends_desk=right"}
LIVE = "/_nicegui_ws/socket.io/"


class TestFirstThings:
    @pytest.mark.parametrize(
        ("facts", "required", "instead"),
        [
            (MADE, False, "/password"),
            (MADE, True, "/password"),
            ({}, True, "/second-factor"),
        ],
        ids=["made password", "both", "second factor"],
    )
    async def test_given_something_to_do_first_then_that_page_alone_is_reached(
        self, facts: dict[str, Any], required: bool, instead: str
    ) -> None:
        sessions = OneSession(**facts)

        for path in ("/", "/admin/staff", "/cases", f"{instead}/x"):
            reached, sent = await reach(path, "http", sessions, required, **HTML)
            assert (reached, led_to(sent)) == (False, instead), path
        for path in (instead, "/sign-out", "/language"):
            reached, _ = await reach(path, "http", sessions, required, **HTML)
            assert reached, path
        reached, sent = await reach(LIVE, "websocket", sessions, required, **HTML)
        assert (reached, sent) == (False, [{"type": "websocket.close", "code": 4401}])

    @pytest.mark.parametrize(
        ("facts", "required"), [({}, False), ({"has_second_factor": True}, True)]
    )
    async def test_given_nothing_to_do_first_then_everything_is_reached(
        self, facts: dict[str, Any], required: bool
    ) -> None:
        for path, kind in (("/", "http"), (LIVE, "websocket")):
            reached, _ = await reach(path, kind, OneSession(**facts), required, **HTML)
            assert reached, path


class TestLanguage:
    @pytest.mark.parametrize(
        ("path", "accepts", "heard"),
        [
            ("/", "en", "zh"),
            ("/sign-in", "zh-CN,zh;q=0.9,en;q=0.8", "zh"),
            ("/sign-in", "de, en;q=0.7, zh;q=0.3", "en"),
            ("/sign-in", "en;q=0.2, zh;q=0.9", "zh"),
            ("/sign-in", "fr", "en"),
            ("/sign-in", "zh;q=nonsense,;,", "en"),
        ],
    )
    async def test_given_member_or_browser_then_the_page_speaks_their_language(
        self, path: str, accepts: str, heard: str
    ) -> None:
        said: list[str] = []

        async def inside(scope: Any, receive: Any, send: Any) -> None:
            said.append(spoken())

        raw = [(name.encode(), value.encode()) for name, value in HTML.items()]
        raw.append((b"accept-language", accepts.encode()))
        scope = {"type": "http", "path": path, "method": "GET", "headers": raw}
        await StaffOnly(inside, OneSession(language="zh"))(scope, None, None)  # type: ignore[arg-type]

        assert said == [heard]
        assert spoken() == "en"


@pytest.mark.parametrize(("path", "query"), [("/cases/A\0", b""), ("/cases", b"q=%00")])
async def test_given_a_nul_in_the_address_then_one_sentence(path: str, query: bytes) -> None:
    reached, sent = await reach(path, "http", OneSession(), query=query, cookie="amends_desk=right")

    assert not reached
    assert sent[0]["status"] == 400
    assert b"NUL" in sent[1]["body"]
