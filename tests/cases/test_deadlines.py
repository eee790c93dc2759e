"""Calm, due soon, overdue: how a case stands against its deadline."""

from dataclasses import replace
from datetime import timedelta

import pytest

from amends.cases.deadlines import Standing, standing
from tests.storage.samples import HOUR, NOW, case

OPEN = case(opened_at=NOW, resolution_due_at=NOW + 24 * HOUR)


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (0, Standing.CALM),
        (17.9, Standing.CALM),
        (18, Standing.SOON),
        (23.9, Standing.SOON),
        (24, Standing.OVERDUE),
    ],
)
def test_given_a_day_for_the_case_when_time_passes_then_the_last_quarter_warns(
    hours: float, expected: Standing
) -> None:
    assert standing(OPEN, NOW + timedelta(hours=hours)) is expected


@pytest.mark.parametrize(("hours", "expected"), [(1.9, Standing.CALM), (2, Standing.SOON)])
def test_given_four_hours_for_the_case_then_the_warning_is_two_hours_all_the_same(
    hours: float, expected: Standing
) -> None:
    short = replace(OPEN, resolution_due_at=NOW + 4 * HOUR)

    assert standing(short, NOW + timedelta(hours=hours)) is expected


def test_given_an_ended_case_then_it_is_never_overdue() -> None:
    ended = replace(OPEN, closed_at=NOW + HOUR)

    assert standing(ended, NOW + 99 * HOUR) is Standing.NONE
    assert standing(replace(OPEN, resolution_due_at=None), NOW + 99 * HOUR) is Standing.NONE
