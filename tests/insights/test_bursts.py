"""Trends and bursts: by hand, against an independent library, and how often they cry wolf."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from amends.insights.statistics.bursts import (
    Direction,
    adjusted,
    bursts,
    dispersion,
    heterogeneity,
    trend,
)


class TestTrend:
    def test_given_counts_that_double_then_as_by_hand(self) -> None:
        # The line fits exactly, so the dispersion is 1. Around the middle week: total 31,
        # Σ count · week = 36, Σ count · week² = 78; information 78 - 36²/31 = 36.19355, error
        # 0.16622; t(3) = 3.18245: exp(ln 2 ± 0.52898) - 1.
        found = trend([1, 2, 4, 8, 16])

        assert found is not None
        assert found.dispersion == 1
        assert found.growth.value == pytest.approx(1.0)
        assert (found.growth.low, found.growth.high) == pytest.approx(
            (2 * math.exp(-0.52898) - 1, 2 * math.exp(0.52898) - 1), abs=1e-4
        )
        assert found.direction is Direction.RISING

    def test_given_restless_counts_then_the_dispersion_is_pearsons(self) -> None:
        # Symmetric, so the line is level at 10; Σ (count - 10)² / 10 = 40 over 4 - 2.
        found = trend([20, 0, 0, 20])

        assert found is not None
        assert found.growth.value == pytest.approx(0)
        assert found.dispersion == pytest.approx(20)
        assert found.direction is Direction.CANNOT_BE_TOLD

    @settings(deadline=None)
    @given(st.lists(st.integers(0, 40), min_size=4, max_size=26))
    def test_given_any_counts_then_no_other_line_is_likelier(self, counts: list[int]) -> None:
        found = trend(counts)
        if found is None:
            return
        weeks, seen = np.arange(len(counts)), np.array(counts)

        def unlikely(line: tuple[float, float]) -> float:
            logs = line[0] + line[1] * (weeks - weeks.mean())
            return float(np.exp(logs).sum() - (seen * logs).sum())

        best = optimize.minimize(
            unlikely, (math.log(seen.mean()), math.log1p(found.growth.value)), method="Nelder-Mead",
            options={"xatol": 1e-9, "fatol": 1e-9, "maxiter": 4000},
        )  # fmt: skip
        assert math.log1p(found.growth.value) == pytest.approx(best.x[1], abs=1e-4)

    @settings(deadline=None)
    @given(st.lists(st.integers(0, 40), min_size=4, max_size=26))
    def test_given_the_weeks_turned_round_then_it_shrinks_as_it_grew(
        self, counts: list[int]
    ) -> None:
        found, turned = trend(counts), trend(counts[::-1])

        assert (found is None) == (turned is None)
        if found and turned:
            assert 1 + turned.growth.value == pytest.approx(1 / (1 + found.growth.value))
            assert 1 + turned.growth.low == pytest.approx(1 / (1 + found.growth.high))

    def test_given_nothing_but_chance_then_it_rarely_cries_wolf(self) -> None:
        chance = np.random.default_rng(5)
        found = [trend(chance.negative_binomial(4, 0.25, 12)) for _ in range(400)]

        told = [one for one in found if one and one.direction is not Direction.CANNOT_BE_TOLD]
        assert len(told) <= 36  # 20 of 400 on average

    @pytest.mark.parametrize(
        "counts", [[5, 5, 5], [1, 2, 1, 2], [0, 0, 0, 30], [30, 0, 0, 0], [0] * 8, []]
    )
    def test_given_what_no_line_fits_then_none(self, counts: list[int]) -> None:
        assert trend(counts) is None

    def test_given_a_negative_count_then_refused(self) -> None:
        with pytest.raises(ValueError, match="0 or more"):
            trend([5, 5, -1, 5])


class TestBursts:
    def test_given_five_after_none_then_as_by_hand(self) -> None:
        # Gamma(1/2, 1): expected 0.5, negative binomial of size 1/2 and chance 1/2. Chances of 0
        # to 4: 0.707107, 0.176777, 0.066291, 0.027621, 0.012084, together 0.989881.
        (found,) = bursts({"carrier": 5}, {"carrier": [0]})

        assert (found.key, found.now, found.expected, found.ratio) == ("carrier", 5, 0.5, 10)
        assert found.p == pytest.approx(0.010119, abs=1e-6)
        assert found.q == found.p

    def test_given_calm_weeks_before_then_as_the_other_library(self) -> None:
        # Σ 15 in 3 weeks: expected 15.5 / 3; the weeks scatter less than chance, so size 15.5.
        (found,) = bursts({"a": 20}, {"a": [4, 5, 6]})

        assert found.expected == pytest.approx(15.5 / 3)
        assert found.p == pytest.approx(stats.nbinom.sf(19, 15.5, 3 / 4))

    def test_given_restless_weeks_before_then_the_variance_is_wider_by_the_dispersion(
        self,
    ) -> None:
        # Mean 10, variance 64. By factor: (8² + 0 + 8²) / 10 / 2 = 6.4. By the rate:
        # (64 - 10) / (100 - 64/3) = 0.68644, at the mean 30.5/3 a factor of 7.97881, which is more.
        before = [2, 10, 18]
        assert dispersion([before]) == pytest.approx(6.4)
        assert heterogeneity([before]) == pytest.approx(0.68644, abs=1e-5)

        found = bursts({"a": 60}, {"a": before}, false_discoveries=1)

        mean, factor = 30.5 / 3, 7.97881 * 4 / 3
        wanted = stats.nbinom(mean / (factor - 1), 1 / factor)
        assert wanted.var() == pytest.approx(mean * factor)
        assert found[0].p == pytest.approx(wanted.sf(59), rel=1e-4)

    @pytest.mark.parametrize(
        ("now", "before"),
        [
            (4, [0, 0, 0, 0]),  # too few
            (140, [100, 100, 100, 100]),  # sure, but not by half
            (8, [4, 5, 6]),  # by half, but may be chance
        ],
    )
    def test_given_too_few_or_too_little_then_no_burst(self, now: int, before: list[int]) -> None:
        assert bursts({"a": now}, {"a": before}) == []

    def test_given_new_and_vanished_keys_then_both_are_tested(self) -> None:
        found = bursts({"new": 9}, {"old": [3, 4, 2]})

        assert [(one.key, one.expected) for one in found] == [("new", pytest.approx(0.5 / 3))]
        assert found[0].q == pytest.approx(2 * found[0].p)

    def test_given_several_then_the_surest_first_whatever_the_order(self) -> None:
        now, before = {"a": 20, "b": 60, "c": 5}, {"c": [5, 4, 5], "b": [5, 6, 5], "a": [5, 5, 6]}

        found = bursts(now, before)

        assert [one.key for one in found] == ["b", "a"]
        assert bursts(dict(reversed(now.items())), dict(reversed(before.items()))) == found

    def test_given_no_earlier_periods_then_nothing_and_given_nonsense_then_refused(self) -> None:
        assert bursts({"a": 50}, {}) == []
        assert bursts({"a": 50}, {"a": []}) == []
        with pytest.raises(ValueError, match="0 or more"):
            bursts({"a": -1}, {"a": [1]})

    @pytest.mark.parametrize("size", [1e9, 3.0])
    def test_given_nothing_changed_then_few_weeks_cry_wolf_and_a_planted_burst_is_found(
        self, size: float
    ) -> None:
        chance = np.random.default_rng(3)
        alarms = found = 0
        for _ in range(200):
            rates = chance.uniform(1, 15, 40)
            weeks = chance.poisson(chance.gamma(size, rates[:, None] / size, (40, 9)))
            before = {f"k{row}": weeks[row, :8].tolist() for row in range(40)}
            now = {f"k{row}": int(weeks[row, 8]) for row in range(40)}
            alarms += bool(bursts(now, before))
            found += "k0" in {one.key for one in bursts(now | {"k0": 90}, before)}

        assert alarms <= 24  # of 200 weeks with 40 keys each
        assert found >= 180


class TestFalseDiscoveries:
    def test_given_four_chances_then_as_by_hand(self) -> None:
        # 0.01 · 4/1, 0.02 · 4/2, 0.03 · 4/3, 0.5 · 4/4
        assert adjusted([0.5, 0.01, 0.03, 0.02]) == pytest.approx([0.5, 0.04, 0.04, 0.04])

    @settings(deadline=None)
    @given(st.lists(st.floats(0, 1), min_size=1, max_size=60))
    def test_given_any_chances_then_as_the_other_library(self, chances: list[float]) -> None:
        assert adjusted(chances) == pytest.approx(stats.false_discovery_control(chances), abs=1e-12)
