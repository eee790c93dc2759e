"""What open widgets cost a gateway while nobody writes. Prints one JSON document.

    .venv/bin/python -m benchmarks.idle --pid 4711 [--url http://127.0.0.1:8000] [--widgets 2000]

Asks a gateway that runs, with AMENDS_CONVERSATIONS_PER_MINUTE set high; `--pid` is its process.
Each widget has a conversation and the live stream that the widget holds open; nothing is said in
any of them. Both processes need room for that many connections (`ulimit -n`).
"""

import argparse
import asyncio
import json
import resource
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp

from benchmarks.processes import Json, cpu_seconds, resident_mb

AT_ONCE = 50
WATCHED_SECONDS = 60
SPARE_FILES = 200


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure what idle widgets cost.")
    parser.add_argument("--pid", type=int, required=True, help="process of the gateway")
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--widgets", type=int, default=2000)
    chosen = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most < chosen.widgets + SPARE_FILES:
        parser.error(f"this machine allows {most} connections in a process; see `ulimit -n`")
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    print(json.dumps(asyncio.run(measure(chosen.url, chosen.pid, chosen.widgets))))


async def measure(url: str, pid: int, widgets: int) -> Json:
    """Return memory and processor time of the gateway without and with the widgets."""
    alone = await _watched(pid)
    async with AsyncExitStack() as opened:
        session = await opened.enter_async_context(_session(url))
        places = asyncio.Semaphore(AT_ONCE)
        began = time.perf_counter()
        streams = [_opened_one(session, places, opened) for _ in range(widgets)]
        heard = await asyncio.gather(*streams)
        seconds = time.perf_counter() - began
        drains = [asyncio.create_task(_read(stream)) for stream in heard]
        with_all = await _watched(pid)
        lost = sum(drain.done() for drain in drains)
        for drain in drains:
            drain.cancel()
        await asyncio.gather(*drains, return_exceptions=True)
    return {
        "widgets": widgets,
        "streams_that_ended": lost,
        "open_seconds": round(seconds, 1),
        "alone": alone,
        "with_widgets": with_all,
        "kb_per_widget": round(1024 * (with_all["mb"] - alone["mb"]) / widgets, 1),
    }


@asynccontextmanager
async def _session(url: str) -> AsyncIterator[aiohttp.ClientSession]:
    no_limit = aiohttp.ClientTimeout(total=None)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(url, timeout=no_limit, connector=connector) as session:
        yield session


async def _opened_one(
    session: aiohttp.ClientSession, places: asyncio.Semaphore, opened: AsyncExitStack
) -> aiohttp.ClientResponse:
    """Begin a conversation, and return its stream once the greeting came through it."""
    async with places:
        async with session.post("/api/conversations", json={}) as answer:
            answer.raise_for_status()
            begun = await answer.json()
        stream = await opened.enter_async_context(
            session.get(
                f"/api/conversations/{begun['conversation_id']}/stream",
                headers={"Authorization": f"Bearer {begun['token']}"},
            )
        )
        stream.raise_for_status()
        await stream.content.readline()
        return stream


async def _read(stream: aiohttp.ClientResponse) -> None:
    async for _ in stream.content.iter_any():
        pass


async def _watched(pid: int) -> Json:
    """Watch the gateway for a while; memory at the end, and the share of one core it used."""
    before, began = cpu_seconds(pid), time.perf_counter()
    await asyncio.sleep(WATCHED_SECONDS)
    used = cpu_seconds(pid) - before
    return {
        "mb": round(resident_mb(pid), 1),
        "cpu_percent": round(100 * used / (time.perf_counter() - began), 1),
    }


if __name__ == "__main__":
    main()
