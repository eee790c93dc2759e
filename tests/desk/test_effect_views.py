"""A measure before and after an action, in words and figures of either language."""

from dataclasses import replace

import pytest

from amends.desk.effect_views import Shown, shown
from amends.desk.speech import speaking
from amends.insights.action_effect import Effect
from amends.insights.actions import Measure
from amends.insights.statistics.before_after import BeforeAfter, Verdict, Why
from amends.insights.statistics.intervals import Estimate

COMPARED = BeforeAfter(
    Estimate(10, 8.94, 11.06, 5), Estimate(4.6, 3.2, 6, 5), Estimate(-5.4, -6.9, -3.9, 10),
    Verdict.BETTER,
)  # fmt: skip
FEWER = Effect(Measure.CASES_PER_WEEK, 5, 1, 50, 23, COMPARED)


def figures(found: Shown) -> list[tuple[str, str]]:
    return [(line.value, line.interval) for line in found.lines]


class TestShown:
    def test_given_fewer_cases_then_figures_verdict_and_what_they_rest_on(self) -> None:
        with speaking("en"):
            found = shown(FEWER)

        assert (found.verdict, found.tag) == ("Better", "tag-good")
        assert figures(found) == [
            ("10.0", "8.9 to 11.1"), ("4.6", "3.2 to 6.0"), ("-5.4", "-6.9 to -3.9"),
        ]  # fmt: skip
        assert [line.rests_on for line in found.lines] == [
            "5 weeks · 50 conversations", "1 week · 23 conversations", "",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("measure", "difference", "said"),
        [
            (Measure.SATISFACTION, Estimate(0.254, 0.1, 0.4, 9), ("+0.25", "+0.10 to +0.40")),
            (Measure.REPEAT_SHARE, Estimate(-0.0525, -0.1, 0, 9), ("-5.2%", "-10% to 0%")),
            (Measure.COST_PER_CASE, Estimate(125.4, -50, 300, 9), ("+£1.25", "-£0.50 to +£3.00")),
        ],
    )
    def test_given_a_measure_then_the_difference_is_said_in_its_unit_with_its_sign(
        self, measure: Measure, difference: Estimate, said: tuple[str, str]
    ) -> None:
        compared = replace(COMPARED, difference=difference)

        with speaking("en"):
            found = shown(replace(FEWER, measure=measure, compared=compared, currency="GBP"))

        assert figures(found)[2] == said

    @pytest.mark.parametrize(
        ("why", "measure", "words"),
        [
            (Why.MAY_BE_CHANCE, Measure.SATISFACTION, "may as well be chance"),
            (Why.TOO_FEW, Measure.CASES_PER_WEEK, "takes 4 whole weeks"),
            (Why.TOO_FEW, Measure.REPEAT_SHARE, "takes 10 conversations"),
        ],
    )
    def test_given_it_cannot_be_told_then_said_why(
        self, why: Why, measure: Measure, words: str
    ) -> None:
        compared = BeforeAfter(None, None, None, Verdict.CANNOT_BE_TOLD, why)

        with speaking("en"):
            found = shown(replace(FEWER, measure=measure, compared=compared))

        assert found.verdict == "Cannot be told"
        assert words in found.why
        assert figures(found) == [("–", "")] * 3

    def test_given_chinese_then_said_in_chinese(self) -> None:
        with speaking("zh"):
            found = shown(FEWER)

        assert (found.measure, found.verdict) == ("每周会话数", "变好")
        assert found.lines[0].interval == "8.9 至 11.1"
