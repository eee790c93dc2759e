"""The clocks of a handoff: place in the queue, and by when an answer is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from amends.handoff.model import Handoff


@dataclass(frozen=True, slots=True)
class Wait:
    """What a waiting customer may be told, from the handoff's own row."""

    position: int  # 1 is next
    minutes: int  # until the answer is due; 0 when it is overdue
    due_at: datetime
    late: bool


def wait_for(handoff: Handoff, queue: Sequence[Handoff], now: datetime) -> Wait:
    """Tell the truth about a wait.

    Args:
        handoff: the one that waits.
        queue: all that wait, most urgent first.
    """
    place = next((i for i, other in enumerate(queue, 1) if other.id == handoff.id), 1)
    late = now >= handoff.answer_due_at
    due_at = handoff.limit_due_at if late else handoff.answer_due_at
    minutes = max(0, ceil((due_at - now).total_seconds() / 60))
    return Wait(position=place, minutes=minutes, due_at=due_at, late=late)


def wait_words(wait: Wait) -> str:
    if wait.minutes == 0:
        place = "you are next" if wait.position == 1 else f"you are number {wait.position} in line"
        return f"You have waited longer than we promised, and we are sorry; {place}."
    time = _time_words(wait.minutes)
    return f"You are number {wait.position} in the queue; you will have an answer within {time}."


def _time_words(minutes: int) -> str:
    if minutes >= 120:
        return f"{ceil(minutes / 60)} hours"
    return "a minute" if minutes == 1 else f"{minutes} minutes"
