"""Nobody reaches the desk, its live connection included, without a session."""

from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from amends.audit.acting import acting_as
from amends.desk.page_headers import with_headers, with_page_headers
from amends.desk.session import COOKIE, Sessions
from amends.desk.speech import speaking, wanted
from amends.handoff.model import StaffMember

CODE_PATH = "/sign-in/code"
PASSWORD_PATH, SECOND_FACTOR_PATH = "/password", "/second-factor"
OPEN_PATHS = frozenset({"/healthz", "/readyz", "/metrics", "/sign-in", CODE_PATH})
OPEN_FOLDERS = ("/desk-static/", "/_nicegui/")  # program files of the pages: nothing of a case
ALWAYS_PATHS = frozenset({"/sign-out", "/language"})
"""Open to whoever is signed in, also while something has to be set up first."""

_NO_NUL = "This address holds a NUL character, which no text here has. Please take it out."


class StaffOnly:
    """Lets signed-in staff through and leaves them in `scope["state"]`.

    Whoever has to choose a password, or to set a second factor up, reaches that page alone. What is
    said meanwhile is said in the person's language, at the door in the browser's.
    """

    def __init__(
        self, app: ASGIApp, sessions: Sessions, *, second_factor_required: bool = False
    ) -> None:
        self._app = app
        self._sessions = sessions
        self._second_factor_required = second_factor_required

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        if scope["type"] == "http" and _holds_nul(scope):
            refused = PlainTextResponse(_NO_NUL, status_code=400)
            await refused(scope, receive, with_page_headers(scope, send))
            return
        if not _same_site(scope):
            await _refuse(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if _is_open(scope["path"]):
            with speaking(wanted(headers.get("accept-language", ""))):
                await self._app(scope, receive, with_headers(scope, send, OPEN_FOLDERS))
            return
        token = session_token(headers)
        member = await self._sessions.who(token) if token else None
        if member is None:
            await _refuse(scope, receive, send)
            return
        first = self._to_do_first(member)
        if first and scope["path"] not in {first, *ALWAYS_PATHS}:
            await _refuse(scope, receive, send, first)
            return
        scope.setdefault("state", {}).update(staff=member, token=token)
        with speaking(member.language), acting_as(member.id):
            await self._app(scope, receive, with_headers(scope, send, OPEN_FOLDERS))

    def _to_do_first(self, member: StaffMember) -> str | None:
        if member.password_is_made:
            return PASSWORD_PATH
        if self._second_factor_required and not member.has_second_factor:
            return SECOND_FACTOR_PATH
        return None


def session_token(headers: Headers) -> str | None:
    cookies: SimpleCookie = SimpleCookie()
    try:
        cookies.load(headers.get("cookie", ""))
    except CookieError:
        return None
    return cookies[COOKIE].value if COOKIE in cookies else None


def _holds_nul(scope: Scope) -> bool:
    """Whether the address holds a character that PostgreSQL has no text with."""
    return "\0" in scope["path"] or b"%00" in scope.get("query_string", b"")


def _is_open(path: str) -> bool:
    return path in OPEN_PATHS or path.startswith(OPEN_FOLDERS)


def _same_site(scope: Scope) -> bool:
    """Whether a request that may change something comes from the desk's own pages."""
    if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
        return True
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")


async def _refuse(scope: Scope, receive: Receive, send: Send, instead: str = "/sign-in") -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 4401})
        return
    send = with_page_headers(scope, send)
    if scope["method"] == "GET" and "text/html" in Headers(scope=scope).get("accept", ""):
        await RedirectResponse(instead, status_code=303)(scope, receive, send)
    else:
        await PlainTextResponse("Please sign in.", status_code=401)(scope, receive, send)
