"""A radar: values of one scale on axes that leave one middle."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from amends.insights.charts.svg import Caption, path, picture, tag

WIDTH, HEIGHT, RADIUS = 380, 262, 100
MIDDLE = (WIDTH / 2, 132)


@dataclass(frozen=True, slots=True)
class Round:
    """One value per axis; None where nothing can be told."""

    name: str
    style: str  # first, second
    values: Sequence[float | None]


def radar_chart(
    caption: Caption,
    axes: Sequence[str],
    rounds: Sequence[Round],
    scale: tuple[float, float],
    rings: Sequence[tuple[float, str]],
    zero: float | None = None,
) -> Markup:
    """Draw each round as an area.

    Args:
        axes: Their names, clockwise from the top.
        scale: The value in the middle, and at the end of each axis.
        rings: Values with their words, at which a ring is drawn.
        zero: The value of the ring that is drawn strong.
    """
    count = len(axes)
    drawn = [_ring(value, word, count, scale, value == zero) for value, word in rings]
    for place, name in enumerate(axes):
        x, y = _point(place, count, 1.0)
        drawn.append(tag("line", x1=MIDDLE[0], y1=MIDDLE[1], x2=x, y2=y, class_="grid"))
        drawn.append(_name(place, count, name))
    drawn += [shape for one in rounds for shape in _area(one, count, scale)]
    return picture("radar", caption, (WIDTH, HEIGHT), drawn)


def _point(place: int, count: int, part: float) -> tuple[float, float]:
    angle = 2 * math.pi * place / count - math.pi / 2
    return (
        MIDDLE[0] + RADIUS * part * math.cos(angle),
        MIDDLE[1] + RADIUS * part * math.sin(angle),
    )


def _part(value: float, scale: tuple[float, float]) -> float:
    return min(1.0, max(0.0, (value - scale[0]) / (scale[1] - scale[0])))


def _ring(value: float, word: str, count: int, scale: tuple[float, float], is_zero: bool) -> Markup:
    part = _part(value, scale)
    corners = [_point(place, count, part) for place in range(count)]
    style = "ring zero" if is_zero else "ring"
    x, y = _point(0, count, part)
    return tag(
        "g",
        tag("polygon", points=path(corners), class_=style),
        tag("text", word, x=x + 4, y=y - 3, class_="tick"),
    )


def _name(place: int, count: int, name: str) -> Markup:
    x, y = _point(place, count, 1.2)
    side = x - MIDDLE[0]
    anchor = "middle" if abs(side) < 10 else "start" if side > 0 else "end"
    return tag("text", name, x=x, y=y + 4, text_anchor=anchor, class_="name")


def _area(one: Round, count: int, scale: tuple[float, float]) -> list[Markup]:
    known = [
        _point(place, count, _part(value, scale))
        for place, value in enumerate(one.values)
        if value is not None
    ]
    marks = [tag("circle", cx=x, cy=y, r=3.5, class_=f"mark {one.style}") for x, y in known]
    if len(known) < count or count < 3:
        return marks
    return [tag("polygon", points=path(known), class_=f"area {one.style}"), *marks]
