"""Predicted satisfaction: bounded, explained, and never against common sense."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.satisfaction.factors import DIMENSIONS, FACTORS
from amends.satisfaction.features import features
from amends.satisfaction.model import Journey, Score, Turn
from amends.satisfaction.scoring import BELIEVED, course
from amends.satisfaction.scoring import score as score_by

TEXTS = st.sampled_from(
    ["It never came", "Thanks, great!", "WHERE is my parcel order now", "ok", "", "Why?"]
)
TURNS = st.lists(
    st.one_of(
        st.builds(Turn, st.just("user"), TEXTS, st.one_of(st.none(), st.floats(-1, 1))),
        st.builds(Turn, st.just("system"), st.sampled_from(["I am sorry.", "Which order?", ""])),
    ),
    max_size=10,
)
JOURNEYS = st.builds(
    Journey,
    first_answer_seconds=st.one_of(st.none(), st.floats(0, 1e6)),
    waited_for_staff_seconds=st.one_of(st.none(), st.floats(0, 1e6)),
    handed_off=st.booleans(),
    remedy_accepted=st.booleans(),
    remedy_refused=st.booleans(),
    questions_repeated=st.integers(0, 20),
    promises_broken=st.integers(0, 5),
    promises_kept=st.integers(0, 5),
    withdrawn=st.booleans(),
)
SORRY = Turn("system", "I am sorry. I will look into it and answer by Friday.")
ASKED = [Turn("user", "My order never came", -0.3), SORRY, Turn("user", "All right", 0.0), SORRY]


def score(turns: list[Turn], journey: Journey) -> Score:
    return score_by(turns, journey, BELIEVED)


def satisfaction(turns: list[Turn], **journey: object) -> float:
    return score(turns, Journey(**journey)).satisfaction


class TestScore:
    @given(TURNS, JOURNEYS)
    def test_given_any_conversation_when_scored_then_within_the_scale_and_explained(
        self, turns: list[Turn], journey: Journey
    ) -> None:
        got = score(turns, journey)

        assert 1 <= got.satisfaction <= 5
        assert 0 < got.confidence < 1
        assert set(got.dimensions) == set(DIMENSIONS)
        assert all(1 <= value <= 5 for value in got.dimensions.values())
        assert len(got.drivers) <= 5
        assert all(got.drivers), "a driver without words explains nothing"

    @given(TURNS, JOURNEYS)
    def test_given_any_conversation_when_measured_then_each_feature_is_known_and_bounded(
        self, turns: list[Turn], journey: Journey
    ) -> None:
        found = features(turns, journey)

        assert set(found) <= set(FACTORS)
        assert all(-1 <= value <= 1 for value in found.values())

    @given(TURNS, st.floats(-1, 1), st.floats(-1, 1), TEXTS, JOURNEYS)
    def test_given_worse_last_words_when_scored_then_never_higher(
        self, turns: list[Turn], one: float, other: float, text: str, journey: Journey
    ) -> None:
        low, high = sorted((one, other))

        worse = score([*turns, Turn("user", text, low)], journey)
        better = score([*turns, Turn("user", text, high)], journey)

        assert worse.satisfaction <= better.satisfaction

    @given(TURNS, JOURNEYS, st.integers(1, 5))
    def test_given_a_stated_rating_when_scored_then_it_wins_and_is_surer(
        self, turns: list[Turn], journey: Journey, csat: int
    ) -> None:
        predicted = score(turns, journey)
        stated = score(turns, replace(journey, csat=csat))

        assert stated.satisfaction == csat
        assert stated.confidence > predicted.confidence
        assert stated.drivers == predicted.drivers, "they explain the rating too"

    @pytest.mark.parametrize(
        ("better", "worse"),
        [
            ({"remedy_accepted": True}, {}),
            ({}, {"remedy_refused": True}),
            ({"promises_kept": 1}, {"promises_kept": 1, "promises_broken": 1}),
            ({"waited_for_staff_seconds": 60.0}, {"waited_for_staff_seconds": 7200.0}),
            ({}, {"questions_repeated": 2}),
        ],
    )
    def test_given_the_same_words_when_the_journey_differs_then_the_better_one_scores_higher(
        self, better: dict[str, object], worse: dict[str, object]
    ) -> None:
        assert satisfaction(ASKED, **better) > satisfaction(ASKED, **worse)

    def test_given_an_apology_or_none_when_scored_then_treatment_tells_them_apart(self) -> None:
        curt = [replace(turn, text="Noted.") if turn == SORRY else turn for turn in ASKED]

        kind, cold = score(ASKED, Journey()), score(curt, Journey())

        assert kind.dimensions["treatment"] > cold.dimensions["treatment"]
        assert "no apology" in cold.drivers

    def test_given_the_last_words_are_unanswered_when_scored_then_lower_but_not_after_thanks(
        self,
    ) -> None:
        left = [*ASKED, Turn("user", "And now?", 0.0)]
        thanked = [*ASKED, Turn("user", "Thank you", 0.0)]

        assert features(left, Journey())["left_unanswered"] == -1
        assert features(thanked, Journey())["left_unanswered"] == 0
        assert satisfaction(left) < satisfaction(thanked)

    def test_given_ironic_thanks_when_scored_then_they_count_for_nothing(self) -> None:
        ironic = [*ASKED, Turn("user", "Great, thanks for nothing", -0.8)]

        assert features(ironic, Journey())["thanked_at_end"] == 0

    def test_given_a_customer_repeats_themselves_when_scored_then_it_shows(self) -> None:
        again = [Turn("user", "where is my parcel with the lamp", -0.2), SORRY] * 3

        assert features(again, Journey())["told_again"] == -1
        assert features(ASKED, Journey())["told_again"] == 0

    def test_given_a_long_story_when_scored_then_lower_in_either_language(self) -> None:
        for word, blank in (("parcel", " "), ("包裹", "")):
            short, long = ([Turn("user", blank.join([word] * n), -0.2)] for n in (5, 150))
            assert satisfaction(long) < satisfaction(short)

    def test_given_a_serious_or_ignored_complaint_when_scored_then_lower(self) -> None:
        calm = [Turn("user", "It broke", -0.2, severity="low")]
        serious = [replace(calm[0], severity="critical")]
        ignored = [replace(calm[0], categories=frozenset({"unresponsive_support"}))]

        assert satisfaction(serious) < satisfaction(calm)
        assert satisfaction(ignored) < satisfaction(calm)

    def test_given_nothing_when_scored_then_neutral_and_unsure(self) -> None:
        got = score([], Journey())

        assert (got.satisfaction, got.drivers) == (3.0, ())
        assert got.confidence < score(ASKED, Journey()).confidence


class TestCourse:
    def test_given_a_chat_that_turns_to_the_good_then_the_course_rises_to_the_score_of_the_whole(
        self,
    ) -> None:
        turns = [
            Turn("user", "This is a disgrace, nothing came", -0.9),
            SORRY,
            Turn("user", "Thank you, that is great", 0.8),
            SORRY,
        ]

        first, last = course(turns, BELIEVED)

        assert first == score(turns[:2], Journey()).satisfaction
        assert last == score(turns, Journey()).satisfaction
        assert first < last

    @given(TURNS)
    def test_given_any_chat_then_one_value_for_each_message_that_was_read(
        self, turns: list[Turn]
    ) -> None:
        read = [one for one in turns if one.role == "user" and one.sentiment is not None]

        found = course(turns, BELIEVED)

        assert len(found) == len(read)
        assert all(1 <= one <= 5 for one in found)
