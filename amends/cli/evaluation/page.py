"""The report: one page that needs nothing but itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from amends.cli.evaluation import plots
from amends.cli.evaluation.plots import Axis, Series
from amends.cli.evaluation.record import Other, Run, changed_of
from amends.cli.evaluation.tables import beside, curve_rows, interval, percent, value
from amends.training.comparison import compare, headlines
from amends.training.model import (
    Calibration,
    Confusion,
    CrossValidation,
    Figures,
    HandoffCurve,
    Shares,
)

CONFUSIONS = 25
CURVE_STYLES = ("now", "third", "fourth")
MOST_ALARMS = 0.2
"""False alarms beyond which nobody would want a limit, unless the one in force is there."""


@dataclass(frozen=True, slots=True)
class Table:
    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Panel:
    """A plot with the same figures as a table beside it, and what to know when reading it."""

    title: str
    table: Table
    plot: Markup | None = None
    note: str = ""
    legend: Sequence[tuple[str, str]] = ()  # style and name
    wide: bool = False


def page(run: Run, others: Sequence[Other]) -> str:
    """Return the report on a run, compared with others; the last of them is drawn, too."""
    panels: list[Panel] = []
    if run.figures:
        panels += _of_rows(run.figures, run.curves, others)
    if run.cross:
        panels += _of_own_lines(run.cross)
    return (
        _environment()
        .get_template("page.html")
        .render(
            run=run,
            style=Markup(files(__package__).joinpath("page.css").read_text("utf-8")),
            summary=_summary(run, others),
            panels=panels,
            changes=[(other.name, changed_of(run, other)) for other in others],
        )
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("amends.cli.evaluation", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _summary(run: Run, others: Sequence[Other]) -> Table:
    rows = []
    for one in headlines(run.figures, run.cross):
        found = [other.value_of(one.key) for other in others]
        cells = ["-" if v is None else beside(one, compare(one, v)) for v in found]
        size = "" if one.rows is None else str(one.rows)
        rows.append([one.title, value(one), interval(one), size, *cells])
    return Table(
        "What was found; shares with their 95 % interval",
        ["Figure", "Now", "95 %", "Rows", *(other.name for other in others)],
        rows,
    )


def _of_rows(
    figures: Figures, curves: Sequence[HandoffCurve], others: Sequence[Other]
) -> list[Panel]:
    category = figures.category
    found = [
        _bars("Category right, by category", category.by_category, others, "by_category"),
        _bars("Category right, by source", category.by_source, others, "by_source"),
        _bars("Category right, by language", category.by_language, others, "by_language"),
        _bars("Category right, by length of message", category.by_length, others, "by_length"),
        _confusions("Confusions", category.confusions),
        _reliability(figures.calibration, others),
        _asking_back(figures.calibration),
    ]
    if figures.handoff:
        found.append(_flags(figures.handoff.by_flag))
    if curves:
        found.append(_handoff(curves))
    return found


def _bars(title: str, shares: Shares, others: Sequence[Other], key: str) -> Panel:
    drawn = others[-1] if others else None
    before = [
        {name: one["share"] for name, one in other.shares("figures", "category", key).items()}
        for other in others
    ]
    rows = [
        [name, percent(s.rate), interval(s), str(s.rows)]
        + [percent(one[name]) if name in one else "-" for one in before]
        for name, s in shares.items()
    ]
    columns = ["", "Right", "95 %", "Rows", *(other.name for other in others)]
    legend = [("bar", "now, with its 95 % interval")]
    legend += [("other", drawn.name)] if drawn else []
    plot = plots.bars(title, shares, before[-1] if before else {})
    return Panel(title, Table(title, columns, rows), plot, legend=legend)


def _confusions(title: str, confusions: Sequence[Confusion], wide: bool = True) -> Panel:
    rows = [[one.expected, one.answered, str(one.rows)] for one in confusions[:CONFUSIONS]]
    table = Table("Most frequent confusions", ["Expected", "Read as", "Rows"], rows)
    note = (
        "Down: what it was. Across: what it was read as. Only the labels confused most are drawn."
    )
    return Panel(title, table, plots.heat_map(title, confusions), note, wide=wide)


def _reliability(found: Calibration, others: Sequence[Other]) -> Panel:
    title = "Whether confidence means what it says"
    before = [_bins_of(other) for other in others]
    rows = [
        [
            f"{one.low:.1f}-{one.high:.1f}",
            percent(one.mean_confidence),
            percent(one.right.rate),
            interval(one.right),
            str(one.right.rows),
            *(percent(b[one.low][1]) if one.low in b else "-" for b in before),
        ]
        for one in found.bins
    ]
    columns = ["Confidence", "Mean", "Right", "95 %", "Rows", *(other.name for other in others)]
    series = [Series("as it should be", "guide", [(0, 0), (1, 1)]), *_now(found)]
    if others:
        points = list(before[-1].values())
        series.insert(1, Series(others[-1].name, "other", points, marks=True))
    plot = plots.chart(title, Axis("confidence"), Axis("right"), series)
    error = f"{found.expected_error:.3f}"
    note = f"Expected calibration error {error}: the mean distance from the line."
    return Panel(title, Table(title, columns, rows), plot, note, _legend(series))


def _now(found: Calibration) -> list[Series]:
    points = [(one.mean_confidence, one.right.rate) for one in found.bins]
    spread = [one.right.interval95 for one in found.bins]
    return [Series("now", "now", points, marks=True, spread=spread)]


def _bins_of(other: Other) -> dict[float, tuple[float, float]]:
    """Return mean confidence and share right of each bin of another run, by its lower end."""
    bins: Any = other.shares("figures", "calibration", "bins")
    return {one["low"]: (one["mean_confidence"], one["right"]["share"]) for one in bins}


def _asking_back(found: Calibration) -> Panel:
    title = "Asking back below a confidence"
    rows = [
        [f"{at.threshold:.2f}", percent(at.alone.rate), percent(at.right.rate), str(at.alone.hits)]
        for at in found.by_threshold
    ]
    now = found.in_force
    alone = [(at.threshold, at.alone.rate) for at in found.by_threshold]
    right = [(at.threshold, at.right.rate) for at in found.by_threshold if at.alone.hits]
    series = [Series("handled alone", "now", alone), Series("of these, right", "third", right)]
    plot = plots.chart(title, Axis("threshold"), Axis("share of rows"), series)
    note = (
        f"In force: {now.threshold:g}; with what else makes the assistant ask back, it handles "
        f"{percent(now.alone.rate)} alone, of which {percent(now.right.rate)} are right."
    )
    columns = ["Threshold", "Handled alone", "Of these, right", "Rows"]
    return Panel(title, Table(title, columns, rows), plot, note, _legend(series))


def _flags(shares: Shares) -> Panel:
    title = "Flags found where they should be"
    rows = [[name, percent(s.rate), interval(s), str(s.rows)] for name, s in shares.items()]
    return Panel(
        title,
        Table(title, ["Flag", "Found", "95 %", "Rows"], rows),
        plots.bars(title, shares, {}),
        legend=[("bar", "now, with its 95 % interval")],
    )


def _handoff(curves: Sequence[HandoffCurve]) -> Panel:
    title = "Handoff: recall against false alarms"
    series, rows = [], []
    for curve, style in zip(curves, CURVE_STYLES, strict=False):
        points = [(p.false_alarms_ordinary.rate, p.recall.rate) for p in curve.points]
        series.append(Series(f"{curve.condition} of {curve.row}", style, points))
    for curve in curves:
        rows += [[f"{curve.row}: {limit}", *cells] for limit, *cells in curve_rows(curve)]
    here = next(p for p in curves[0].points if p.limit == curves[0].in_force)
    place = (here.false_alarms_ordinary.rate, here.recall.rate)
    series.append(Series("in force", "here", [place], line=False, marks=True))
    end = min(1.0, max(MOST_ALARMS, 2 * place[0]))
    columns = ["Row and limit", "Recall", "False alarms", "On hard negatives"]
    return Panel(
        title,
        Table(title, columns, rows),
        plots.chart(title, Axis("false alarms on ordinary messages", end), Axis("recall"), series),
        "Each curve moves one limit of the handoff table; all others stay as they are. "
        f"Drawn up to {percent(end)} false alarms.",
        _legend(series),
    )


def _of_own_lines(cross: CrossValidation) -> list[Panel]:
    title = "Own lines: intent right"
    weakest = dict(sorted(cross.by_intent.items(), key=lambda item: item[1].rate))
    rows = [[n, percent(s.rate), interval(s), str(s.rows)] for n, s in weakest.items()]
    note = (
        f"Each line of data/nlu, read by a model trained without it ({cross.folds} folds). "
        "Own lines flatter as a rule: written by the same hands in one sitting, they resemble each "
        "other more than customers' messages do. Look here for confusions, not for how well "
        f"customers are understood. It would ask back at {percent(cross.asks_back.rate)}; "
        f"expected calibration error {cross.expected_error:.3f}."
    )
    table = Table(title, ["Intent", "Right", "95 %", "Lines"], rows)
    languages = [
        [n, percent(s.rate), interval(s), str(s.rows)] for n, s in cross.by_language.items()
    ]
    return [
        Panel(title, table, plots.bars(title, weakest, {}), note),
        Panel(
            "Own lines, by language",
            Table("Own lines, by language", ["Language", "Right", "95 %", "Lines"], languages),
            plots.bars("Own lines, by language", cross.by_language, {}),
        ),
        _confusions("Own lines: confusions", cross.confusions),
    ]


def _legend(series: Sequence[Series]) -> list[tuple[str, str]]:
    return [(one.style, one.name) for one in series]
