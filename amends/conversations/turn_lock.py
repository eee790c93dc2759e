"""Who drives a conversation where there is one process only."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class NoOthers:
    """Implements the TurnLock port for one process, whose driver keeps order by itself."""

    @asynccontextmanager
    async def hold(self, conversation_id: str, wait_seconds: float) -> AsyncIterator[bool]:
        yield True
