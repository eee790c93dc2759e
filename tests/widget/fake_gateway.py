"""A small gateway that keeps its word: the customer API, with switches for what can go wrong."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from amends.gateway.widget_bundle import bundle

WIDGET = Path(__file__).parents[2] / "amends" / "gateway" / "widget"
STRICT_POLICY = "default-src 'self'"
KEEP_ALIVE_SECONDS = 1.0

Json = dict[str, Any]


class Listener:
    """One open stream. Tests speak from their own thread, so events cross over to the server's."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.queue: asyncio.Queue[tuple[str, Json] | None] = asyncio.Queue()

    def put(self, event: tuple[str, Json] | None) -> None:
        self._loop.call_soon_threadsafe(self.queue.put_nowait, event)


@dataclass
class Conversation:
    """The log of one conversation and those who listen to it."""

    id: str
    token: str
    opened_with: Json
    messages: list[Json] = field(default_factory=list)
    mode: str = "bot"
    writing: Json = field(default_factory=lambda: {"role": "bot", "active": False})
    surveys: list[Json] = field(default_factory=list)
    listeners: list["Listener"] = field(default_factory=list)
    seq_by_client_id: dict[str, int] = field(default_factory=dict)

    def say(self, role: str, text: str, **more: Any) -> Json:
        message = {
            "seq": len(self.messages) + 1,
            "role": role,
            "text": text,
            "at": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
            "choices": [],
            "card": None,
            "in_reply_to": None,
            "client_message_id": None,
            "author": None,
        } | more
        self.messages.append(message)
        self._tell("message", message)
        return message

    def switch(self, mode: str) -> None:
        self.mode = mode
        self._tell("mode", {"mode": mode})

    def typing(self, role: str, active: bool) -> None:
        self.writing = {"role": role, "active": active}
        self._tell("typing", self.writing)

    def hang_up(self) -> None:
        for listener in list(self.listeners):
            listener.put(None)

    def _tell(self, kind: str, data: Json) -> None:
        for listener in list(self.listeners):
            listener.put((kind, data))


class FakeGateway:
    """Holds conversations in memory; tests speak for the bot and break things by its fields."""

    def __init__(self) -> None:
        self.conversations: dict[str, Conversation] = {}
        self.opened = 0
        self.posts: list[Json] = []
        self.customers: list[Json] | None = []
        self.refuse_posts: list[tuple[int, str]] = []
        self.swallow_answers = 0
        self.hold_answers = False
        self.answers_held = 0
        self.streams_work = True
        self.chop_streams = False
        self.stream_count = 0
        self.last_event_ids: list[str | None] = []
        self.app = Starlette(routes=self._routes())

    @property
    def latest(self) -> Conversation:
        return list(self.conversations.values())[-1]

    @property
    def heard(self) -> list[Json]:
        """The messages of the newest conversation, none if nobody has begun one."""
        return self.latest.messages if self.conversations else []

    def _routes(self) -> list[Route]:
        base = "/api/conversations/{id}"
        return [
            Route("/api/conversations", self.create, methods=["POST"]),
            Route(f"{base}/messages", self.post, methods=["POST"]),
            Route(f"{base}/messages", self.read, methods=["GET"]),
            Route(f"{base}/stream", self.stream),
            Route(f"{base}/survey", self.survey, methods=["POST"]),
            Route("/demo/customers", self.list_customers),
            Route("/plain", self.plain_page),
            Route("/", self.file),
            Route("/{name}", self.file),
        ]

    async def create(self, request: Request) -> Response:
        body = await request.json()
        self.opened += 1
        number = self.opened
        conversation = Conversation(f"c{number}", f"token-{number}", body)
        self.conversations[conversation.id] = conversation
        answer = {"conversation_id": conversation.id, "token": conversation.token}
        return JSONResponse(answer, status_code=201)

    async def post(self, request: Request) -> Response:
        body = await request.json()
        self.posts.append(body)
        if self.refuse_posts:
            return error(*self.refuse_posts.pop(0))
        conversation = self._authorised(request)
        if conversation is None:
            return error(401, "unknown_token")
        seq = accept(conversation, body)
        if self.swallow_answers:
            self.swallow_answers -= 1
            return error(502, "bad_gateway")
        return JSONResponse({"seq": seq}, status_code=202)

    async def read(self, request: Request) -> Response:
        conversation = self._authorised(request)
        if conversation is None:
            return error(401, "unknown_token")
        after = int(request.query_params.get("after", "0"))
        found = [message for message in conversation.messages if message["seq"] > after]
        answer = {
            "messages": found,
            "mode": conversation.mode,
            "last_seq": len(conversation.messages),
        }
        self.answers_held += self.hold_answers
        while self.hold_answers:  # noqa: ASYNC110 - a test lets go from its own thread
            await asyncio.sleep(0.02)
        return JSONResponse(answer)

    async def stream(self, request: Request) -> Response:
        conversation = self._authorised(request)
        if conversation is None:
            return error(401, "unknown_token")
        if not self.streams_work:
            return error(503, "no_streams")
        self.stream_count += 1
        after = request.headers.get("last-event-id")
        self.last_event_ids.append(after)
        events = follow(conversation, int(after or 0))
        if self.chop_streams:
            events = chopped(events)
        return StreamingResponse(events, media_type="text/event-stream")

    async def survey(self, request: Request) -> Response:
        conversation = self._authorised(request)
        if conversation is None:
            return error(401, "unknown_token")
        conversation.surveys.append(await request.json())
        return JSONResponse({}, status_code=201)

    async def list_customers(self, request: Request) -> Response:
        if self.customers is None:
            return error(500, "broken")
        return JSONResponse(self.customers)

    async def plain_page(self, request: Request) -> Response:
        """A site's page; the query string becomes the script's data attributes."""
        attributes = " ".join(
            f'data-{key}="{value}"' for key, value in request.query_params.items()
        )
        page = (
            '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A site</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<script src="/widget.js" {attributes} defer></script></head>'
            '<body><main><h1>A site</h1><button id="other">Other</button></main></body></html>'
        )
        return HTMLResponse(page, headers={"Content-Security-Policy": STRICT_POLICY})

    async def file(self, request: Request) -> Response:
        name = request.path_params.get("name", "shop.html")
        if name == "widget.js":
            return Response(bundle(), media_type="text/javascript")
        path = WIDGET / name
        if path.suffix not in {".html", ".css", ".js", ".svg"} or not path.is_file():
            return error(404, "not_found")
        return FileResponse(path, headers={"Content-Security-Policy": STRICT_POLICY})

    def _authorised(self, request: Request) -> Conversation | None:
        conversation = self.conversations.get(request.path_params["id"])
        if conversation is None:
            return None
        expected = f"Bearer {conversation.token}"
        return conversation if request.headers.get("authorization") == expected else None


