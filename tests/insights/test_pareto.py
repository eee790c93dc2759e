"""Pareto: bars, what they add up to, and the vital few."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.insights.statistics.pareto import pareto, vital_few

counts = st.dictionaries(st.text(max_size=4), st.integers(0, 50), max_size=15)


class TestPareto:
    def test_given_counts_then_as_by_hand(self) -> None:
        bars = pareto({"late": 12, "lost": 5, "broken": 2, "other": 1, "none": 0})

        assert [(one.key, one.count) for one in bars] == [
            ("late", 12), ("lost", 5), ("broken", 2), ("other", 1),
        ]  # fmt: skip
        assert [one.share for one in bars] == [0.6, 0.25, 0.1, 0.05]
        assert [one.cumulative for one in bars] == [0.6, 0.85, 0.95, 1]
        assert vital_few(bars) == ["late", "lost"]

    def test_given_exactly_eighty_then_no_more_is_added(self) -> None:
        assert vital_few(pareto({"a": 50, "b": 30, "c": 20})) == ["a", "b"]
        assert vital_few(pareto({str(one): 1 for one in range(10)})) == list("01234567")

    @settings(deadline=None)
    @given(counts)
    def test_given_any_counts_then_they_fall_and_end_at_all(self, counted: dict[str, int]) -> None:
        bars = pareto(counted)

        assert sum(one.count for one in bars) == sum(counted.values())
        assert [one.count for one in bars] == sorted((one.count for one in bars), reverse=True)
        if bars:
            few = vital_few(bars)
            assert bars[-1].cumulative == 1
            assert sum(counted[key] for key in few) >= 0.8 * sum(counted.values()) - 1e-9
            assert sum(counted[key] for key in few[:-1]) < 0.8 * sum(counted.values())

    def test_given_nothing_then_nothing_and_given_nonsense_then_refused(self) -> None:
        assert pareto({}) == []
        assert vital_few([]) == []
        with pytest.raises(ValueError, match="0 or more"):
            pareto({"a": -1})
