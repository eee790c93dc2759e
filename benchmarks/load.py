"""Conversations at a steady number at a time, and what their turns took."""

import asyncio
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.doors import Door, TurnFailed
from benchmarks.processes import Json, cpu_seconds
from benchmarks.script import late_parcel


@dataclass
class Record:
    """What the turns of one load came to."""

    milliseconds: list[float] = field(default_factory=list)
    replies: int = 0
    settled: int = 0
    failures: list[str] = field(default_factory=list)


async def measure_load(
    door: Door,
    orders: Iterator[str],
    chats: int,
    conversations: int,
    pids: dict[str, int],
    record: Record | None = None,
) -> Json:
    """Hold `conversations` conversations, `chats` at a time.

    Args:
        door: Where they are held.
        orders: Numbers of late orders, a new one for each conversation.
        chats: How many customers write at the same moment; each waits for the answer.
        conversations: How many conversations in all.
        pids: Processes whose processor time is counted, by name.
        record: Takes the time of each turn, for whoever wants to know them all.
    """
    record = record or Record()
    left = iter(range(conversations))
    before = {name: cpu_seconds(pid) for name, pid in pids.items()}
    began = time.perf_counter()
    await asyncio.gather(*(_customer(door, orders, left, record) for _ in range(chats)))
    seconds = time.perf_counter() - began
    used = {name: cpu_seconds(pid) - before[name] for name, pid in pids.items()}
    return _summary(chats, conversations, record, seconds, used)


async def _customer(door: Door, orders: Iterator[str], left: Iterator[int], record: Record) -> None:
    for _ in left:
        chat = await door.open()
        try:
            for step in late_parcel(next(orders)):
                began = time.perf_counter()
                replies = await chat.take(step)
                record.milliseconds.append((time.perf_counter() - began) * 1000)
                record.replies += len(replies)
                record.settled += any("It is settled" in text for text in replies)
        except TurnFailed as failure:
            record.failures.append(str(failure))


def _summary(
    chats: int, conversations: int, record: Record, seconds: float, used: dict[str, float]
) -> Json:
    taken = sorted(record.milliseconds)
    if not taken:
        return {"chats": chats, "turns": 0, "failures": record.failures[:5]}
    return {
        "chats": chats,
        "conversations": conversations,
        "turns": len(taken),
        "p50_ms": round(statistics.median(taken), 1),
        "p95_ms": round(taken[int(len(taken) * 0.95)], 1),
        "turns_per_second": round(len(taken) / seconds, 1),
        "cpu_ms_per_turn": {n: round(used[n] * 1000 / len(taken), 1) for n in used},
        "replies_per_turn": round(record.replies / len(taken), 2),
        "conversations_settled": record.settled,
        "failures": record.failures[:5],
        "failed_conversations": len(record.failures),
    }
