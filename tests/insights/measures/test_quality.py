"""Quality by criterion, by hand on small tables."""

import pytest

from amends.insights.measures.quality import BEFORE_NAMES, NAMES, quality
from amends.satisfaction.quality import Criterion
from tests.insights.measures.samples import FOUR_WEEKS, mixed, table, told


def read(now, before=()):  # type: ignore[no-untyped-def]
    return quality(table(now, NAMES), table(before, BEFORE_NAMES), FOUR_WEEKS)


class TestCriteria:
    def test_given_letters_then_each_criterion_counts_where_it_applies(self) -> None:
        now = mixed(
            (6, {"review": "yn------", "review_share": 0.5}),
            (2, {"review": "ny------", "review_share": 0.5}),
            (1, {"review": "", "review_share": None}),
        )

        found = {one.criterion: one for one in read(now).criteria}

        first, second = found[Criterion.ACKNOWLEDGED], found[Criterion.RIGHT_APOLOGY]
        assert (first.met.now.value, first.met.n, first.unmet) == (0.75, 8, 2)
        assert (second.met.now.value, second.unmet) == (0.25, 6)
        assert found[Criterion.CUSTOMERS_SAY].met.now is None

    def test_given_shares_then_their_mean_and_their_distribution(self) -> None:
        shares = [0.0, 0.24, 0.25, 0.5, 0.99, 1.0, 1.0, 1.0]
        now = [told(place, review_share=share) for place, share in enumerate(shares)]

        found = read(now)

        assert [step.count for step in found.steps] == [2, 1, 1, 1, 3]
        assert found.share.now.value == pytest.approx(sum(shares) / 8)
        assert found.all_met.now.value == pytest.approx(3 / 8)
        assert found.reviewed == 8


class TestWorst:
    def test_given_equal_shares_then_the_latest_of_the_lowest_comes_first(self) -> None:
        now = [
            told(1, 5.0, review_share=0.5),
            told(2, 9.0, review_share=0.1),
            told(3, 2.0, review_share=0.1),
            told(4, 1.0, review_share=1.0),
            told(5, 1.0, review_share=None),
        ]

        assert read(now).worst == (("c3", 0), ("c2", 0), ("c1", 0))
