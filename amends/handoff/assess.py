"""Assessment of a conversation from its messages (ISO 10002 clause 7.5)."""

from collections.abc import Sequence
from dataclasses import dataclass

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


CALM_ENOUGH = 2
"""So many messages without anger in a row end a run of angry ones, and so does a friendly one:
a customer who gives an order number between two outbursts has not calmed down."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the messages themselves do not tell: the case, and how we have treated the customer."""

    impact_minor: int = 0  # value of the order concerned, in minor units; 0 when unknown
    repeat_complaint: bool = False  # the customer complained within the last 30 days
    times_asked: int = 0
    unanswered_minutes: int = 0
    last_offer_refused: bool = False


PLAIN = Circumstances()


def assess(signals: Sequence[Signal], about: Circumstances = PLAIN) -> Assessment:
    """Assess a conversation from its customer's messages so far: at least one, oldest first."""
    moods = _moods(signals)
    flags = frozenset[str]().union(*(signal.flags for signal in signals))
    return Assessment(
        severity=max((signal.severity for signal in signals), key=lambda s: s.rank),
        safety=bool(flags & {"safety", "violence_threat"}),
        complexity=_problems(signals),
        impact_minor=about.impact_minor,
        immediate=bool(flags & IMMEDIATE),
        sentiment=moods[-1],
        negative_run=_angry_run(signals),
        flags=flags,
        waiting_hours=max((s.waiting_hours or 0.0 for s in signals), default=0.0),
        repeat_complaint=about.repeat_complaint,
        failed_attempts=_not_understood(signals),
        message_count=len(signals),
        moods=moods[:-1],
        times_asked=about.times_asked,
        unanswered_minutes=about.unanswered_minutes,
        last_offer_refused=about.last_offer_refused,
    )


def _problems(signals: Sequence[Signal]) -> int:
    categories = {signal.category for signal in signals if signal.complaint and signal.category}
    most_secondary = max((signal.secondary_count for signal in signals), default=0)
    return max(len(categories), 1 + most_secondary if categories else 0)


def _moods(signals: Sequence[Signal]) -> tuple[float, ...]:
    """Return the mood after each message: the messages so far, the latest weighing most.

    A neutral detail does not wipe out the anger before.
    """
    moods: list[float] = []
    total = weight = 0.0
    for signal in signals:
        total, weight = total * DECAY + signal.sentiment, weight * DECAY + 1
        moods.append(total / weight)
    return tuple(moods)


def _angry_run(signals: Sequence[Signal]) -> int:
    """Count the negative messages since the customer was last calm, up to the latest message."""
    angry = calm = 0
    for signal in reversed(signals):
        if signal.sentiment_label == "neg":
            angry, calm = angry + 1, 0
            continue
        calm += 1
        if signal.sentiment_label == "pos" or calm == CALM_ENOUGH:
            break
    return angry


def _not_understood(signals: Sequence[Signal]) -> int:
    understood = (n for n, one in enumerate(reversed(signals)) if one.intent != "nlu_fallback")
    return next(understood, len(signals))
