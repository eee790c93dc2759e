"""One conversation behind a gateway without a network, whose engine and clock do as they are told.

Everything happens on one event loop that stands still between two steps, so that a step ends
where it says and nothing depends on the speed of the machine.
"""

import asyncio
import json
from collections.abc import Coroutine
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
from starlette.types import Message as Event

from amends.conversations.model import Delivery, Message, Mode, Reply, TurnRequest, Understanding
from amends.conversations.turns import TurnOptions
from amends.conversations.use_cases import Started, hand_pending_to_staff
from amends.gateway import service as gateway_service
from amends.handoff import use_cases as handoff
from amends.handoff.model import Handoff, HandoffState, StaffMember
from tests.fuzz.conftest import open_door
from tests.message_life.engine import FakeEngine, offer, understanding

FAREWELL = Reply("Good-bye.", card={"kind": "farewell"})
ASKS_FOR_A_PERSON = understanding(
    intent="ask_for_person", complaint=False, category=None, flags=frozenset({"human_request"})
)


class HeldEngine(FakeEngine):
    """An engine that can be slow: a turn then waits until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.gate, self.holds = asyncio.Event(), asyncio.Event()
        self.gate.set()
        self.replies = self._replies

    async def understand(self, text: str, conversation_id: str) -> Understanding:
        found = await super().understand(text, conversation_id)
        return ASKS_FOR_A_PERSON if "person" in text else found

    async def turn(self, request: TurnRequest) -> list[Reply]:
        self._check()
        if not self.gate.is_set():
            self.holds.set()
            await self.gate.wait()
            self.holds.clear()
        return await super().turn(request)

    def _replies(self, request: TurnRequest) -> list[Reply]:
        answer = Reply(f"Answer to {request.message_id}")
        if "choose" in request.text:
            return [answer, offer("The red one", "The blue one")]
        return [answer, FAREWELL] if "bye" in request.text else [answer]


class OneConversation:
    """A customer's conversation as the API shows it, and what staff do with it."""

    def __init__(self, folder: Path) -> None:
        self._runner = asyncio.Runner()
        # An answer about readiness is believed for half a second of the wall's clock otherwise.
        impatient = partial(TurnOptions, readiness_seconds=0.0)
        with mock.patch.object(gateway_service, "TurnOptions", impatient):
            self.door = open_door(folder, engine_timeout_seconds=600)
        self.shop, self.clock = self.door.shop, self.door.shop.clock
        self.service = self.door.api.state.service
        self.engine = self.run(self._with_engine())
        transport = httpx.ASGITransport(self.door.api, raise_app_exceptions=True)
        self._client = httpx.AsyncClient(transport=transport, base_url="http://gateway")
        self.mine, self.another = self.door.start(), self.door.start()

    async def _with_engine(self) -> HeldEngine:
        engine = HeldEngine()  # its events belong to the running loop
        self.service.driver._engine = self.service.driver._readiness._engine = engine
        return engine

    def run[T](self, work: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(work)

    def close(self) -> None:
        self.run(self._end())
        self._runner.close()
        self.service.transactions.close()
        self.door.close()

    async def _end(self) -> None:
        await self.service.driver.stop(0)
        await self._client.aclose()

    @property
    def id(self) -> str:
        return self.mine.conversation.id

    def ask(
        self,
        method: str,
        rest: str,
        to: Started | None = None,
        by: Started | None = None,
        **sent: Any,
    ) -> httpx.Response:
        """Send a request and let happen whatever comes of it."""
        to, by = to or self.mine, by or self.mine
        path = f"/api/conversations/{to.conversation.id}/{rest}"
        headers = {"Authorization": f"Bearer {by.token}"}

        async def send() -> httpx.Response:
            answer = await self._client.request(method, path, headers=headers, **sent)
            await self._settle()
            return answer

        answer = self.run(send())
        assert answer.status_code < 500, answer.text
        return answer

    async def _settle(self) -> None:
        """Wait until the driver is done, or stands before a slow engine."""
        idle = asyncio.create_task(self.service.driver.idle())
        held = asyncio.create_task(self.engine.holds.wait())
        _, open_ones = await asyncio.wait({idle, held}, return_when=asyncio.FIRST_COMPLETED)
        for task in open_ones:
            task.cancel()
        await asyncio.gather(*open_ones, return_exceptions=True)

    def let_go(self) -> None:
        async def go() -> None:
            self.engine.holds.clear()
            self.engine.gate.set()
            await self._settle()

        self.run(go())

    def pass_time(self, seconds: float) -> None:
        self.clock.forward(seconds=seconds)

        async def sweep() -> None:
            await self.service.driver.sweep()
            await self._settle()

        self.run(sweep())

    @property
    def log(self) -> list[Message]:
        with self.shop.db.read() as uow:
            return list(uow.conversations.after(self.id, 0))

    @property
    def mode(self) -> Mode:
        with self.shop.db.read() as uow:
            found = uow.conversations.get(self.id)
            assert found is not None
            return found.mode

    @property
    def pending(self) -> list[Message]:
        return [one for one in self.log if one.delivery is Delivery.PENDING]

    @property
    def handoff(self) -> Handoff | None:
        with self.shop.db.read() as uow:
            return uow.handoffs.open_of(self.id)

    def is_waiting(self) -> bool:
        found = self.handoff
        return found is not None and found.state is HandoffState.WAITING

    def has(self, staff: StaffMember) -> bool:
        found = self.handoff
        return found is not None and found.claimed_by == staff.id

    def claim(self, staff: StaffMember) -> None:
        """As the desk does it."""
        found = self.handoff
        assert found is not None
        with self.shop.write() as uow:
            handoff.claim(uow, found.id, staff, self.clock())
            hand_pending_to_staff(uow, self.id)

    def stream(self, after: int) -> list[tuple[str, Any]]:
        """Return what a live stream sends until it has caught up: events with their data.

        Who is typing is left out: it is no part of what must not be missed.
        """
        return [one for one in self.run(self._stream(after)) if one[0] != "typing"]

    async def _stream(self, after: int) -> list[tuple[str, Any]]:
        headers = {"authorization": f"Bearer {self.mine.token}", "last-event-id": str(after)}
        scope = {
            "type": "http", "method": "GET", "path": f"/api/conversations/{self.id}/stream",
            "raw_path": b"", "query_string": b"", "root_path": "", "scheme": "http",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }  # fmt: skip
        sent, caught_up = bytearray(), asyncio.Event()

        async def send(event: Event) -> None:
            assert event.get("status", 200) == 200
            sent.extend(event.get("body", b""))
            if b"event: mode\n" in sent:
                caught_up.set()

        async def receive() -> Event:
            await caught_up.wait()
            return {"type": "http.disconnect"}

        await self.door.api(scope, receive, send)
        return [_event(part) for part in sent.decode().split("\n\n") if "event: " in part]


def _event(text: str) -> tuple[str, Any]:
    fields = dict(line.split(": ", 1) for line in text.splitlines())
    return fields["event"], json.loads(fields["data"])
