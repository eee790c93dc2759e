"""The customer's mood as a small line, and as a sentence for those who do not see it."""

from collections.abc import Sequence
from dataclasses import dataclass

from amends.desk.speech import mark, tr

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
    return Mood(points, _sentence(sentiments), label(sentiments[-1]))


def _height(value: float) -> float:
    bounded = max(-1.0, min(1.0, value))
    return MARGIN + (1 - bounded) / 2 * (HEIGHT - 2 * MARGIN)


def label(value: float) -> str:
    return "neg" if value < -0.2 else "pos" if value > 0.2 else "neu"


_ONE = {
    "neg": mark("Negative (one message)"),
    "neu": mark("Neutral (one message)"),
    "pos": mark("Positive (one message)"),
}
_COURSE = {
    ("neg", "steady"): mark("Now negative, steady over {count} messages"),
    ("neg", "worse"): mark("Now negative, getting worse over {count} messages"),
    ("neg", "better"): mark("Now negative, improving over {count} messages"),
    ("neu", "steady"): mark("Now neutral, steady over {count} messages"),
    ("neu", "worse"): mark("Now neutral, getting worse over {count} messages"),
    ("neu", "better"): mark("Now neutral, improving over {count} messages"),
    ("pos", "steady"): mark("Now positive, steady over {count} messages"),
    ("pos", "worse"): mark("Now positive, getting worse over {count} messages"),
    ("pos", "better"): mark("Now positive, improving over {count} messages"),
}


def _sentence(sentiments: Sequence[float]) -> str:
    latest, count = label(sentiments[-1]), len(sentiments)
    if count == 1:
        return tr(_ONE[latest])
    change = sentiments[-1] - sentiments[0]
    course = "steady" if abs(change) < 0.25 else "worse" if change < 0 else "better"
    return tr(_COURSE[latest, course], count=count)
