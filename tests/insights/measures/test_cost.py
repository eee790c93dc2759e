"""Cost by currency, by hand on small tables."""

import pytest

from amends.insights.measures.cost import BEFORE_NAMES, NAMES, cost
from amends.insights.statistics.prices import Told
from tests.insights.measures.samples import FOUR_WEEKS, mixed, table


def read(now, before=()):  # type: ignore[no-untyped-def]
    return cost(table(now, NAMES), table(before, BEFORE_NAMES), FOUR_WEEKS)


EUR = {"currency": "EUR", "result": "remedy_accepted"}
GBP = {"currency": "GBP", "result": "remedy_accepted"}


class TestCurrencies:
    def test_given_two_currencies_then_no_amount_is_in_both(self) -> None:
        now = mixed(
            (3, {**EUR, "remedy_kind": "refund", "remedy_minor": 1000}),
            (1, {**EUR, "remedy_kind": "voucher", "remedy_minor": 1000}),
            (2, {**GBP, "remedy_kind": "refund", "remedy_minor": 50}),
            (4, {}),
        )

        found = read(now)

        assert (found.conversations, found.paid) == (10, 6)
        eur, gbp = found.currencies
        assert (eur.cost.total_minor, gbp.cost.total_minor) == (4000, 100)
        assert [(one.key, one.total_minor, one.share) for one in eur.by_kind] == [
            ("refund", 3000, 0.75),
            ("voucher", 1000, 0.25),
        ]
        assert [(one.key, one.remedies) for one in gbp.by_kind] == [("refund", 2)]
        assert eur.per_remedy.value == 1000

    def test_given_exceptions_then_they_are_counted_and_summed_by_currency(self) -> None:
        now = mixed(
            (2, {**EUR, "remedy_kind": "refund", "remedy_minor": 1000, "exception_minor": 400}),
            (1, {**EUR, "remedy_kind": "refund", "remedy_minor": 1000}),
            (1, {**GBP, "remedy_kind": "refund", "remedy_minor": 50, "exception_minor": 50}),
        )

        eur, gbp = read(now).currencies

        assert (eur.exceptions, eur.exceptions_minor) == (2, 800)
        assert (gbp.exceptions, gbp.exceptions_minor) == (1, 50)

    def test_given_a_remedy_that_cost_nothing_then_it_is_no_cost(self) -> None:
        found = read(mixed((3, {**EUR, "remedy_kind": "apology", "remedy_minor": 0})))

        (eur,) = found.currencies
        assert (found.paid, eur.by_kind, eur.per_remedy) == (0, (), None)

    def test_given_categories_and_results_then_the_dearest_comes_first(self) -> None:
        now = mixed(
            (1, {**EUR, "remedy_kind": "refund", "remedy_minor": 900, "category": "wrong_item"}),
            (5, {**EUR, "remedy_kind": "refund", "remedy_minor": 20, "category": "facilities"}),
        )

        (eur,) = read(now).currencies

        assert [one.key for one in eur.by_category] == ["wrong_item", "facilities"]
        assert [one.share for one in eur.by_category] == [0.9, 0.1]
        assert eur.by_result[0].average.value == pytest.approx(1000 / 6)


class TestPrices:
    def test_given_a_point_more_with_the_remedy_then_a_point_costs_what_it_cost(self) -> None:
        # 20 with a refund of 10.00 EUR at 3.9 and 4.1, 20 without at 2.9 and 3.1: a point for 10.00
        paid = {**EUR, "remedy_kind": "refund", "remedy_minor": 1000}
        now = mixed(
            (10, {**paid, "without_remedy": 3.9}),
            (10, {**paid, "without_remedy": 4.1}),
            (10, {"without_remedy": 2.9}),
            (10, {"without_remedy": 3.1}),
        )

        (price,) = read(now).currencies[0].prices

        assert price.told is Told.PRICE
        assert price.per_point.value == pytest.approx(1000)
