"""A figure as it is shown: its value, how sure it is, and how it changed since the time before."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from amends.insights.measures.period import Period, split
from amends.insights.statistics.before_after import (
    FEWEST,
    BeforeAfter,
    Verdict,
    Why,
    before_after,
    before_after_shares,
)
from amends.insights.statistics.intervals import Estimate, percentile, rate_ratio
from amends.insights.table import Numbers, Table

FEWEST_OF_SPAN = 5


class Move(StrEnum):
    """How a figure changed, as far as it is more than chance."""

    BETTER = "better"
    WORSE = "worse"
    MORE = "more"
    FEWER = "fewer"
    CHANCE = "chance"  # the difference may as well be none
    TOO_FEW = "too_few"  # to tell
    NOTHING_BEFORE = "nothing_before"


@dataclass(frozen=True, slots=True)
class Figure:
    """Values in the unit of what is measured; `n` is what the present value rests on."""

    now: Estimate | None
    n: int
    before: Estimate | None
    n_before: int
    move: Move


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are now, how many there were before, and how many times as many (95 %)."""

    now: int
    before: int
    ratio: Estimate | None
    move: Move


@dataclass(frozen=True, slots=True)
class Point:
    """A figure of one week or day."""

    span: Period
    value: Estimate | None
    n: int


_VERDICTS = {Verdict.BETTER: Move.BETTER, Verdict.WORSE: Move.WORSE}


def of_means(
    now: Numbers,
    before: Numbers,
    *,
    higher_is_better: bool = True,
    scale: tuple[float, float] = (float("-inf"), float("inf")),
) -> Figure:
    """Compare two means; intervals end where the scale does."""
    found = before_after(before, now, higher_is_better=higher_is_better)
    after, earlier = _kept(found.after, scale), _kept(found.before, scale)
    return _figure(found, after, earlier, len(now), len(before))


def of_shares(
    now: tuple[int, int], before: tuple[int, int], *, higher_is_better: bool = True
) -> Figure:
    """Compare two shares, each given as how many and of how many."""
    found = before_after_shares(before, now, higher_is_better=higher_is_better)
    return _figure(found, found.after, found.before, now[1], before[1])


def of_percentiles(
    now: Numbers, before: Numbers, p: float = 50, *, higher_is_better: bool = False
) -> Figure:
    """Compare two percentiles: they differ where their intervals lie apart."""
    after, earlier = percentile(now, p), percentile(before, p)
    move = Move.NOTHING_BEFORE if not len(before) else Move.TOO_FEW
    if after is not None and earlier is not None:
        move = _apart(after, earlier, higher_is_better)
    return Figure(after, len(now), earlier, len(before), move)


def of_counts(now: int, before: int) -> Count:
    """Compare two counts, taken over periods of one length."""
    ratio = rate_ratio(now, 1, before, 1)
    if ratio is None:
        return Count(now, before, None, Move.NOTHING_BEFORE)
    if now + before < FEWEST:
        return Count(now, before, ratio, Move.TOO_FEW)
    if ratio.low <= 1 <= ratio.high:
        return Count(now, before, ratio, Move.CHANCE)
    return Count(now, before, ratio, Move.MORE if ratio.value > 1 else Move.FEWER)


def points(
    table: Table, spans: list[Period], measure: Callable[[Table], tuple[Estimate | None, int]]
) -> tuple[Point, ...]:
    """Measure each span; `measure` answers with the figure and what it rests on.

    A span that rests on fewer than five is not told: one answer would draw it from end to end.
    """
    found = []
    for span, part in zip(spans, split(table, spans), strict=True):
        value, n = measure(part)
        found.append(Point(span, value if n >= FEWEST_OF_SPAN else None, n))
    return tuple(found)


def _figure(
    found: BeforeAfter, now: Estimate | None, before: Estimate | None, n: int, n_before: int
) -> Figure:
    move = _VERDICTS.get(found.verdict)
    if move is None:
        move = Move.CHANCE if found.why is Why.MAY_BE_CHANCE else Move.TOO_FEW
    if n_before == 0:
        move = Move.NOTHING_BEFORE
    return Figure(now, n, before, n_before, move)


def _kept(estimate: Estimate | None, scale: tuple[float, float]) -> Estimate | None:
    return None if estimate is None else estimate.kept_within(*scale)


def _apart(after: Estimate, earlier: Estimate, higher_is_better: bool) -> Move:
    if after.low <= earlier.high and earlier.low <= after.high:
        return Move.CHANCE
    better = (after.value > earlier.value) == higher_is_better
    return Move.BETTER if better else Move.WORSE
