"""Bars: one below the other, in one row for a scale, and ordered for a Pareto."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from amends.insights.charts.svg import (
    Caption,
    chart,
    line,
    linked,
    path,
    percent,
    stretched,
    tag,
)

ROW, BAR_TOP, BAR = 42, 22, 10
STACK = 34
PARETO, PARETO_TOP, PARETO_FOOT = 180, 18, 22


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, its value in words, how long it is, and where it leads."""

    name: str
    words: str
    value: float
    href: str = ""
    low: float | None = None
    high: float | None = None
    tone: str = ""  # good, bad, quiet


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a row that makes up a whole."""

    name: str
    words: str
    value: float
    style: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One bar of a Pareto; shares are 0 to 1."""

    name: str
    words: str
    share: float
    cumulative: float
    href: str = ""
    vital: bool = False


def bar_chart(caption: Caption, bars: Sequence[Bar], most: float) -> Markup:
    """Draw a bar for each, its name and value above it, its interval as a whisker.

    Args:
        most: The value of a bar across the whole width, above 0.
    """
    drawn = [_bar(place * ROW, bar, most) for place, bar in enumerate(bars)]
    has_links = any(bar.href for bar in bars)
    return chart("bars", caption, max(1, len(bars)) * ROW, drawn, linked=has_links)


def stack_chart(caption: Caption, segments: Sequence[Segment]) -> Markup:
    """Draw what makes up a whole in one row, each part with its name where there is room."""
    total = sum(segment.value for segment in segments)
    drawn, left = [], 0.0
    for segment in segments:
        width = 100 * segment.value / total if total else 0.0
        if width:
            drawn.append(_segment(left, width, segment))
        left += width
    return chart("stack", caption, STACK, drawn, linked=any(one.href for one in segments))


def pareto_chart(caption: Caption, steps: Sequence[Step], most: float = 0.8) -> Markup:
    """Draw numbered bars, the largest first, and the line of what they make up together."""
    slot = 100 / max(1, len(steps))
    guide = PARETO_TOP + PARETO * (1 - most)
    drawn = [
        line("0", PARETO_TOP + PARETO, "100%", PARETO_TOP + PARETO, "grid"),
        line("0", guide, "100%", guide, "grid guide"),
        tag("text", f"{100 * most:.0f}%", x="0", y=guide - 4, class_="tick", aria_hidden="true"),
    ]
    drawn += [_step(place * slot, slot, place + 1, step) for place, step in enumerate(steps)]
    dots = [((place + 0.5) * slot, one.cumulative) for place, one in enumerate(steps)]
    points = path([(10 * x, PARETO * (1 - share)) for x, share in dots])
    stroke = [tag("polyline", points=points, class_="stroke second")] if len(dots) > 1 else []
    drawn.append(stretched(PARETO_TOP, PARETO, stroke))
    drawn += [
        tag(
            "circle", cx=percent(x), cy=PARETO_TOP + PARETO * (1 - share), r=3, class_="mark second"
        )
        for x, share in dots
    ]
    height = PARETO_TOP + PARETO + PARETO_FOOT
    return chart("pareto", caption, height, drawn, linked=any(one.href for one in steps))


def _bar(top: float, bar: Bar, most: float) -> Markup:
    length = 100 * min(1.0, max(0.0, bar.value / most)) if most else 0.0
    middle = top + BAR_TOP + BAR / 2
    parts = [
        tag("rect", x="0", y=top, width="100%", height=ROW - 4, class_="hit"),
        tag("text", bar.name, x="0", y=top + 15, class_="name", aria_hidden="true"),
        tag(
            "text", bar.words, x="100%", y=top + 15, text_anchor="end", class_="value",
            aria_hidden="true",
        ),
        tag("rect", x="0", y=top + BAR_TOP, width="100%", height=BAR, rx=3, class_="track"),
        tag(
            "rect", x="0", y=top + BAR_TOP, width=percent(length), height=BAR, rx=3,
            class_=f"bar {bar.tone}".strip(),
        ),
    ]  # fmt: skip
    if bar.value and bar.low is not None and bar.high is not None and most:
        low, high = (percent(100 * min(1.0, one / most)) for one in (bar.low, bar.high))
        parts.append(line(low, middle, high, middle, "whisker"))
        parts += [line(end, middle - 4, end, middle + 4, "whisker") for end in (low, high)]
    return linked(bar.href, f"{bar.name}: {bar.words}", *parts)


def _segment(left: float, width: float, segment: Segment) -> Markup:
    box = tag(
        "rect", tag("title", f"{segment.name}: {segment.words}"), x=percent(left), y=0,
        width=percent(max(0.2, width - 0.3)), height=STACK, rx=3, class_=f"part {segment.style}",
    )  # fmt: skip
    parts = [box]
    if width >= 6:
        x = percent(left + width / 2)
        label = tag(
            "text", segment.name, x=x, y=STACK / 2 + 5, text_anchor="middle", class_="inside",
            aria_hidden="true",
        )  # fmt: skip
        parts.append(label)
    return linked(segment.href, f"{segment.name}: {segment.words}", *parts)


def _step(left: float, slot: float, number: int, step: Step) -> Markup:
    height = PARETO * step.share
    parts = [
        tag(
            "rect", tag("title", f"{step.name}: {step.words}"), x=percent(left),
            y=PARETO_TOP, width=percent(slot), height=PARETO, class_="hit",
        ),
        tag(
            "rect", x=percent(left + slot * 0.12), y=PARETO_TOP + PARETO - height,
            width=percent(slot * 0.76), height=height, rx=2,
            class_="bar" if step.vital else "bar quiet",
        ),
        tag(
            "text", str(number), x=percent(left + slot / 2), y=PARETO_TOP + PARETO + 16,
            text_anchor="middle", class_="tick", aria_hidden="true",
        ),
    ]  # fmt: skip
    return linked(step.href, f"{number}. {step.name}: {step.words}", *parts)
