"""The customer's mood as a small line, and as a sentence for those who do not see it."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, MARGIN = 240, 44, 4


@dataclass(frozen=True, slots=True)
class Mood:
    points: tuple[tuple[float, float], ...]
    sentence: str
    latest: str  # neg, neu or pos

    @property
    def path(self) -> str:
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in self.points)


def mood(sentiments: Sequence[float]) -> Mood | None:
    """Draw sentiments from -1 (bottom) to 1 (top); None when nothing was assessed."""
    if not sentiments:
        return None
    step = (WIDTH - 2 * MARGIN) / max(1, len(sentiments) - 1)
    points = tuple((MARGIN + i * step, _height(value)) for i, value in enumerate(sentiments))
    return Mood(points, _sentence(sentiments), _label(sentiments[-1]))


def _height(value: float) -> float:
    bounded = max(-1.0, min(1.0, value))
    return MARGIN + (1 - bounded) / 2 * (HEIGHT - 2 * MARGIN)


def _label(value: float) -> str:
    return "neg" if value < -0.2 else "pos" if value > 0.2 else "neu"


_NAMES = {"neg": "negative", "neu": "neutral", "pos": "positive"}


def _sentence(sentiments: Sequence[float]) -> str:
    latest = _NAMES[_label(sentiments[-1])]
    count = len(sentiments)
    if count == 1:
        return f"{latest.capitalize()} (one message)"
    change = sentiments[-1] - sentiments[0]
    course = "steady" if abs(change) < 0.25 else "getting worse" if change < 0 else "improving"
    return f"Now {latest}, {course} over {count} messages"
