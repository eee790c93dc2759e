"""Periods, their weeks and days, and the rows of each."""

from datetime import timedelta

import pytest

from amends.insights.measures.period import DAY, WEEK, Period, split
from tests.insights.measures.samples import FOUR_WEEKS, UNTIL, table, told


class TestSpans:
    def test_given_four_weeks_then_four_that_end_where_the_period_does(self) -> None:
        spans = FOUR_WEEKS.spans()

        assert [span.length for span in spans] == [WEEK] * 4
        assert (spans[0].since, spans[-1].until) == (FOUR_WEEKS.since, UNTIL)
        assert [one.until for one in spans[:-1]] == [one.since for one in spans[1:]]

    @pytest.mark.parametrize(("days", "count", "step"), [(7, 7, DAY), (14, 14, DAY), (15, 2, WEEK)])
    def test_given_a_short_period_then_days_and_a_longer_one_whole_weeks(
        self, days: int, count: int, step: timedelta
    ) -> None:
        spans = Period(UNTIL - days * DAY, UNTIL).spans()

        assert (len(spans), spans[0].length) == (count, step)

    def test_given_a_period_then_the_one_before_is_as_long_and_ends_where_it_begins(self) -> None:
        before = FOUR_WEEKS.before

        assert (before.length, before.until) == (FOUR_WEEKS.length, FOUR_WEEKS.since)


class TestSplit:
    def test_given_rows_then_each_falls_into_its_week_and_none_into_two(self) -> None:
        given = table(
            [told(1, 27.9), told(2, 21.0), told(3, 20.9), told(4, 0.0), told(5, 0.1)],
            ("started_at",),
        )

        assert [len(part) for part in split(given, FOUR_WEEKS.spans())] == [1, 2, 0, 1]
