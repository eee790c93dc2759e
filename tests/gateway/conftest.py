"""A real gateway on a free port, with a real database and an engine that does as it is told."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from fastapi import FastAPI

from amends.conversations.model import Draft
from amends.gateway.app import create_app
from amends.gateway.serving import server
from amends.satisfaction.surveys.model import Answers
from amends.storage import Database
from amends.values import Clock, utc_now
from amends.wiring.pulse import Pulse
from amends.wiring.settings import Settings
from amends.wiring.shared import Shared, share
from amends.wiring.tracing import OFF, Tracing
from tests.message_life.engine import FakeEngine
from tests.support.database import fresh_database

# Not the console's tracebacks with all variables: they take seconds to paint.
structlog.configure(
    processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()],
    cache_logger_on_first_use=False,
)

SECRET = "a-secret-of-forty-characters-for-tests-x"


@dataclass
class FakeParts:
    settings: Settings
    db: Database
    engine: FakeEngine = field(default_factory=FakeEngine)
    clock: Clock = utc_now
    surveys: list[tuple[str, Answers]] = field(default_factory=list)
    notices: tuple[Draft, ...] = ()
    pulse: Pulse = field(default_factory=Pulse)
    tracing: Tracing = OFF
    shared: Shared | None = None

    def check_handoff(self, *arguments: Any) -> tuple[Draft, ...]:
        return self.notices

    def ask_person(self, *arguments: Any) -> tuple[Draft, ...]:
        return ()

    def record_survey(
        self,
        uow: Any,
        conversation_id: str,
        answers: Answers,
        at: datetime,
        ask_id: str | None = None,
    ) -> None:
        self.surveys.append((conversation_id, answers))


@dataclass
class Opened:
    """A conversation and what opens it."""

    id: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def path(self, rest: str) -> str:
        return f"/api/conversations/{self.id}/{rest}"


class Gateway:
    """A gateway that serves, and a client of it."""

    def __init__(self, parts: FakeParts, api: FastAPI, client: httpx.AsyncClient) -> None:
        self.parts, self.api, self.client = parts, api, client
        self._posted = 0

    async def start(self, **body: Any) -> Opened:
        answer = await self.client.post("/api/conversations", json=body)
        assert answer.status_code == 201, answer.text
        return Opened(answer.json()["conversation_id"], answer.json()["token"])

    async def post(
        self, to: Opened, text: str | None = None, wait: float = 0, **body: Any
    ) -> httpx.Response:
        self._posted += 1
        body = {"client_message_id": f"c{self._posted}"} | body
        if text is not None:
            body["text"] = text
        query = {"wait": wait} if wait else {}
        return await self.client.post(
            to.path("messages"), json=body, params=query, headers=to.headers
        )

    async def messages(self, of: Opened, after: int = 0) -> dict[str, Any]:
        answer = await self.client.get(
            of.path("messages"), params={"after": after}, headers=of.headers
        )
        assert answer.status_code == 200, answer.text
        return answer.json()


type MakeGateway = Callable[..., Any]


@pytest.fixture
async def serve_gateway(tmp_path: Path) -> AsyncIterator[MakeGateway]:
    """Return a function that serves a gateway with the settings given, alone or beside another."""
    closing: list[Callable[[], Any]] = []

    async def make(beside: Gateway | None = None, **chosen: Any) -> Gateway:
        values = {
            "var_dir": tmp_path,
            "site_secret": SECRET,
            "messages_per_minute": 100_000,
            "conversations_per_minute": 100_000,
            "engine_timeout_seconds": 4,
            "company_name": "Fernhill",
        }
        settings = Settings(_env_file=None, **(values | chosen))
        db = Database(str(beside.parts.db.url)) if beside else fresh_database(tmp_path)
        parts = FakeParts(settings, db)
        if beside:
            parts.engine = beside.parts.engine
        parts.shared = share(settings, parts.db)
        api = create_app(parts)
        client = await _serve(api, closing)
        return Gateway(parts, api, client)

    yield make
    for close in reversed(closing):
        await close()


async def _serve(api: FastAPI, closing: list[Callable[[], Any]]) -> httpx.AsyncClient:
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    running = server(api, "127.0.0.1", port)
    task = asyncio.create_task(running.serve(sockets=[listening]))
    client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20, trust_env=False)

    async def close() -> None:
        await client.aclose()
        api.state.service.changes.close()
        running.should_exit = True
        await task
        listening.close()
        api.state.service.parts.db.close()

    closing.append(close)
    while not running.started:  # noqa: ASYNC110 - uvicorn offers no event to wait for
        await asyncio.sleep(0.005)
    return client


@pytest.fixture
async def gateway(serve_gateway: MakeGateway) -> Gateway:
    return await serve_gateway()
