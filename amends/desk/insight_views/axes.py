"""Axes that end at round numbers, their ticks in words."""

from collections.abc import Callable

from amends.desk import insight_words as figures
from amends.insights.charts.lines import Axis


def shares_axis() -> Axis:
    return Axis(0, 1, [(one / 4, figures.share(one / 4)) for one in (0, 2, 4)])


def scores_axis() -> Axis:
    return Axis(1, 5, [(one, str(one)) for one in (1, 3, 5)])


def open_axis(highest: float, say: Callable[[float], str]) -> Axis:
    """Return an axis from 0 to a round number above the highest value."""
    top = nice(highest)
    return Axis(0, top, [(top * part, say(top * part)) for part in (0, 0.5, 1)])


def duration_axis(highest: float) -> Axis:
    """Return an axis of time that ends at a round number of seconds, minutes, hours or days."""
    unit = next((one for one in (86_400, 3600, 60) if highest >= one), 1)
    top = nice(highest / unit) * unit
    return Axis(0, top, [(top * part, figures.duration(top * part)) for part in (0, 0.5, 1)])


def nice(highest: float) -> float:
    """Return the first of 1, 2, 4, 6, 8, 10 times a power of ten that is not below a value."""
    if highest <= 0:
        return 1.0
    power = 1.0
    while power * 10 <= highest:
        power *= 10
    while power > highest:
        power /= 10
    return next(power * step for step in (1, 2, 4, 6, 8, 10) if power * step >= highest * 0.999)
