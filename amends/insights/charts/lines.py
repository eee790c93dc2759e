"""Lines over time, with the band in which each value may as well lie."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from amends.insights.charts.svg import (
    NOTHING_DRAWN,
    Caption,
    chart,
    line,
    path,
    percent,
    stretched,
    tag,
)

TOP, PLOT, FOOT = 14, 176, 30
SPARK = 34
LEFT, RIGHT = 7.0, 2.0
"""Per cent of the width that stay free at the sides: for the words of the axis, and for marks."""
MOST_LABELS = 4
MARKS_UP_TO = 27
"""More values than this are drawn without a mark at each."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One value with its interval; None where nothing can be told."""

    value: float | None
    low: float | None = None
    high: float | None = None
    words: str = ""  # shown when it is pointed at


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    style: str  # first, second, third
    spots: Sequence[Spot]


@dataclass(frozen=True, slots=True)
class Axis:
    """What is shown from bottom to top; each tick is a value and its word."""

    low: float
    high: float
    ticks: Sequence[tuple[float, str]]

    def y(self, value: float) -> float:
        """Return where a value lies in the plot, from its top; beyond the axis: at its edge."""
        part = (value - self.low) / (self.high - self.low)
        return PLOT * (1 - min(1.0, max(0.0, part)))


def line_chart(
    caption: Caption, lines: Sequence[Line], labels: Sequence[str], axis: Axis
) -> Markup:
    """Draw lines of equal length, with a label below as many of their spots as there is room."""
    count = len(labels)
    drawn = [_grid(axis, value) for value, _ in axis.ticks]
    shapes = [shape for one in lines for shape in (*_bands(one, axis), *_strokes(one, axis))]
    drawn.append(stretched(TOP, PLOT, shapes))
    drawn += [mark for one in lines for mark in _marks(one, axis)]
    drawn += [_tick(axis, value, word) for value, word in axis.ticks]
    drawn += [_label(place, count, labels[place]) for place in shown(count)]
    return chart("line", caption, TOP + PLOT + FOOT, drawn)


def sparkline(caption: Caption, values: Sequence[float | None], least: float) -> Markup:
    """Draw a small line without axes; nothing for fewer than three values.

    Args:
        least: How much the height stands for at the least, so that trifles look like trifles.
    """
    known = [value for value in values if value is not None]
    if len(known) < 3:
        return NOTHING_DRAWN
    low, high = min(known), max(known)
    spare = max(0.0, least - (high - low)) / 2 or (0.5 if high == low else 0.0)
    axis = Axis(low - spare, high + spare, ())
    spots = [Spot(value) for value in values]
    step = 1000 / max(1, len(values) - 1)
    parts = [
        tag(
            "polyline", points=path([(place * step, _spark_y(axis, value)) for place, value in run])
        )
        for run in _known_runs(spots)
    ]
    return chart("spark", caption, SPARK, [stretched(0, SPARK, parts)])


def shown(count: int) -> list[int]:
    """Return the places that get a label, the first and the last among them."""
    if count <= MOST_LABELS:
        return list(range(count))
    steps = MOST_LABELS - 1
    return [round(place * (count - 1) / steps) for place in range(MOST_LABELS)]


def _x(place: int, count: int) -> float:
    """Return where a place lies, in per cent of the width."""
    return 50.0 if count < 2 else LEFT + (100 - LEFT - RIGHT) * place / (count - 1)


def _grid(axis: Axis, value: float) -> Markup:
    y = TOP + axis.y(value)
    return line("0", y, "100%", y, "grid")


def _tick(axis: Axis, value: float, word: str) -> Markup:
    y = TOP + axis.y(value) - 4
    return tag("text", word, x="0", y=y, class_="tick", aria_hidden="true")


def _label(place: int, count: int, word: str) -> Markup:
    is_last = 0 < place == count - 1
    anchor, x = ("end", "100%") if is_last else ("middle", percent(_x(place, count)))
    y = TOP + PLOT + 20
    return tag("text", word, x=x, y=y, text_anchor=anchor, class_="tick", aria_hidden="true")


def _spark_y(axis: Axis, value: float) -> float:
    return 3 + axis.y(value) * (SPARK - 6) / PLOT


def _known_runs(spots: Sequence[Spot]) -> Iterator[list[tuple[int, float]]]:
    """Yield stretches of values that follow each other, each with its place."""
    run: list[tuple[int, float]] = []
    for place, spot in enumerate(spots):
        if spot.value is not None:
            run.append((place, spot.value))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _runs(spots: Sequence[Spot], axis: Axis) -> Iterator[list[tuple[float, float]]]:
    """Yield stretches of values that follow each other, as points of the plot."""
    for run in _known_runs(spots):
        yield [(10 * _x(place, len(spots)), axis.y(value)) for place, value in run]


def _bands(one: Line, axis: Axis) -> Iterator[Markup]:
    lows = [Spot(spot.low) for spot in one.spots]
    highs = [Spot(spot.high) for spot in one.spots]
    for low, high in zip(_runs(lows, axis), _runs(highs, axis), strict=True):
        if len(low) > 1:
            yield tag("polygon", points=path([*high, *reversed(low)]), class_=f"band {one.style}")


def _strokes(one: Line, axis: Axis) -> Iterator[Markup]:
    for run in _runs(one.spots, axis):
        if len(run) > 1:
            yield tag("polyline", points=path(run), class_=f"stroke {one.style}")


def _marks(one: Line, axis: Axis) -> Iterator[Markup]:
    count = len(one.spots)
    for place, spot in enumerate(one.spots):
        if spot.value is None:
            continue
        style = one.style if count <= MARKS_UP_TO or _stands_alone(one.spots, place) else "unseen"
        x, y = percent(_x(place, count)), TOP + axis.y(spot.value)
        yield tag("circle", tag("title", spot.words), cx=x, cy=y, r=3.5, class_=f"mark {style}")


def _stands_alone(spots: Sequence[Spot], place: int) -> bool:
    beside = [spots[near] for near in (place - 1, place + 1) if 0 <= near < len(spots)]
    return all(spot.value is None for spot in beside)
