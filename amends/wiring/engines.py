"""Several engines as one: a conversation goes to the same one, as long as that one is there.

An engine that is found away is left out until it says that it is ready again; meanwhile its
conversations, and no others, go to the next in their order. They lose nothing by it: the dialogue's
state is in the tracker store that all engines share, and a message that was answered there is
replayed by whichever engine is asked.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

import structlog

from amends.conversations.model import Reply, TurnRequest, Understanding
from amends.conversations.ports import (
    Engine,
    EngineNotServing,
    EngineRefused,
    EngineUnavailable,
)
from amends.wiring.engine_client import EngineAway, HttpEngine
from amends.wiring.settings import Settings
from amends.wiring.tracing import OFF, Tracing

log = structlog.get_logger()

LOOK_AGAIN_SECONDS = 0.5
"""How often an engine that was left out is asked whether it is ready again."""

MOST_REFUSALS = 2
"""How many engines may refuse a message before this try of it has failed."""


def build_engine(settings: Settings, tracing: Tracing = OFF) -> Engine:
    """Return the engine of these settings, or all of them as one."""
    seconds = settings.engine_timeout_seconds
    each = {url: HttpEngine(url, seconds, tracing) for url in settings.engine_urls}
    return Engines(each) if len(each) > 1 else next(iter(each.values()))


def each_engine(engine: Engine) -> Mapping[str, Engine]:
    """Return the engines by address where there are several; none where there is one."""
    return engine.each if isinstance(engine, Engines) else {}


async def close_engine(engine: Engine) -> None:
    """Give back the connections of an engine that `build_engine` made."""
    if isinstance(engine, HttpEngine | Engines):
        await engine.close()


def ranked(conversation_id: str, engines: Iterable[str]) -> list[str]:
    """Order engines for one conversation (rendezvous hashing).

    Two engines stand in the same order whichever others there are. So when an engine goes, only
    its own conversations move, evenly to all others, and when it is back they return.
    """

    def weight(engine: str) -> tuple[bytes, str]:
        return hashlib.blake2b(f"{engine} {conversation_id}".encode()).digest(), engine

    return sorted(engines, key=weight)


class Engines:
    """Implements the Engine port of the conversations room over several engines."""

    def __init__(
        self, each: Mapping[str, HttpEngine], look_again_seconds: float = LOOK_AGAIN_SECONDS
    ) -> None:
        self.each = each
        self._look_again_seconds = look_again_seconds
        self._away: set[str] = set()
        self._looking: dict[str, asyncio.Task[None]] = {}
        self._asking: set[asyncio.Task[bool]] = set()

    @property
    def model(self) -> str:
        """The models that answer; more than one only while they change over."""
        return ", ".join(sorted({one.model for one in self.each.values() if one.model}))

    @property
    def missing(self) -> str:
        return "; ".join(one.missing for one in self.each.values() if one.missing)

    async def understand(self, text: str, conversation_id: str) -> Understanding:
        """Raises: EngineUnavailable, EngineRefused, EngineNotServing."""
        return await self._ask(conversation_id, lambda one: one.understand(text, conversation_id))

    async def turn(self, request: TurnRequest) -> list[Reply]:
        """Raises: EngineUnavailable, EngineRefused, EngineNotServing."""
        return await self._ask(request.conversation_id, lambda one: one.turn(request))

    async def ready(self) -> bool:
        """Return whether one is ready, as soon as one says so; the others are noted later."""
        asking = [asyncio.create_task(self._is_ready(name)) for name in self.each]
        self._asking.update(asking)
        for task in asking:
            task.add_done_callback(self._asking.discard)
        for answer in asyncio.as_completed(asking):
            if await answer:
                return True
        return False

    async def close(self) -> None:
        tasks: list[asyncio.Task[Any]] = [*self._looking.values(), *self._asking]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for one in self.each.values():
            await one.close()

    async def _ask[T](self, conversation_id: str, ask: Callable[[HttpEngine], Awaitable[T]]) -> T:
        """Ask the conversation's engine, and the next one if that is away or refuses.

        An engine that is not serving may have lost the actions beside it alone: it is asked
        whether it is ready before it is left out. Asking another does no harm, for a turn that
        failed left nothing behind.
        """
        refusals: list[EngineRefused] = []
        failures: list[EngineUnavailable] = []
        for name in self._order(conversation_id):
            try:
                return await ask(self.each[name])
            except EngineAway as error:
                self._leave_out(name)
                failures.append(error)
            except EngineNotServing as error:
                self._look_after(name)
                failures.append(error)
            except EngineRefused as error:
                refusals.append(error)
            except (EngineUnavailable, asyncio.CancelledError):  # slow, hung, or gone
                self._look_after(name)
                raise
            if len(refusals) == MOST_REFUSALS:
                break
        raise [*refusals, *failures][0]

    def _order(self, conversation_id: str) -> list[str]:
        order = ranked(conversation_id, self.each)
        return [name for name in order if name not in self._away] or order

    def _leave_out(self, name: str) -> None:
        if name not in self._away:
            self._away.add(name)
            log.warning("engines.engine.away", engine=name, left=len(self.each) - len(self._away))
        self._look_after(name)

    def _look_after(self, name: str) -> None:
        """Ask an engine in doubt until it is ready; from its first no on it is left out."""
        if name not in self._looking:
            self._looking[name] = asyncio.create_task(self._until_ready(name))

    async def _until_ready(self, name: str) -> None:
        try:
            while not await self._is_ready(name):  # noqa: ASYNC110 - it is in another process
                await asyncio.sleep(self._look_again_seconds)
        finally:
            del self._looking[name]

    async def _is_ready(self, name: str) -> bool:
        ready = await self.each[name].ready()
        if ready and name in self._away:
            self._away.discard(name)
            log.info("engines.engine.back", engine=name)
        elif not ready:
            self._leave_out(name)
        return ready
