"""Plots as inline SVG: no scripts, no network; colours come from the page's style."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from amends.insights.charts.svg import line, short, tag
from amends.training.model import Confusion
from amends.training.statistics import Share

WIDTH = 360
"""Units of a plot's width, near the pixels of a phone: text stays legible without scaling."""
LABEL, BAR, ROW = 152, 162, 22
HEAT_LABELS = 16
CELL, HEAT_LEFT, HEAT_TOP = 26, 150, 120
LEFT, TOP, SIDE = 58, 12, 280
LONGEST = 24
"""Characters of a name that fit beside its bar; the table has the whole."""


@dataclass(frozen=True, slots=True)
class Series:
    """Points of one kind in a chart; drawn as a line, as marks, or as both."""

    name: str
    style: str  # class in the page's style: now, other, third, guide
    points: Sequence[tuple[float, float]]
    line: bool = True
    marks: bool = False
    spread: Sequence[tuple[float, float]] = ()  # low and high of each point


@dataclass(frozen=True, slots=True)
class Axis:
    title: str
    end: float = 1.0

    def ticks(self) -> list[float]:
        return [self.end * step / 4 for step in range(5)]


def bars(title: str, shares: Mapping[str, Share], others: Mapping[str, float]) -> Markup:
    """Draw a bar for each share, its interval as a whisker, another run's value as a line."""
    drawn = [
        _bar(place * ROW, name, found, others.get(name))
        for place, (name, found) in enumerate(shares.items())
    ]
    return _plot(title, WIDTH, len(shares) * ROW + 4, drawn)


def heat_map(title: str, confusions: Sequence[Confusion]) -> Markup:
    """Draw how often one label was taken for another, for the labels most concerned."""
    names = most_confused(confusions)
    places = {name: place for place, name in enumerate(names)}
    most = max((one.rows for one in confusions), default=1)
    drawn = [_heat_labels(name, place) for name, place in places.items()]
    drawn += [_heat_cell(place, place, None, most) for place in places.values()]
    drawn += [
        _heat_cell(places[one.expected], places[one.answered], one, most)
        for one in confusions
        if one.expected in places and one.answered in places
    ]
    size = len(names) * CELL
    return _plot(title, HEAT_LEFT + size + 40, HEAT_TOP + size + 4, drawn)


def most_confused(confusions: Sequence[Confusion]) -> list[str]:
    """Return the labels with most confusions, by name."""
    weight: dict[str, int] = {}
    for one in confusions:
        for name in (one.expected, one.answered):
            weight[name] = weight.get(name, 0) + one.rows
    return sorted(sorted(weight, key=lambda name: -weight[name])[:HEAT_LABELS])


def chart(title: str, across: Axis, up: Axis, series: Sequence[Series]) -> Markup:
    """Draw series over two axes that begin at 0; points beyond an axis are not drawn."""
    drawn = [_axes(across, up)]
    for one in series:
        drawn.append(_series(one, across, up))
    return _plot(title, WIDTH, TOP + SIDE + 44, drawn)


def _plot(title: str, width: float, height: float, inside: Sequence[Markup]) -> Markup:
    box = f"0 0 {short(width)} {short(height)}"
    return tag("svg", tag("title", title), *inside, viewBox=box, width=width, role="img")


def _bar(top: int, name: str, found: Share, other: float | None) -> Markup:
    low, high = found.interval95
    middle = top + ROW / 2
    parts = [
        tag("title", f"{name}: {found.hits} of {found.rows}"),
        tag("text", _cut(name), x=LABEL - 6, y=middle + 4, text_anchor="end"),
        tag("rect", x=LABEL, y=top + 4, width=BAR, height=ROW - 8, class_="track"),
        tag("rect", x=LABEL, y=top + 4, width=BAR * found.rate, height=ROW - 8, class_="bar"),
        line(LABEL + BAR * low, middle, LABEL + BAR * high, middle, "whisker"),
        tag("text", f"{100 * found.rate:.0f} %", x=WIDTH - 2, y=middle + 4, text_anchor="end"),
    ]
    if other is not None:
        x = LABEL + BAR * other
        parts.append(line(x, top + 1, x, top + ROW - 1, "other"))
    return tag("g", *parts)


def _heat_labels(name: str, place: int) -> Markup:
    along = place * CELL + CELL / 2
    x, y = HEAT_LEFT + along + 4, HEAT_TOP - 6
    turn = f"rotate(-60 {short(x)} {y})"
    return tag(
        "g",
        tag("text", _cut(name), x=HEAT_LEFT - 6, y=HEAT_TOP + along + 4, text_anchor="end"),
        tag("text", _cut(name), x=x, y=y, transform=turn),
    )


def _heat_cell(row: int, column: int, found: Confusion | None, most: int) -> Markup:
    x, y = HEAT_LEFT + column * CELL, HEAT_TOP + row * CELL
    box = {"x": x + 1, "y": y + 1, "width": CELL - 2, "height": CELL - 2}
    if found is None:
        return tag("rect", class_="track", **box)
    strength = math.sqrt(found.rows / most)
    style = "strong" if strength > 0.6 else ""
    return tag(
        "g",
        tag("title", f"{found.expected} read as {found.answered}: {found.rows}"),
        tag("rect", class_="heat", fill_opacity=0.15 + 0.85 * strength, **box),
        tag("text", found.rows, x=x + CELL / 2, y=y + CELL / 2 + 4, class_=f"count {style}"),
    )


def _axes(across: Axis, up: Axis) -> Markup:
    bottom = TOP + SIDE
    parts = []
    for tick in across.ticks():
        x = _x(tick, across)
        parts.append(line(x, TOP, x, bottom, "grid"))
        parts.append(tag("text", _tick(tick), x=x, y=bottom + 16, text_anchor="middle"))
    for tick in up.ticks():
        y = _y(tick, up)
        parts.append(line(LEFT, y, LEFT + SIDE, y, "grid"))
        parts.append(tag("text", _tick(tick), x=LEFT - 6, y=y + 4, text_anchor="end"))
    middle = TOP + SIDE / 2
    parts.append(tag("text", across.title, x=LEFT + SIDE / 2, y=bottom + 36, text_anchor="middle"))
    turn = f"rotate(-90 12 {short(middle)})"
    parts.append(tag("text", up.title, x=12, y=middle, transform=turn, text_anchor="middle"))
    return tag("g", *parts)


def _series(series: Series, across: Axis, up: Axis) -> Markup:
    inside = [(x, y) for x, y in series.points if x <= across.end and y <= up.end]
    places = [(_x(x, across), _y(y, up)) for x, y in inside]
    parts = [tag("title", series.name)]
    if series.line:
        path = " ".join(f"{short(x)},{short(y)}" for x, y in places)
        parts.append(tag("polyline", points=path))
    for (x, _), (low, high) in zip(places, series.spread, strict=False):
        parts.append(line(x, _y(low, up), x, _y(high, up), "spread"))
    if series.marks:
        parts += [tag("circle", cx=x, cy=y, r=4.5) for x, y in places]
    return tag("g", *parts, class_=f"series {series.style}")


def _x(value: float, axis: Axis) -> float:
    return LEFT + SIDE * value / axis.end


def _y(value: float, axis: Axis) -> float:
    return TOP + SIDE * (1 - value / axis.end)


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST else name[: LONGEST - 1] + "\u2026"


def _tick(value: float) -> str:
    return f"{100 * value:.3g} %"
