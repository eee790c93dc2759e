"""A company's refund system on a free port, with all the bad days one can have.

    with payment_server() as server:
        server.plan = [Busy(500), Drop(), Settle()]

It keeps to the contract of `docs/how-to/connect-your-refund-system.md` by code of its own: it
checks each signature, and does each idempotency key once. `moved` counts how often money moved for
a remedy.
"""

import base64
import hashlib
import hmac
import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

import httpx

from tests.support.http_server import listening

KEY = b"a key of thirty-two bytes, for us"[:32]
SECRET = "whsec_" + base64.b64encode(KEY).decode()


@dataclass(frozen=True)
class Settle:
    """Do it at once."""

    status = "settled"


@dataclass(frozen=True)
class Pend:
    """Take it on; what comes of it is told by `call_back`."""

    status = "pending"


@dataclass(frozen=True)
class Refuse:
    """Never do it."""

    code: int = 422
    body: bytes = b'{"status": "refused", "reason": "the account is closed"}'


@dataclass(frozen=True)
class Busy:
    """Answer with a status, before or after the work was done."""

    code: int = 500
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b"<html>busy</html>"
    acts: bool = False


@dataclass(frozen=True)
class Drop:
    """Break the connection, before or after the work was done."""

    acts: bool = True


@dataclass(frozen=True)
class Slow:
    """Do it, but let the caller wait."""

    seconds: float


@dataclass(frozen=True)
class Trickle:
    """Do it, and answer one byte after the other without end."""


Day = Settle | Pend | Refuse | Busy | Drop | Slow | Trickle


@dataclass(frozen=True)
class Request:
    key: str
    body: dict[str, Any]
    raw: bytes
    headers: dict[str, str]


@dataclass
class PaymentServer:
    """`plan` is met one request after the other, then every day is a good one."""

    url: str = ""
    plan: list[Day] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    moved: Counter[str] = field(default_factory=Counter)
    complaints: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    _done: dict[str, tuple[bytes, int, bytes]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, request: Request) -> tuple[Day, int, bytes]:
        """Return what kind of day it is, and the answer to this request."""
        with self._lock:
            self.requests.append(request)
            day = self.plan.pop(0) if self.plan else Settle()
            if not _is_signed(request):
                self.complaints.append(f"{request.key}: wrong signature")
                return Settle(), 401, b"{}"
            if isinstance(day, Busy | Drop) and not day.acts:
                return day, getattr(day, "code", 0), getattr(day, "body", b"")
            code, body = self._once(request, day)
            return (day, day.code, day.body) if isinstance(day, Busy) else (day, code, body)

    def _once(self, request: Request, day: Day) -> tuple[int, bytes]:
        """Do a key once; asked again, answer the same."""
        known = self._done.get(request.key)
        if known is None:
            known = (request.raw, *self._act(request, day))
            self._done[request.key] = known
        if known[0] != request.raw:
            self.complaints.append(f"{request.key}: another request under the same key")
        return known[1], known[2]

    def _act(self, request: Request, day: Day) -> tuple[int, bytes]:
        if isinstance(day, Refuse):
            return day.code, day.body
        status = getattr(day, "status", "settled")
        if status == "settled":
            self.moved[request.body["remedy_id"]] += 1
        reference = f"PAY-{len(self._done) + 1}"
        return 200, json.dumps({"status": status, "reference": reference}).encode()

    def call_back(
        self, client: httpx.Client, at: float, remedy_id: str, status: str, **more: Any
    ) -> httpx.Response:
        """Tell at a moment what became of a remedy, as the company's system would."""
        if status == "settled" and not self.moved[remedy_id]:
            self.moved[remedy_id] += 1
        body = json.dumps({"remedy_id": remedy_id, "status": status, **more}).encode()
        headers = signed(body, at) | {"Content-Type": "application/json"}
        return client.post("/api/payments/callbacks", content=body, headers=headers)


def signed(body: bytes, at: float, key: bytes = KEY) -> dict[str, str]:
    """Return the headers of a signed message, made by hand."""
    message_id, seconds = "msg-1", str(int(at))
    return {
        "webhook-id": message_id,
        "webhook-timestamp": seconds,
        "webhook-signature": f"v1,{_signature(message_id, seconds, body, key)}",
    }


def _is_signed(request: Request) -> bool:
    heads = request.headers
    wanted = _signature(heads["webhook-id"], heads["webhook-timestamp"], request.raw, KEY)
    return heads["webhook-signature"] == f"v1,{wanted}" and heads["webhook-id"] == request.key


def _signature(message_id: str, seconds: str, body: bytes, key: bytes) -> str:
    made = hmac.new(key, f"{message_id}.{seconds}.".encode() + body, hashlib.sha256)
    return base64.b64encode(made.digest()).decode()


@contextmanager
def payment_server() -> Iterator[PaymentServer]:
    """Serve on a free port of this machine until the end of the block."""
    server = PaymentServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            heads = {name.lower(): value for name, value in self.headers.items()}
            request = Request(heads.get("idempotency-key", ""), json.loads(raw), raw, heads)
            _reply(self, server, *server.answer(request))

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    with listening(Handler, server.over) as port:
        server.url = f"http://127.0.0.1:{port}/remedies"
        yield server


def _reply(
    handler: BaseHTTPRequestHandler, server: PaymentServer, day: Day, code: int, body: bytes
) -> None:
    if isinstance(day, Drop):
        handler.close_connection = True
        return
    if isinstance(day, Slow):
        server.over.wait(day.seconds)
    try:
        handler.send_response(code)
        for name, value in getattr(day, "headers", ()):
            handler.send_header(name, value)
        if not isinstance(day, Trickle):
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)
        while isinstance(day, Trickle) and not server.over.wait(0.01):
            handler.wfile.write(b" ")
    except OSError:
        handler.close_connection = True  # the caller has lost patience
