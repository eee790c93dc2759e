"""Whether an action helped: its measure in the weeks before it was done, and in those after.

Only whole weeks count, twelve on either side at the most, and the day itself on neither.
What else changed in those weeks is not taken out: the figure says that, not why.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from amends.insights.actions import CauseAction, Measure, Plan
from amends.insights.facts import EPOCH
from amends.insights.ports import UnitOfWork
from amends.insights.statistics.before_after import (
    FEWEST_WEEKS,
    BeforeAfter,
    before_after,
    before_after_shares,
)
from amends.insights.table import FactsQuery, Mask, Numbers, Table

MOST_WEEKS = 12
NAMES = ("day", "predicted", "repeat", "remedy_minor", "currency")
COMPLAINTS = ("day", "root_cause")


@dataclass(frozen=True, slots=True)
class Side:
    """Whole weeks on one side of the day; `first` is their first day."""

    first: date
    weeks: int
    table: Table
    complaints: Table | None = None  # also those without a cause, where one is counted

    def counts(self) -> Numbers:
        """Return the conversations of each week, oldest first.

        A cause is found days after the complaint, so the latest weeks have fewest: where causes
        are counted, each week is taken as if those found stood for all its complaints. A week
        without any is left out.
        """
        own = self._weekly(self.table)
        if self.complaints is None:
            return own
        of = self.complaints
        whole, found = self._weekly(of), self._weekly(of.where(of.words("root_cause") != ""))
        known = (found > 0) | (whole == 0)
        scaled: Numbers = own[known] * np.maximum(whole[known], 1) / np.maximum(found[known], 1)
        return scaled

    def _weekly(self, table: Table) -> Numbers:
        week = (table.numbers("day") - _number(self.first)) // 7
        return np.bincount(week.astype(int), minlength=self.weeks).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Effect:
    """A measure before and after; money in minor units of `currency`."""

    measure: Measure
    weeks_before: int
    weeks_after: int
    conversations_before: int
    conversations_after: int
    compared: BeforeAfter
    currency: str | None = None


def effect_of(uow: UnitOfWork, action: CauseAction, today: date) -> Effect | None:
    """Compare the measure of an action before and after the day on which it was done.

    Args:
        today: On the company's calendar; its conversations are not complete and do not count.

    Returns:
        None while the action is not done.
    """
    if action.done_on is None:
        return None
    done, first_day = action.done_on, uow.facts.first_day()
    behind = 0 if first_day is None else max(0, _number(done) - first_day) // 7
    ahead = max(0, (today - done).days - 1) // 7
    before = _side(uow, action.plan, done - timedelta(weeks=min(MOST_WEEKS, behind)), done)
    next_day = done + timedelta(days=1)
    after = _side(uow, action.plan, next_day, next_day + timedelta(weeks=min(MOST_WEEKS, ahead)))
    return compare(action.plan.measure, before, after)


def compare(measure: Measure, before: Side, after: Side) -> Effect:
    """Return a measure on both sides, with the verdict."""
    currency = _currency(before, after) if measure is Measure.COST_PER_CASE else None
    return Effect(
        measure=measure,
        weeks_before=before.weeks,
        weeks_after=after.weeks,
        conversations_before=len(before.table),
        conversations_after=len(after.table),
        compared=_compared(measure, before, after, currency),
        currency=currency,
    )


def _compared(measure: Measure, before: Side, after: Side, currency: str | None) -> BeforeAfter:
    match measure:
        case Measure.CASES_PER_WEEK:
            return before_after(
                before.counts(), after.counts(), higher_is_better=False, fewest=FEWEST_WEEKS
            )
        case Measure.SATISFACTION:
            return before_after(
                before.table.known("predicted"),
                after.table.known("predicted"),
                higher_is_better=True,
            )
        case Measure.COST_PER_CASE:
            return before_after(
                _costs(before, currency), _costs(after, currency), higher_is_better=False
            )
        case Measure.REPEAT_SHARE:
            return before_after_shares(_repeats(before), _repeats(after), higher_is_better=False)


def _side(uow: UnitOfWork, plan: Plan, first: date, end: date) -> Side:
    equal: dict[str, str | bool | int | None] = {}
    if plan.cause:
        equal["root_cause"] = plan.cause.value
    if plan.category:
        equal["category"] = plan.category.value
    query = FactsQuery(_midnight(first), _midnight(end), equal)
    table, weeks = uow.facts.table(query, NAMES), (end - first).days // 7
    if plan.cause is None or plan.measure is not Measure.CASES_PER_WEEK:
        return Side(first, weeks, table)
    known = {name: word for name, word in equal.items() if name != "root_cause"}
    whole = FactsQuery(query.since, query.until, known, known=frozenset({"category"}))
    return Side(first, weeks, table, uow.facts.table(whole, COMPLAINTS))


def _currency(before: Side, after: Side) -> str | None:
    """Return the currency in which most remedies were; those in others are left out."""
    totals: dict[str, int] = {}
    for side in (before, after):
        for code, count in side.table.counts("currency").items():
            totals[code] = totals.get(code, 0) + count
    return max(totals, key=lambda code: (totals[code], code), default=None)


def _costs(side: Side, currency: str | None) -> Numbers:
    codes = side.table.words("currency")
    chosen: Mask = (codes == "") | (codes == currency)
    return side.table.where(chosen).numbers("remedy_minor")


def _repeats(side: Side) -> tuple[int, int]:
    return int(side.table.numbers("repeat").sum()), len(side.table)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _number(day: date) -> int:
    return (day - EPOCH.date()).days
