"""Alarms: what bursts, told once and where it comes from."""

from datetime import timedelta

import pytest

from amends.insights.measures.alarms import NAMES, alarms, watched_since
from tests.insights.measures.samples import UNTIL, table, told

SINCE = watched_since(UNTIL)
DAMAGED = {"category": "damaged_item", "carrier": "Northway", "product": "LAMP-OAK"}


def weeks(lyon_now: int, lyon_before: int = 10, other: int = 20):  # type: ignore[no-untyped-def]
    """Return thirteen weeks of damaged goods from Lyon and, steadily, from Leeds."""
    rows = []
    for week in range(13):
        count = lyon_now if week == 0 else lyon_before
        for place in range(count + other):
            warehouse = "Lyon" if place < count else "Leeds"
            days = 7 * week + 6.9 * (place + 0.5) / (count + other)
            rows.append(told(len(rows), days, warehouse=warehouse, **DAMAGED))
    return rows


class TestAlarms:
    def test_given_damaged_goods_from_lyon_that_treble_then_one_alarm_says_just_that(self) -> None:
        (found,) = alarms(table(weeks(30), NAMES), UNTIL, SINCE)

        assert dict(found.keys) == {"category": "damaged_item", "warehouse": "Lyon"}
        assert found.burst.now == 30
        assert found.burst.ratio == pytest.approx(3.0, abs=0.1)
        assert found.weeks == (10,) * 12 + (30,)
        assert found.span.since == UNTIL - timedelta(days=7)

    def test_given_steady_weeks_then_there_is_no_alarm(self) -> None:
        assert alarms(table(weeks(11), NAMES), UNTIL, SINCE) == ()

    def test_given_an_installation_of_ten_days_then_its_start_is_no_burst(self) -> None:
        young = [row for row in weeks(30) if row.started_at > UNTIL - timedelta(days=10)]

        assert alarms(table(young, NAMES), UNTIL, UNTIL - timedelta(days=10)) == ()

    def test_given_two_bursts_apart_then_two_alarms(self) -> None:
        rows = weeks(30)
        for week in range(13):
            for place in range(40 if week == 0 else 8):
                days = 7 * week + 0.1 + place * 0.1
                facts = {"category": "billing_error", "warehouse": None, "carrier": None,
                         "product": None}  # fmt: skip
                rows.append(told(10_000 + len(rows), days, **facts))

        found = alarms(table(rows, NAMES), UNTIL, SINCE)

        assert {tuple(word for _, word in one.keys) for one in found} == {
            ("billing_error",),
            ("damaged_item", "Lyon"),
        }

    def test_given_what_is_no_complaint_then_it_raises_no_alarm(self) -> None:
        rows = [told(place, place * 0.01, category=None) for place in range(200)]

        assert alarms(table(rows, NAMES), UNTIL, SINCE) == ()
