"""A small Chatwoot on a free port: what the bridge uses of its API, and its webhooks.

    with chatwoot_server() as chatwoot:
        chatwoot.plan = [Down(), Lost()]
        body, headers = chatwoot.writes(chat, "Hello")

It keeps to the documentation of Chatwoot 4 by code of its own, and complains about every call that
the real one would refuse.
"""

import hashlib
import hmac
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from tests.support.http_server import Reply, Request, serve

TOKEN = "a-token-of-an-administrator"
SECRET = "the-inbox-signs-with-this"
ACCOUNT, INBOX = 3, 7
FIXTURES = Path(__file__).resolve().parents[1] / "wiring" / "chatwoot"

type Json = dict[str, Any]


@dataclass(frozen=True)
class Down:
    """Answer with a status and do nothing."""

    status: int = 503
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Lost:
    """Do it, but break the connection before the answer."""


@dataclass(frozen=True)
class Ok:
    """A good moment between bad ones."""


@dataclass
class Chatwoot:
    """`plan` is met one call after the other, those that only read included."""

    url: str = ""
    plan: list[Down | Lost | Ok] = field(default_factory=list)
    contacts: dict[int, Json] = field(default_factory=dict)
    chats: dict[int, Json] = field(default_factory=dict)
    messages: dict[int, list[Json]] = field(default_factory=dict)
    agents: list[Json] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    is_down: bool = False
    _ids: int = 100
    _lock: threading.RLock = field(default_factory=threading.RLock)

    # What a test reads.

    @property
    def chat(self) -> Json:
        (only,) = self.chats.values()
        return only

    def said(self, chat: Json | None = None, *, private: bool = False) -> list[str]:
        """Texts of a chat's messages that the customer may see, or of its notes."""
        shown = self.messages[(chat or self.chat)["id"]]
        return [one["content"] for one in shown if one["private"] == private]

    # What people do in it.

    def writes(
        self, chat: Json, text: str, name: str = "Mia", **changes: Any
    ) -> tuple[bytes, dict[str, str]]:
        """A person writes to the customer; returns the webhook that tells of it."""
        event = self._fixture("message_created_outgoing")
        event |= {"id": self._next_id(), "content": text} | changes
        event["sender"] |= {"name": name}
        event["conversation"] |= self._shown(chat)
        return self._webhook(event)

    def ends(
        self, chat: Json, status: str = "resolved", name: str = "Mia"
    ) -> tuple[bytes, dict[str, str]]:
        """A person changes a chat's status; returns the webhook that tells of it."""
        chat["status"] = status
        event = self._fixture("conversation_status_changed_resolved") | self._shown(chat)
        event["status"] = status
        event["meta"]["assignee"]["name"] = name
        return self._webhook(event)

    def _shown(self, chat: Json) -> Json:
        return {"id": chat["id"], "contact_inbox": {"source_id": chat["source_id"]}}

    def _fixture(self, name: str) -> Json:
        return json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))

    def _webhook(self, event: Json) -> tuple[bytes, dict[str, str]]:
        body = json.dumps(event).encode()
        return body, signed(body)

    # The API.

    def answer(self, request: Request) -> Reply:
        with self._lock:
            path, _, query = request.path.partition("?")
            self.calls.append(f"{request.method} {path}")
            if self.is_down:
                return Reply(503)
            moment = self.plan.pop(0) if self.plan else Ok()
            if isinstance(moment, Down):
                return Reply(moment.status, headers=moment.headers)
            reply = self._act(request, path, query)
            return Reply(drops=True) if isinstance(moment, Lost) else reply

    def _act(self, request: Request, path: str, query: str) -> Reply:
        if request.headers.get("api_access_token") != TOKEN:
            return self._refuse(401, f"{path}: wrong token")
        base = f"/api/v1/accounts/{ACCOUNT}"
        if not path.startswith(base):
            return self._refuse(404, f"{path}: no such account")
        body = json.loads(request.body) if request.body else {}
        for method, pattern, work in self._routes():
            found = re.fullmatch(pattern, path.removeprefix(base))
            if found and method == request.method:
                return work(self, body, query, *(int(one) for one in found.groups()))
        return self._refuse(404, f"{request.method} {path}: no such call")

    @staticmethod
    def _routes() -> list[tuple[str, str, Callable[..., Reply]]]:
        return [
            ("GET", r"/agents", Chatwoot._agents),
            ("GET", r"/contacts/search", Chatwoot._search),
            ("POST", r"/contacts", Chatwoot._add_contact),
            ("GET", r"/contacts/(\d+)/conversations", Chatwoot._chats_of),
            ("POST", r"/conversations", Chatwoot._open),
            ("GET", r"/conversations/(\d+)/messages", Chatwoot._list),
            ("POST", r"/conversations/(\d+)/messages", Chatwoot._post),
            ("POST", r"/conversations/(\d+)/toggle_status", Chatwoot._toggle),
        ]

    def _agents(self, body: Json, query: str) -> Reply:
        return _json(self.agents)

    def _search(self, body: Json, query: str) -> Reply:
        sought = parse_qs(query)["q"][0].casefold()
        found = [
            one
            for one in self.contacts.values()
            if any(sought in str(one[name] or "").casefold() for name in ("identifier", "email"))
        ]
        return _json({"meta": {"count": len(found)}, "payload": found})

    def _add_contact(self, body: Json, query: str) -> Reply:
        for name in ("identifier", "email"):
            taken = {one[name] for one in self.contacts.values() if one[name]}
            if body.get(name) in taken:
                return self._refuse(422, f"{name} has already been taken")
        contact = {"id": self._next_id(), "email": None, "identifier": None} | body
        self.contacts[contact["id"]] = contact
        return _json({"payload": {"contact": contact, "contact_inbox": None}})

    def _chats_of(self, body: Json, query: str, contact_id: int) -> Reply:
        return _json({"payload": [c for c in self.chats.values() if c["contact_id"] == contact_id]})

    def _open(self, body: Json, query: str) -> Reply:
        if body["inbox_id"] != INBOX or body["contact_id"] not in self.contacts:
            return self._refuse(404, "no such inbox or contact")
        chat = {"id": self._next_id(), "messages": []} | body
        self.chats[chat["id"]] = chat
        self.messages[chat["id"]] = []
        return _json(chat)

    def _list(self, body: Json, query: str, chat_id: int) -> Reply:
        if chat_id not in self.chats:
            return Reply(404, body=b'{"error": "Resource could not be found"}')
        found = self.messages[chat_id]
        before = re.search(r"before=(\d+)", query)
        if before:
            found = [one for one in found if one["id"] < int(before[1])]
        return _json({"meta": {}, "payload": found[-20:]})

    def _post(self, body: Json, query: str, chat_id: int) -> Reply:
        if chat_id not in self.chats:
            return Reply(404, body=b'{"error": "Resource could not be found"}')
        if body["message_type"] == "outgoing" and not body["private"]:
            self.complaints.append(f"{body['source_id']}: comes back as a person's word")
        if not body["content"] or len(body["content"]) > 150_000:
            return self._refuse(422, "content")
        message = {"id": self._next_id(), "conversation_id": chat_id} | body
        self.messages[chat_id].append(message)
        if body["message_type"] == "incoming" and self.chats[chat_id]["status"] == "resolved":
            self.chats[chat_id]["status"] = "open"
        return _json(message)

    def _toggle(self, body: Json, query: str, chat_id: int) -> Reply:
        if chat_id not in self.chats:
            return Reply(404, body=b'{"error": "Resource could not be found"}')
        self.chats[chat_id]["status"] = body["status"]
        return _json({"payload": {"success": True, "current_status": body["status"]}})

    def _refuse(self, status: int, complaint: str) -> Reply:
        self.complaints.append(complaint)
        return Reply(status, body=json.dumps({"error": complaint}).encode())

    def _next_id(self) -> int:
        with self._lock:
            self._ids += 1
            return self._ids


def _json(value: Any) -> Reply:
    return Reply(200, (("Content-Type", "application/json"),), json.dumps(value).encode())


def signed(body: bytes, at: float | None = None, secret: str = SECRET) -> dict[str, str]:
    """The headers of a webhook, made by hand."""
    seconds = str(int(time.time() if at is None else at))
    made = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return {
        "content-type": "application/json",
        "x-chatwoot-signature": f"sha256={made}",
        "x-chatwoot-timestamp": seconds,
        "x-chatwoot-delivery": "0d3b3c2e-64c9-4e0f-9f1e-1c0f6d5a2b7e",
    }


@contextmanager
def chatwoot_server() -> Iterator[Chatwoot]:
    """Serve on a free port of this machine until the end of the block."""
    chatwoot = Chatwoot()
    with serve(chatwoot.answer) as server:
        chatwoot.url = server.url
        yield chatwoot
