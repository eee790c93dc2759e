"""Causes and categories, by hand on small tables."""

import pytest

from amends.insights.measures.causes import BEFORE_NAMES, NAMES, causes
from tests.insights.measures.samples import FOUR_WEEKS, mixed, table


def read(now, before=()):  # type: ignore[no-untyped-def]
    return causes(table(now, NAMES), table(before, BEFORE_NAMES), FOUR_WEEKS, ())


class TestPareto:
    NOW = mixed(
        (6, {"root_cause": "packaging"}),
        (2, {"root_cause": "capacity", "category": "not_received"}),
        (4, {"root_cause": None, "category": "not_received"}),
        (9, {"result": "no_case", "category": None, "root_cause": None}),
    )

    def test_given_causes_then_what_has_none_stands_beside_the_bars(self) -> None:
        found = read(self.NOW)

        assert [(bar.key, bar.count, bar.cumulative) for bar in found.causes.bars] == [
            ("packaging", 6, 0.75),
            ("capacity", 2, 1.0),
        ]
        assert (found.without_cause, found.found.value) == (4, pytest.approx(8 / 12))
        assert found.complaints.now == 12

    def test_given_categories_then_the_few_that_make_up_most_are_named(self) -> None:
        found = read(
            mixed((80, {}), (15, {"category": "facilities"}), (5, {"category": "wrong_item"}))
        )

        assert found.categories.vital == {"damaged_item"}
        assert found.categories.total == 100


class TestCourse:
    def test_given_weeks_then_each_category_has_its_counts_and_all_add_up(self) -> None:
        now = mixed(
            (2, {"days_ago": 27.0}),
            (3, {"days_ago": 15.0}),
            (4, {"days_ago": 1.0}),
            (1, {"days_ago": 1.0, "category": "facilities"}),
        )

        found = read(now)

        assert found.counts == (2, 3, 0, 5)
        assert [(one.category, one.counts) for one in found.courses] == [
            ("damaged_item", (2, 3, 0, 4)),
            ("facilities", (0, 0, 0, 1)),
        ]

    def test_given_repeats_then_their_share_of_the_complaints(self) -> None:
        found = read(mixed((1, {"repeat": True}), (3, {}), (5, {"result": "no_case"})))

        assert (found.repeated, found.repeats.now.value) == (1, 0.25)
