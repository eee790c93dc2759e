"""Plots of two policies as inline SVG: no scripts, no network; colours come from the page."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from amends.compensation.currency import format_minor
from amends.compensation.simulation.model import Cost
from amends.insights.charts.svg import tag

WIDTH, LABEL, BAR = 480, 190, 190
"""Units across: the whole, the name, the longest bar; the rest holds its value."""
PAIR, ROW, THICK = 34, 20, 12
LONGEST = 32


def paired_bars(title: str, costs: Mapping[str, Cost], currency: str) -> Markup:
    """Draw two bars for each name: what it costs under the old policy and under the new one."""
    most = max((max(cost.old, cost.new) for cost in costs.values()), default=0) or 1
    drawn = []
    for place, (name, cost) in enumerate(costs.items()):
        top = place * PAIR + 4
        drawn.append(_name(name, top + THICK + 4))
        for below, style, minor in ((0, "old", cost.old), (THICK + 1, "new", cost.new)):
            text = format_minor(minor, currency)
            drawn.append(_bar(f"{name}, {style}: {text}", text, style, top + below, minor / most))
    return _plot(title, len(costs) * PAIR + 4, drawn)


def bins(title: str, rows: Sequence[tuple[str, int, bool]]) -> Markup:
    """Draw how many cases differ by how much, a bar for each bin."""
    most = max((cases for _, cases, _ in rows), default=0) or 1
    drawn = []
    for place, (name, cases, more) in enumerate(rows):
        top = place * ROW + 4
        drawn.append(_name(name, top + THICK - 2))
        style = "new" if more else "old"
        drawn.append(_bar(f"{name}: {cases} cases", str(cases), style, top, cases / most))
    return _plot(title, len(rows) * ROW + 4, drawn)


def _name(name: str, y: float) -> Markup:
    short = name if len(name) <= LONGEST else name[: LONGEST - 1] + "\u2026"
    return tag("text", short, x=LABEL - 6, y=y, text_anchor="end")


def _bar(title: str, value: str, style: str, top: float, share: float) -> Markup:
    return tag(
        "g",
        tag("title", title),
        tag("rect", x=LABEL, y=top, width=BAR * share, height=THICK, class_=style),
        tag("text", value, x=LABEL + BAR * share + 5, y=top + THICK - 2),
    )


def _plot(title: str, height: float, inside: Sequence[Markup]) -> Markup:
    box = f"0 0 {WIDTH} {height}"
    return tag("svg", tag("title", title), *inside, viewBox=box, width=WIDTH, role="img")
