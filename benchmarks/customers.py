"""The customers of a load, in a process of their own. Reads one JSON line, prints another.

Started by `benchmarks.scaling`, which shares the machine's cores with it: what it uses itself is in
what it prints.
"""

import asyncio
import json
import resource
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import cycle

import httpx

from benchmarks.__main__ import client
from benchmarks.doors import Chat, Door, GatewayDoor, TurnFailed
from benchmarks.load import Record, measure_load
from benchmarks.processes import Json
from benchmarks.schedule import Due
from benchmarks.script import late_parcel

DRAIN_SECONDS = 30
"""How long after the end of an open loop its last answers are waited for."""


def main() -> None:
    asked = json.loads(sys.stdin.readline())
    print(json.dumps(asyncio.run(play(asked))))


async def play(asked: Json) -> Json:
    """Play what was asked for; add the processor seconds that playing it took."""
    before = _own_seconds()
    async with AsyncExitStack() as opened:
        clients = [await opened.enter_async_context(client(url)) for url in asked["urls"]]
        door = SpreadDoor([GatewayDoor(one) for one in clients])
        found = await _open(door, asked) if "due" in asked else await _closed(door, asked)
    return {**found, "own_cpu_seconds": round(_own_seconds() - before, 2)}


class SpreadDoor:
    """Opens one conversation after the other at one gateway after the other."""

    def __init__(self, doors: Sequence[Door]) -> None:
        self._doors = cycle(doors)

    async def open(self) -> Chat:
        return await next(self._doors).open()


async def _closed(door: Door, asked: Json) -> Json:
    record, orders = Record(), iter(asked["orders"])
    load = await measure_load(door, orders, asked["chats"], len(asked["orders"]), {}, record)
    return {**load, "taken_ms": [round(one, 1) for one in record.milliseconds]}


@dataclass
class Heard:
    """What came of an open loop."""

    answered: list[tuple[float, float]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    settled: int = 0


async def _open(door: Door, asked: Json) -> Json:
    heard, began = Heard(), time.perf_counter()
    chats = zip(asked["orders"], asked["due"], strict=True)
    playing = [asyncio.create_task(_customer(door, *chat, began, heard)) for chat in chats]
    _, late = await asyncio.wait(playing, timeout=asked["end"] + DRAIN_SECONDS)
    for one in late:
        one.cancel()
    await asyncio.gather(*playing, return_exceptions=True)
    return {
        "answered": heard.answered,
        "turns": len(heard.answered),
        "conversations_settled": heard.settled,
        "failures": heard.failures[:5],
        "failed_conversations": len(heard.failures),
    }


async def _customer(door: Door, order: str, due: Due, began: float, heard: Heard) -> None:
    """Send each turn when it is meant to be sent, or as soon as the one before is answered."""
    try:
        await asyncio.sleep(began + due[0] - 1 - time.perf_counter())
        chat = await door.open()
        for step, meant in zip(late_parcel(order), due, strict=False):
            await asyncio.sleep(began + meant - time.perf_counter())
            replies = await chat.take(step)
            heard.answered.append((meant, time.perf_counter() - began - meant))
            heard.settled += any("It is settled" in text for text in replies)
    except (TurnFailed, httpx.HTTPError) as failure:
        heard.failures.append(f"{type(failure).__name__}: {failure}")


def _own_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
