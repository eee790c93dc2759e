"""Several ASGI applications on several ports in one process, stopped together."""

import asyncio
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import structlog
import uvicorn
from starlette.types import ASGIApp

log = structlog.get_logger()

GRACE_SECONDS = 5


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to `serve`, which stops all servers and ends the streams first."""
        yield


def server(app: ASGIApp, host: str, port: int, *, lifespan: str = "on") -> uvicorn.Server:
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        lifespan="on" if lifespan == "on" else "off",
        log_config=None,
        access_log=False,  # the gateway writes its own line per request
        server_header=False,
        proxy_headers=False,  # settings.trust_forwarded_for decides, in one place
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    return _Server(config)


async def serve(servers: Sequence[uvicorn.Server], before_stop: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM, or until one of the servers ends.

    Args:
        servers: What to run.
        before_stop: Ends what would keep connections open, such as live streams.
    """

    def stop() -> None:
        before_stop()
        for each in servers:
            each.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    tasks = [asyncio.create_task(each.serve()) for each in servers]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    stop()
    await asyncio.gather(*tasks)
