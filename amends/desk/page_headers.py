"""What browsers are told about the desk's pages: whose scripts run, and who may frame them.

Pages made on the server run the desk's own script files and nothing else. The console is NiceGUI's:
its page holds scripts of its own, which get a nonce of this very answer, and its components are
compiled in the browser, which needs `unsafe-eval`.
"""

import re
import secrets

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Scope, Send

from amends.wiring.https import STRICT_TRANSPORT

CONSOLE_PATH = "/"
_SCRIPT = re.compile(rb"<script(?=[\s>])")
_POLICY = (
    "default-src 'none'; script-src 'self'{scripts}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'{sockets}; manifest-src 'self'; "
    "frame-src 'self'; object-src 'none'; frame-ancestors 'none'; form-action 'self'; "
    "base-uri 'self'"
)
SAFE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def page_policy() -> str:
    """Return the policy of a page that was made on the server."""
    return _POLICY.format(scripts="", sockets="")


def console_policy(nonce: str, host: str) -> str:
    """Return the policy of the console: scripts with the nonce, and its live connection."""
    scripts = f" 'nonce-{nonce}' 'unsafe-eval'"
    return _POLICY.format(scripts=scripts, sockets=f" ws://{host} wss://{host}")


def with_headers(scope: Scope, send: Send, open_folders: tuple[str, ...]) -> Send:
    """Return a `send` that adds the headers to an answer, and the nonce to the console's page."""
    if scope["type"] == "http" and scope["path"] == CONSOLE_PATH:
        scope["headers"] = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
        return _Console(scope, send).send
    return with_page_headers(scope, send, open_folders)


def with_page_headers(scope: Scope, send: Send, open_folders: tuple[str, ...] = ()) -> Send:
    """Return a `send` that adds the headers of a page without scripts of its own."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = _add(scope, message, page_policy())
            if not scope["path"].startswith(open_folders):
                headers["Cache-Control"] = "no-store"
        await send(message)

    return sending


def _add(scope: Scope, message: Message, policy: str) -> MutableHeaders:
    headers = MutableHeaders(scope=message)
    for name, value in SAFE.items():
        headers.setdefault(name, value)
    headers.setdefault("Content-Security-Policy", policy)
    if scope.get("scheme") == "https":
        headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
    return headers


class _Console:
    """Holds the console's page back until it is whole, and marks its scripts as ours."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._nonce = secrets.token_urlsafe(16)
        self._start: Message = {}
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        if message["type"] != "http.response.body":
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if not message.get("more_body"):
            await self._finish()

    async def _finish(self) -> None:
        body = _SCRIPT.sub(f'<script nonce="{self._nonce}"'.encode(), self._body)
        host = dict(self._scope["headers"]).get(b"host", b"").decode("latin-1")
        headers = _add(self._scope, self._start, console_policy(self._nonce, host))
        headers["Cache-Control"] = "no-store"
        if "content-length" in headers:
            headers["content-length"] = str(len(body))
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": body, "more_body": False})
