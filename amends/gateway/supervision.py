"""Background work that goes on whatever happens."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger()

PAUSE_SECONDS = 1.0


async def keep_running(
    name: str, work: Callable[[], Awaitable[None]], pause_seconds: float = PAUSE_SECONDS
) -> None:
    """Run the work until it ends by itself or is cancelled; begin again after an exception."""
    while True:
        try:
            await work()
        except Exception:
            log.exception("gateway.background.failed", work=name)
            await asyncio.sleep(pause_seconds)
        else:
            return
