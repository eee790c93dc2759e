"""Dates, times and spans are found however they are written."""

from datetime import UTC, date, datetime

import pytest

from tests.adversarial.moments import find_times

DAYS = [
    "4 March",
    "the 4th of March",
    "March 4",
    "March 4, 2026",
    "3月4日",
    "2026年3月4日",
    "3月4号",
    "2026-03-04",
    "04/03/2026",
    "4.3.2026",
]


class TestTimes:
    @pytest.mark.parametrize("written", DAYS)
    def test_given_a_date_in_a_sentence_then_it_is_that_day(self, written: str) -> None:
        (found,) = find_times(f"You have it by {written}.")

        assert found.is_day(date(2026, 3, 4))
        assert not found.is_day(date(2026, 4, 3))

    def test_given_another_year_then_it_is_another_day(self) -> None:
        (found,) = find_times("2027-03-04")

        assert not found.is_day(date(2026, 3, 4))

    @pytest.mark.parametrize("written", ["4 March, 14:30 UTC", "3月4日14:30（UTC）"])
    def test_given_a_moment_then_day_and_time_are_read(self, written: str) -> None:
        day, at = find_times(written)

        assert day.is_day(date(2026, 3, 4))
        assert at.is_time(datetime(2026, 3, 4, 14, 30, tzinfo=UTC))

    @pytest.mark.parametrize(
        ("written", "span"),
        [
            ("within 30 minutes", (30, "minute")),
            ("a minute", (1, "minute")),
            ("in two hours", (2, "hour")),
            ("6 days late", (6, "day")),
            ("five working days", (5, "day")),
            ("30分钟内", (30, "minute")),
            ("晚了6天", (6, "day")),
            ("三个工作日", (3, "day")),
            ("两周", (2, "week")),
        ],
    )
    def test_given_a_span_then_number_and_unit_are_read(
        self, written: str, span: tuple[int, str]
    ) -> None:
        (found,) = find_times(written)

        assert found.span == span

    @pytest.mark.parametrize(
        "written", ["tomorrow", "by Friday", "next week", "明天", "下周", "周五", "25:99"]
    )
    def test_given_a_time_without_a_date_then_it_is_found_and_is_no_day(self, written: str) -> None:
        (found,) = find_times(written)

        assert (found.day, found.at, found.span) == (None, None, None)

    def test_given_no_time_then_nothing_is_found(self) -> None:
        assert find_times("I checked order 10045: the carrier has lost it. You may go on.") == []
