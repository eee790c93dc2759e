"""What customers say and what is predicted, by hand on small tables."""

import pytest

from amends.insights.measures.satisfaction import ANSWER_NAMES, BEFORE_NAMES, NAMES, satisfaction
from amends.insights.statistics.bias import Caution
from tests.insights.measures.samples import FOUR_WEEKS, mixed, table


def read(now, before=()):  # type: ignore[no-untyped-def]
    sides = table(now, NAMES), table(now, ANSWER_NAMES), table(before, BEFORE_NAMES)
    return satisfaction(*sides, FOUR_WEEKS)


class TestAnswers:
    def test_given_answers_then_scale_reasons_and_shares_are_counted(self) -> None:
        now = mixed(
            (3, {"csat": 5, "csat_reason": "speed"}),
            (2, {"csat": 2, "csat_reason": "speed"}),
            (1, {"csat": 3, "csat_reason": "outcome"}),
            (4, {}),
        )

        found = read(now)

        assert found.csat is not None
        assert found.csat.counts == {1: 0, 2: 2, 3: 1, 4: 0, 5: 3}
        assert found.satisfied.now.value == 0.5
        assert [(one.name, one.n, one.satisfied, one.dissatisfied) for one in found.reasons] == [
            ("speed", 5, 3, 2),
            ("outcome", 1, 0, 0),
        ]

    def test_given_gaps_then_perception_less_expectation(self) -> None:
        now = mixed(
            (4, {"felt_empathy": 5, "empathy": 2.0, "expectation": 1}), (4, {"empathy": 4.0})
        )

        found = read(now)

        empathy = next(one for one in found.dimensions if one.name == "empathy")
        assert (empathy.felt.value, empathy.n) == (2.0, 4)
        assert empathy.predicted.value == 0.0
        assert found.expectation.value == -2.0

    def test_given_two_categories_then_each_part_is_as_it_would_be_alone(self) -> None:
        now = mixed(
            (3, {"category": "wrong_item", "csat": 4, "predicted": 4.0}),
            (5, {"category": "not_received", "csat": 1, "predicted": 2.0}),
            (2, {"category": "wrong_item", "csat": None, "predicted": 5.0}),
            (1, {"category": None}),
        )

        first, second = sorted(read(now).by_category, key=lambda one: one.key)

        assert (first.key, first.conversations, first.answers) == ("not_received", 5, 5)
        assert (first.satisfied.value, first.predicted.value) == (0.0, 2.0)
        assert (second.key, second.conversations, second.answers) == ("wrong_item", 5, 3)
        assert (second.satisfied.value, second.predicted.value) == (1.0, pytest.approx(4.4))


class TestBias:
    def test_given_answers_and_silence_then_only_who_was_asked_counts(self) -> None:
        now = mixed(
            (10, {"survey_asked": True, "csat": 4, "predicted": 4.0}),
            (30, {"survey_asked": True, "predicted": 3.0}),
            (5, {"predicted": 1.0}),
        )

        found = read(now)

        assert found.asked == 40
        assert found.bias.response_rate.value == 0.25
        assert found.bias.respondents_less_silent.value == pytest.approx(1.0)
        assert found.bias.caution is Caution.TOO_FEW_ANSWERS

    def test_given_nobody_asked_then_there_is_no_bias_to_tell(self) -> None:
        assert read(mixed((3, {}))).bias is None


class TestComposite:
    def test_given_all_neutral_then_the_composite_and_the_index_are_50(self) -> None:
        found = read(mixed((3, {})))

        assert found.composite.composite == pytest.approx(50)
        assert found.composite.grade.value == "neutral"
        assert found.csi == pytest.approx(50)

    def test_given_moods_then_the_rise_is_measured_where_both_ends_are_known(self) -> None:
        now = mixed(
            (3, {"mood_start": -0.5, "mood_end": 0.5}),
            (1, {"mood_start": 0.0, "mood_end": 0.0}),
            (9, {"mood_end": 1.0}),
        )

        moods = read(now).moods

        assert moods.effect.n == 4
        assert moods.effect.change.value == 0.75
        assert moods.effect.improved.value == 0.75
        assert moods.start.value == pytest.approx(-0.375)
