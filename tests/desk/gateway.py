"""The real gateway on the desk's database, with an engine that answers when a test lets it."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

import httpx
import uvicorn

from amends.conversations.model import Reply, TurnRequest
from amends.gateway.app import create_app
from amends.storage import Database
from amends.values import utc_now
from amends.wiring.app import App
from amends.wiring.rules import FixedRules
from amends.wiring.settings import Settings
from tests.desk.conftest import Desk, until
from tests.message_life.engine import FakeEngine
from tests.support.browser import free_port

BOT = "The assistant says this"
_numbers = count(1)


class HeldEngine(FakeEngine):
    """Has its answer under way until it may give it."""

    def __init__(self) -> None:
        super().__init__()
        self.may_answer = threading.Event()
        self.under_way = threading.Event()
        self.may_answer.set()
        self.replies = lambda _: [Reply(BOT)]

    async def turn(self, request: TurnRequest) -> list[Reply]:
        self.under_way.set()
        while not self.may_answer.is_set():  # noqa: ASYNC110  (the test is in another thread)
            await asyncio.sleep(0.01)
        return await super().turn(request)


@dataclass
class Customer:
    """Somebody who writes through the customers' API."""

    client: httpx.Client
    id: str
    token: str

    def say(self, text: str) -> int:
        answer = self.client.post(
            f"/api/conversations/{self.id}/messages",
            json={"client_message_id": f"c{next(_numbers)}", "text": text},
            headers={"Authorization": f"Bearer {self.token}"},
        )
        assert answer.status_code == 202, answer.text
        return int(answer.json()["seq"])

    def page(self) -> str:
        """All that the customer's side is given of the conversation."""
        answer = self.client.get(
            f"/api/conversations/{self.id}/messages",
            headers={"Authorization": f"Bearer {self.token}"},
        )
        assert answer.status_code == 200, answer.text
        return answer.text

    def reads(self, words: str) -> bool:
        return words in self.page()


@dataclass
class Gateway:
    client: httpx.Client
    engine: HeldEngine

    def customer(self) -> Customer:
        made = self.client.post("/api/conversations", json={"language": "en"}).json()
        return Customer(self.client, made["conversation_id"], made["token"])


@contextmanager
def running_gateway(desk: Desk) -> Iterator[Gateway]:
    """Serve the customers' side of the desk's database, in a thread of its own."""
    settings = Settings(
        _env_file=None, var_dir=desk.log_file.parent, engine_timeout_seconds=60,
        messages_per_minute=100_000, conversations_per_minute=100_000,
    )  # fmt: skip
    engine, db, port = HeldEngine(), Database(desk.db_url), free_port()
    rules = FixedRules(desk.thresholds)
    app = App(settings, db, utc_now, engine, desk.policy, rules, payments=None)  # type: ignore[arg-type]
    config = uvicorn.Config(create_app(app), port=port, log_level="critical", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started, 60)
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False)
    try:
        yield Gateway(client, engine)
    finally:
        engine.may_answer.set()
        client.close()
        server.should_exit = True
        thread.join(20)
        db.close()
