"""Nobody reaches the desk, its live connection included, without a session."""

from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from amends.desk.session import COOKIE, Sessions

OPEN_PATHS = frozenset({"/healthz", "/sign-in"})
OPEN_FOLDERS = ("/desk-static/", "/_nicegui/")  # program files of the pages: nothing of a case

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self' ws: wss:; "
        "frame-ancestors 'none'; form-action 'self'; base-uri 'self'"
    ),
}


class StaffOnly:
    """Lets signed-in staff through and leaves them in `scope["state"]`."""

    def __init__(self, app: ASGIApp, sessions: Sessions) -> None:
        self._app = app
        self._sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        if not _same_site(scope):
            await _refuse(scope, receive, send)
            return
        if not _is_open(scope["path"]):
            token = session_token(Headers(scope=scope))
            member = await self._sessions.who(token) if token else None
            if member is None:
                await _refuse(scope, receive, send)
                return
            scope.setdefault("state", {}).update(staff=member, token=token)
        await self._app(scope, receive, _with_headers(scope, send))


def session_token(headers: Headers) -> str | None:
    cookies: SimpleCookie = SimpleCookie()
    try:
        cookies.load(headers.get("cookie", ""))
    except CookieError:
        return None
    return cookies[COOKIE].value if COOKIE in cookies else None


def _is_open(path: str) -> bool:
    return path in OPEN_PATHS or path.startswith(OPEN_FOLDERS)


def _same_site(scope: Scope) -> bool:
    """Whether a request that may change something comes from the desk's own pages."""
    if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
        return True
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 4401})
    elif scope["method"] == "GET" and "text/html" in Headers(scope=scope).get("accept", ""):
        await RedirectResponse("/sign-in", status_code=303)(scope, receive, send)
    else:
        await PlainTextResponse("Please sign in.", status_code=401)(scope, receive, send)


def _with_headers(scope: Scope, send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            if not scope["path"].startswith(OPEN_FOLDERS):
                headers["Cache-Control"] = "no-store"
        await send(message)

    return sending
