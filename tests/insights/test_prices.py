"""What a point of satisfaction costs: by hand, by another way, and against a known company."""

import math

import numpy as np
import pytest
from scipy import optimize, stats

from amends.insights.statistics.prices import Price, Told, prices


def priced(*rows: tuple[str, int, float, str]) -> list[Price]:
    """Each row: kind, cost in cents, satisfaction, category."""
    kinds, costs, marks, categories = zip(*rows, strict=True)
    return prices(kinds, ["EUR" if one else "" for one in kinds], costs, marks, categories)


class TestByHand:
    def test_given_one_category_and_one_cost_then_as_by_hand(self) -> None:
        # Means 4.5 and 2.5, both variances 0.25 · 12/11 = 0.272727; error² 2 · 0.272727/12.
        # Freedom 22, t = 2.07387: 2 ± 2.07387 · 0.213201 = 2 ± 0.442151.
        # Cost is 900 in all: 900 / 2, and the bounds 900 / 2.442151 and 900 / 1.557849.
        (found,) = priced(
            *[("voucher", 900, mark, "late") for mark in (4, 5) * 6],
            *[("", 0, mark, "late") for mark in (2, 3) * 6],
        )

        assert (found.n, found.n_without, found.left_out, found.told) == (12, 12, 0, Told.PRICE)
        assert found.difference is not None
        assert (found.difference.low, found.difference.high) == pytest.approx(
            (2 - 0.442151, 2 + 0.442151), abs=1e-5
        )
        assert found.per_point is not None
        assert found.per_point.value == 450
        assert (found.per_point.low, found.per_point.high) == pytest.approx(
            (900 / 2.442151, 900 / 1.557849), abs=1e-2
        )

    def test_given_two_categories_then_each_is_compared_with_its_own(self) -> None:
        # 10 of 15 got it when late (4 against 3), 5 when broken (2 against 1): 2/3 · 1 + 1/3 · 1.
        # Compared all together it would be 3.33 - 2.6, so well below 1.
        found = priced(
            *[("voucher", 500, 4 + one, "late") for one in (-0.5, 0.5) * 5],
            *[("voucher", 800, 2 + one, "broken") for one in (-0.5, 0, 0.5, 0.5, -0.5)],
            *[("", 0, 3 + one, "late") for one in (-0.5, 0.5) * 8],
            *[("", 0, 1 + one, "broken") for one in (0, 0.5, 0, 0.5)],
        )[0]

        assert found.difference is not None
        assert found.difference.value == pytest.approx(2 / 3 * 1 + 1 / 3 * (2 - 1.25))
        assert found.cost is not None
        assert found.cost.value == pytest.approx((10 * 500 + 5 * 800) / 15)

    def test_given_costs_that_vary_then_the_bounds_solve_the_t_test(self) -> None:
        costs, marks = [400, 600, 500, 900, 700] * 3, [3.0, 4.0, 4.5, 5.0, 4.0] * 3
        without = [2.0, 3.0, 2.5] * 5
        (found,) = priced(
            *[("refund", cost, mark, "x") for cost, mark in zip(costs, marks, strict=True)],
            *[("", 0, mark, "x") for mark in without],
        )

        wanted = stats.ttest_ind(marks, without, equal_var=False)
        together = np.cov(costs, marks, ddof=1) / 15
        spread = together[1, 1] + np.var(without, ddof=1) / 15
        cost, difference = np.mean(costs), np.mean(marks) - np.mean(without)

        def beyond(ratio: float) -> float:
            error = together[0, 0] - 2 * ratio * together[0, 1] + ratio**2 * spread
            return abs(cost - ratio * difference) - stats.t.ppf(0.975, wanted.df) * math.sqrt(error)

        assert found.per_point is not None
        value = found.per_point.value
        assert value == pytest.approx(cost / difference)
        assert found.per_point.low == pytest.approx(optimize.brentq(beyond, 0, value), rel=1e-6)
        assert found.per_point.high == pytest.approx(
            optimize.brentq(beyond, value, 100 * value), rel=1e-6
        )


class TestCannotBeTold:
    def test_given_no_difference_then_no_price(self) -> None:
        (found,) = priced(
            *[("gift", 300, mark, "x") for mark in (3, 4) * 10],
            *[("", 0, mark, "x") for mark in (3, 4) * 10],
        )

        assert (found.told, found.per_point) == (Told.NO_DIFFERENCE, None)

    def test_given_those_with_it_are_less_satisfied_then_no_price(self) -> None:
        (found,) = priced(
            *[("gift", 300, mark, "x") for mark in (1, 2) * 10],
            *[("", 0, mark, "x") for mark in (4, 5) * 10],
        )

        assert (found.told, found.per_point) == (Told.LOWER, None)

    def test_given_too_few_or_none_comparable_then_said(self) -> None:
        found = priced(
            *[("gift", 300, 4, "x")] * 9,
            *[("refund", 900, 4, "y")] * 12,
            *[("", 0, 2, "x")] * 20,
        )

        assert [(one.kind, one.told, one.n, one.left_out) for one in found] == [
            ("gift", Told.TOO_FEW, 9, 0),
            ("refund", Told.TOO_FEW, 0, 12),
        ]

    def test_given_two_currencies_then_two_prices(self) -> None:
        rows = 12
        found = prices(
            ["gift"] * 2 * rows + [""] * rows,
            ["EUR"] * rows + ["GBP"] * rows + [""] * rows,
            [100] * rows + [200] * rows + [0] * rows,
            [4, 5] * rows + [1, 2] * (rows // 2),
            ["x"] * 3 * rows,
        )

        assert [(one.currency, one.cost and one.cost.value) for one in found] == [
            ("EUR", 100), ("GBP", 200),
        ]  # fmt: skip

    def test_given_nothing_then_nothing_and_given_nonsense_then_refused(self) -> None:
        assert prices([], [], [], [], []) == []
        with pytest.raises(ValueError, match="one length"):
            prices(["a"], [], [], [], [])
        with pytest.raises(ValueError, match="Costs must lie"):
            priced(("gift", -1, 3, "x"))


def test_given_a_company_where_the_angry_get_more_then_its_true_price_is_covered() -> None:
    chance = np.random.default_rng(7)
    inside = told = 0
    for _ in range(200):
        angry = chance.random(300) < 0.5
        given = chance.random(300) < np.where(angry, 0.7, 0.2)
        costs = np.where(given, chance.integers(400, 1200, 300), 0)
        marks = np.clip(3.2 - 1.2 * angry + 0.8 * given + chance.normal(0, 0.6, 300), 1, 5)
        (found,) = prices(
            ["voucher" if one else "" for one in given],
            ["EUR" if one else "" for one in given],
            costs,
            marks,
            ["damaged" if one else "late" for one in angry],
        )
        if found.per_point:
            told += 1
            inside += found.per_point.low <= 799.5 / 0.8 <= found.per_point.high

    assert told >= 195
    assert inside >= 178
