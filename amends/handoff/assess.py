"""Assessment of a conversation from its messages (ISO 10002 clause 7.5)."""

from collections.abc import Callable, Sequence

from amends.conversations.model import Understanding
from amends.handoff.model import Assessment, Severity, Signal

DECAY = 0.6
"""Weight of a message against the next one: the mood of today counts more than that of the start.
The latest turn alone predicts dissatisfaction best; its rise since the first one is weak."""

IMMEDIATE = frozenset({"safety", "self_harm", "violence_threat", "harassment"})


def signal_of(found: Understanding) -> Signal:
    return Signal(
        sentiment=found.sentiment,
        sentiment_label=found.sentiment_label,
        flags=found.flags,
        severity=Severity(found.severity),
        complaint=found.complaint,
        category=found.category,
        secondary_count=len(found.secondary),
        waiting_hours=found.waiting_hours,
        intent=found.intent,
        confidence=found.confidence,
    )


def assess(
    signals: Sequence[Signal], impact_minor: int = 0, repeat_complaint: bool = False
) -> Assessment:
    """Assess a conversation from its customer's messages so far, oldest first.

    Args:
        signals: at least one.
        impact_minor: value of the order concerned, in minor units; 0 when unknown.
        repeat_complaint: whether the customer complained within the last 30 days.
    """
    flags = frozenset[str]().union(*(signal.flags for signal in signals))
    return Assessment(
        severity=max((signal.severity for signal in signals), key=lambda s: s.rank),
        safety=bool(flags & {"safety", "violence_threat"}),
        complexity=_problems(signals),
        impact_minor=impact_minor,
        immediate=bool(flags & IMMEDIATE),
        sentiment=_mood(signals),
        negative_run=_run(signals, lambda signal: signal.sentiment_label == "neg"),
        flags=flags,
        waiting_hours=max((s.waiting_hours or 0.0 for s in signals), default=0.0),
        repeat_complaint=repeat_complaint,
        failed_attempts=_run(signals, lambda signal: signal.intent == "nlu_fallback"),
        message_count=len(signals),
    )


def _problems(signals: Sequence[Signal]) -> int:
    categories = {signal.category for signal in signals if signal.complaint and signal.category}
    most_secondary = max((signal.secondary_count for signal in signals), default=0)
    return max(len(categories), 1 + most_secondary if categories else 0)


def _mood(signals: Sequence[Signal]) -> float:
    """Weigh the messages, the latest most; a neutral detail does not wipe out the anger before."""
    total = weight = 0.0
    for age, signal in enumerate(reversed(signals)):
        total += signal.sentiment * DECAY**age
        weight += DECAY**age
    return total / weight


def _run(signals: Sequence[Signal], holds: Callable[[Signal], bool]) -> int:
    length = 0
    for signal in reversed(signals):
        if not holds(signal):
            break
        length += 1
    return length
