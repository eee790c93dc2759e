"""Another system that hears of events, and checks each signature by code of its own.

with webhook_server() as hooks:
    hooks.plan["/crm"] = [Reply(500)]
"""

import base64
import hashlib
import hmac
import json
import ssl
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.support.http_server import Reply, Request, serve


@dataclass(frozen=True)
class Heard:
    path: str
    id: str
    timestamp: int
    event: dict[str, Any]
    request: Request

    @property
    def type(self) -> str:
        return self.event["type"]


@dataclass
class WebhookServer:
    """`plan` is met per path, one request after the other; then every answer is 204."""

    url: str = ""
    plan: dict[str, list[Reply]] = field(default_factory=lambda: defaultdict(list))
    always: dict[str, Reply] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    heard: list[Heard] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, request: Request) -> Reply:
        with self._lock:
            heard = self._hear(request)
            self.heard.append(heard)
            if request.path in self.always:
                return self.always[request.path]
            planned = self.plan[request.path]
            return planned.pop(0) if planned else Reply()

    def at(self, path: str) -> list[Heard]:
        return [one for one in self.heard if one.path == path]

    def _hear(self, request: Request) -> Heard:
        heads = request.headers
        message_id, seconds = heads["webhook-id"], heads["webhook-timestamp"]
        secret = self.secrets.get(request.path)
        if secret is not None:
            key = base64.b64decode(secret.removeprefix("whsec_"))
            made = hmac.new(key, f"{message_id}.{seconds}.".encode() + request.body, hashlib.sha256)
            wanted = f"v1,{base64.b64encode(made.digest()).decode()}"
            if heads["webhook-signature"] != wanted:
                self.complaints.append(f"{message_id}: wrong signature")
        event = json.loads(request.body)
        return Heard(request.path, message_id, int(seconds), event, request)


@contextmanager
def webhook_server(tls: ssl.SSLContext | None = None) -> Iterator[WebhookServer]:
    """Serve on a free port of this machine until the end of the block."""
    hooks = WebhookServer()
    with serve(hooks.answer, tls) as server:
        hooks.url = server.url
        yield hooks
