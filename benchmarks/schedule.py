"""When the customers of an open loop write, and what the times of their turns come to."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from benchmarks.script import late_parcel

TURNS = len(late_parcel(""))
PAUSE_SIGMA = 0.6
"""How much pauses differ: two thirds lie between half and nearly twice the median."""

Due = tuple[float, ...]
"""Seconds after the beginning at which a conversation's turns are meant to be sent."""


@dataclass(frozen=True, slots=True)
class Plan:
    """An open loop: what is offered, whatever is answered.

    Attributes:
        rate: Turns per second offered, on average.
        pause: Mean seconds between a conversation's turns.
        warm_up: Seconds before the measured ones.
        seconds: How long is measured.
    """

    rate: float
    pause: float
    warm_up: float
    seconds: float

    @property
    def end(self) -> float:
        return self.warm_up + self.seconds

    def measures(self, meant: float) -> bool:
        return self.warm_up <= meant < self.end


def pause_seconds(mean: float, rng: Random) -> float:
    """Draw one pause of a customer: lognormal, with this mean."""
    return rng.lognormvariate(math.log(mean) - PAUSE_SIGMA**2 / 2, PAUSE_SIGMA)


def schedule(plan: Plan, rng: Random) -> list[Due]:
    """Draw conversations that begin at random moments, and pauses before each of their turns.

    No answer moves a turn: a slow one does not make the customers of an open loop write less.
    """
    chats: list[Due] = []
    begins = 0.0
    while (begins := begins + rng.expovariate(plan.rate / TURNS)) < plan.end:
        if due := _turns(begins, plan, rng):
            chats.append(due)
    return chats


def _turns(begins: float, plan: Plan, rng: Random) -> Due:
    due, at = [], begins
    for _ in range(TURNS):
        at += pause_seconds(plan.pause, rng)
        due.append(at)
    return tuple(at for at in due if at < plan.end)


def percentile(values: Sequence[float], share: float, lost: int = 0) -> float | None:
    """Return the value that this share of all does not exceed (nearest rank).

    Args:
        values: In any order.
        share: 0.95 for the 95th percentile.
        lost: How many more there are that never came, longer than any; None when it is one of them.
    """
    rank = max(1, math.ceil(share * (len(values) + lost)))
    return sorted(values)[rank - 1] if rank <= len(values) else None


def quantiles(values: Sequence[float], count: int) -> list[float]:
    """Return as many values, evenly likely, that stand for all of them, with a mean of one."""
    ordered = sorted(values)
    chosen = [ordered[int((i + 0.5) / count * len(ordered))] for i in range(count)]
    mean = sum(chosen) / count
    return [value / mean for value in chosen]


def open_summary(plan: Plan, chats: Sequence[Due], answered: Sequence[tuple[float, float]]) -> dict:
    """Tell an open loop in figures; a turn that was never answered counts as the longest.

    Args:
        plan: What was to be offered.
        chats: What was drawn from it.
        answered: Of each answered turn when it was meant to be sent, and the seconds from then to
            its answer.
    """
    meant = sum(plan.measures(at) for due in chats for at in due)
    taken = [seconds for at, seconds in answered if plan.measures(at)]
    # What is answered after the end, while nothing new is offered, was not reached under the load.
    in_time = sum(plan.measures(at + seconds) for at, seconds in answered)
    lost = meant - len(taken)
    return {
        "rate": plan.rate,
        "turns_offered": meant,
        "offered_per_second": round(meant / plan.seconds, 1),
        "answered_per_second": round(in_time / plan.seconds, 1),
        "turns_without_answer": lost,
        "p50_ms": _ms(percentile(taken, 0.5, lost)),
        "p95_ms": _ms(percentile(taken, 0.95, lost)),
    }


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * 1000, 1)
