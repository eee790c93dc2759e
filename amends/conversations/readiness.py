"""Is the engine ready? Asked once for all who want to know."""

import asyncio

from amends.conversations.ports import Engine, EngineUnavailable


class Readiness:
    """Asks the engine whether it is ready, once for all who want to know at the same time."""

    def __init__(self, engine: Engine, believed_seconds: float) -> None:
        self._engine = engine
        self._believed_seconds = believed_seconds
        self._asked_at = float("-inf")
        self._ready = False
        self._lock = asyncio.Lock()

    async def now(self) -> bool:
        async with self._lock:
            loop = asyncio.get_running_loop()
            if loop.time() - self._asked_at > self._believed_seconds:
                self._ready = await self._ask()
                self._asked_at = loop.time()
            return self._ready

    async def _ask(self) -> bool:
        try:
            async with asyncio.timeout(1.0):
                return await self._engine.ready()
        except (TimeoutError, EngineUnavailable):
            return False