def error(status: int, code: str) -> Response:
    body = {"error": {"code": code, "message": f"said {code}", "details": {}}}
    headers = {"Retry-After": "1"} if status == 429 else {}
    return JSONResponse(body, status_code=status, headers=headers)


def accept(conversation: Conversation, body: Json) -> int:
    """Append a customer's message once, whatever the number of times it is posted."""
    client_id = body["client_message_id"]
    if client_id not in conversation.seq_by_client_id:
        conversation.seq_by_client_id[client_id] = len(conversation.messages) + 1
        text = body.get("text") or choice_title(conversation, body["choice_id"])
        conversation.say("customer", text, client_message_id=client_id)
    return conversation.seq_by_client_id[client_id]


def choice_title(conversation: Conversation, choice_id: str) -> str:
    offered = [choice for message in conversation.messages for choice in message["choices"]]
    return str(next(choice["title"] for choice in offered if choice["id"] == choice_id))


async def follow(conversation: Conversation, after: int) -> AsyncIterator[bytes]:
    """Yield everything after a seq as server-sent events, until hung up."""
    listener = Listener()
    conversation.listeners.append(listener)
    try:
        for message in conversation.messages[after:]:
            yield as_event("message", message)
        yield as_event("mode", {"mode": conversation.mode})
        if conversation.writing["active"]:
            yield as_event("typing", conversation.writing)
        while True:
            try:
                event = await asyncio.wait_for(listener.queue.get(), KEEP_ALIVE_SECONDS)
            except TimeoutError:
                yield b": keep-alive\n\n"
                continue
            if event is None:
                return
            yield as_event(*event)
    finally:
        conversation.listeners.remove(listener)


def as_event(kind: str, data: Json) -> bytes:
    head = f"id: {data['seq']}\n" if kind == "message" else ""
    return f"{head}event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


async def chopped(events: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield the same events byte by byte and with the other line ends, as a proxy may."""
    async for event in events:
        for byte in event.replace(b"\n", b"\r\n"):
            yield bytes([byte])
            await asyncio.sleep(0)
