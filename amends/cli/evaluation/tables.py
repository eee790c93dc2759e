"""The figures of a run at the terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from amends.cli.evaluation.record import Other, Run, changed_of
from amends.training.comparison import Change, Headline, Verdict, compare, headlines
from amends.training.model import Confusion, CrossValidation, Figures, HandoffCurve, Shares
from amends.training.statistics import Share

CONFUSIONS = 10
WEAKEST = 12
CURVE_ROWS = 4
"""Rows shown on either side of the limit in force; the report has them all."""
IN_FORCE = ", in force"
STYLES = {Verdict.BETTER: "green", Verdict.WORSE: "red", Verdict.SAME: "dim"}


def print_tables(run: Run, others: Sequence[Other], console: Console | None = None) -> None:
    console = console or Console()
    console.print(_headlines(run, others))
    if run.figures:
        _print_figures(console, run.figures, others)
    for curve in run.curves:
        console.print(_curve(curve))
    if run.cross:
        _print_cross(console, run.cross)
    for other in others:
        console.print(_changes(run, other), style="dim")


def percent(rate: float) -> str:
    return f"{100 * rate:.1f} %"


def interval(found: Share | Headline) -> str:
    if found.interval95 is None:
        return ""
    low, high = found.interval95
    return f"{100 * low:.1f}-{100 * high:.1f}"


def value(headline: Headline) -> str:
    """Return a share in percent and a score or an error as a number."""
    return percent(headline.value) if headline.interval95 else f"{headline.value:.3f}"


def beside(headline: Headline, change: Change) -> str:
    """Return the other run's value and how this run stands to it; `?`: it may be chance."""
    before = percent(change.before) if headline.interval95 else f"{change.before:.3f}"
    return f"{before} ({change.verdict}{'?' if change.may_be_chance else ''})"


def _headlines(run: Run, others: Sequence[Other]) -> Table:
    table = _table(run.model, "figure", "now", "95 %", "rows", *(other.name for other in others))
    for one in headlines(run.figures, run.cross):
        cells = [_beside(one, other) for other in others]
        rows = "" if one.rows is None else str(one.rows)
        table.add_row(one.title, value(one), interval(one), rows, *cells)
    return table


def _beside(headline: Headline, other: Other) -> Text:
    before = other.value_of(headline.key)
    if before is None:
        return Text("-", style="dim")
    change = compare(headline, before)
    return Text(beside(headline, change), style=STYLES[change.verdict])


def _print_figures(console: Console, figures: Figures, others: Sequence[Other]) -> None:
    category = figures.category
    console.print(_shares("Category right, by category", category.by_category, others))
    for title, shares in (
        ("By source", category.by_source),
        ("By language", category.by_language),
        ("By length", category.by_length),
    ):
        console.print(_shares(title, shares, ()))
    console.print(_confusions("Most frequent confusions", category.confusions))
    if figures.handoff:
        console.print(_shares("Flags found", figures.handoff.by_flag, ()))


def _shares(title: str, shares: Shares, others: Sequence[Other]) -> Table:
    table = _table(title, "", "right", "95 %", "rows", *(other.name for other in others))
    before = [other.shares("figures", "category", "by_category") for other in others]
    for name, found in shares.items():
        cells = [percent(one[name]["share"]) if name in one else "-" for one in before]
        table.add_row(name, percent(found.rate), interval(found), str(found.rows), *cells)
    return table


def _confusions(title: str, confusions: Sequence[Confusion]) -> Table:
    table = _table(title, "expected", "answered", "rows", left=2)
    for one in confusions[:CONFUSIONS]:
        table.add_row(one.expected, one.answered, str(one.rows))
    return table


def _curve(curve: HandoffCurve) -> Table:
    title = f"Handoff while {curve.condition} of row {curve.row} moves"
    table = _table(title, "limit", "recall", "false alarms", "on hard negatives")
    rows = curve_rows(curve)
    here = next(place for place, row in enumerate(rows) if row[0].endswith(IN_FORCE))
    for row in rows[max(0, here - CURVE_ROWS) : here + CURVE_ROWS + 1]:
        table.add_row(*row)
    return table


def curve_rows(curve: HandoffCurve) -> list[list[str]]:
    """Return the limits at which something changes, and the one in force."""
    rows: list[list[str]] = []
    for point in curve.points:
        rates = (point.recall, point.false_alarms_ordinary, point.false_alarms_hard)
        cells = [percent(one.rate) for one in rates]
        mark = IN_FORCE if point.limit == curve.in_force else ""
        if mark or not rows or cells != rows[-1][1:]:
            rows.append([f"{point.limit:g}{mark}", *cells])
    return rows


def _print_cross(console: Console, cross: CrossValidation) -> None:
    weakest = sorted(cross.by_intent.items(), key=lambda item: item[1].rate)[:WEAKEST]
    console.print(_shares("Own lines: weakest intents", dict(weakest), ()))
    console.print(_confusions("Own lines: confusions", cross.confusions))
    console.print(
        "Own lines flatter as a rule: they resemble each other more than customers' messages do. "
        f"{cross.folds} folds; the assistant would ask back at {percent(cross.asks_back.rate)}.",
        style="dim",
    )


def _changes(run: Run, other: Other) -> str:
    counts = ", ".join(f"{len(ids)} in {name}" for name, ids in changed_of(run, other).items())
    return f"Read differently than in {other.name}: {counts}."


def _table(title: str, *columns: str, left: int = 1) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for place, column in enumerate(columns):
        table.add_column(column, justify="left" if place < left else "right")
    return table
