"""Figures in words, in both languages; and every key has one."""

import pytest

from amends.desk import insight_words as figures
from amends.desk.driver_words import DRIVERS
from amends.desk.insight_views.bias_words import bias_says
from amends.desk.speech import speaking
from amends.insights.facts import JUSTICE, SERVQUAL, AnswerMark, Result
from amends.insights.statistics.bias import response_bias
from amends.insights.statistics.fuzzy import Grade
from amends.satisfaction.factors import FACTORS
from amends.satisfaction.quality import Criterion
from amends.satisfaction.surveys.model import CsatReason


class TestNumbers:
    @pytest.mark.parametrize(
        ("seconds", "words"),
        [
            (0, "0"), (0.42, "0.4 s"), (45, "45 s"), (60, "1 min"), (950, "16 min"),
            (2 * 3600, "2 h"), (29_000, "8.1 h"), (50 * 3600, "2.1 d"), (3e6, "35 d"),
        ],
    )  # fmt: skip
    def test_given_seconds_then_a_duration_of_two_digits(self, seconds: float, words: str) -> None:
        assert figures.duration(seconds) == words

    def test_given_a_sign_then_it_is_shown_and_zero_has_none(self) -> None:
        assert figures.signed(0.34) == "+0.3"
        assert figures.signed(-0.34) == "−0.3"
        assert figures.signed(-0.01) == "0.0"

    def test_given_many_then_a_share_has_a_decimal(self) -> None:
        assert figures.share_of(0.2965, 1000) == "29.6%"
        assert figures.share_of(0.2965, 999) == "30%"

    def test_given_a_currency_then_its_minor_units(self) -> None:
        assert figures.money(123_456.4, "EUR") == "€1,234.56"
        assert figures.money(2490, "JPY") == "JP¥2,490"

    def test_given_chinese_then_numbers_and_bounds_are_chinese(self) -> None:
        with speaking("zh"):
            assert figures.between("1", "2") == "1 至 2"
            assert figures.duration(45) == "45 秒"


class TestTables:
    def test_given_every_key_of_the_rooms_then_it_has_words(self) -> None:
        assert set(figures.RESULTS) == {one.value for one in Result}
        assert set(figures.ANSWER_MARKS) == {one.value for one in AnswerMark}
        assert set(figures.CSAT_REASONS) == {one.value for one in CsatReason}
        assert set(figures.CRITERIA) == {one.value for one in Criterion}
        assert set(figures.GRADES) == {one.value for one in Grade}
        assert set(figures.DIMENSIONS) == set(SERVQUAL)
        assert set(figures.JUSTICES) == set(JUSTICE)

    def test_given_every_driver_of_a_score_then_it_is_in_the_catalogue(self) -> None:
        said = {words for one in FACTORS.values() for words in (one.good, one.bad) if words}

        assert said == set(DRIVERS)


class TestBias:
    def test_given_happier_answers_then_by_how_much_and_what_all_would_have_said(self) -> None:
        # Answers at 4 and 2, each stated as predicted; the silent are three quarters at 2.
        stated = [4.0] * 10 + [3.0] * 10 + [2.0] * 10 + [1.0] * 10
        bias = response_bias(stated, stated[:40], [2.0] * 120 + [4.0] * 40)

        said = bias_says(bias)

        assert said[0].startswith("20% of those who were asked answered (15% to 26%)")
        assert "as happy" in said[1] or "points" in said[1]
        assert said[2].startswith("They stated 2.50 of 5; adjusted for who stayed silent:")

    def test_given_respondents_above_the_silent_then_they_are_happier(self) -> None:
        bias = response_bias([4.0] * 30, [4.0, 3.8] * 15, [3.0, 2.8] * 50)

        assert bias_says(bias)[1].startswith("Those who answer are 1.00 points happier")

    def test_given_few_answers_then_too_few_to_tell(self) -> None:
        bias = response_bias([4.0] * 5, [3.0] * 5, [3.0] * 5)

        assert bias_says(bias)[-1] == "Too few answered to tell what all would have stated."
