"""Answers given in parts are one survey."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from amends.satisfaction.surveys.model import (
    Answers,
    Channel,
    CsatReason,
    Question,
    Survey,
    SurveyAsk,
    merged,
    with_answers,
)

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
NOTHING = Survey("c1", "k1", None, "", LATER)
RATED = Survey("c1", "k1", 2, "Slow", NOW, reason=CsatReason.SPEED)


class TestMerged:
    def test_given_other_answers_later_then_all_stand(self) -> None:
        later = replace(NOTHING, ces=6, nps=0, expectation=4, servqual={"empathy": 5})

        assert merged(RATED, later) == replace(
            RATED, ces=6, nps=0, expectation=4, servqual={"empathy": 5}, at=LATER
        )

    def test_given_the_same_question_again_then_the_later_answer_counts(self) -> None:
        before = replace(RATED, nps=9, servqual={"empathy": 5, "assurance": 4})

        whole = merged(before, replace(NOTHING, nps=0, servqual={"empathy": 1}))

        assert whole.nps == 0
        assert whole.servqual == {"empathy": 1, "assurance": 4}

    def test_given_another_rating_then_the_reason_of_the_old_one_goes(self) -> None:
        whole = merged(RATED, replace(NOTHING, csat=5))

        assert (whole.csat, whole.reason, whole.comment) == (5, None, "")

    def test_given_the_same_rating_again_then_reason_and_comment_stay(self) -> None:
        whole = merged(RATED, replace(NOTHING, csat=2))

        assert (whole.csat, whole.reason, whole.comment) == (2, CsatReason.SPEED, "Slow")


class TestAnswers:
    def test_given_a_comment_alone_then_it_says_something_but_answers_no_question(self) -> None:
        assert Answers(comment="Slow").says_something
        assert Answers(comment="Slow").questions == frozenset()
        assert not Answers().says_something

    def test_given_zero_then_it_is_an_answer(self) -> None:
        assert Answers(nps=0).questions == {Question.NPS}


class TestAsk:
    ASK = SurveyAsk("a1", "c1", "k1", Channel.WIDGET, NOW, (Question.CSAT, Question.CES))

    def test_given_answers_then_what_is_left_and_when_the_first_came(self) -> None:
        first = with_answers(self.ASK, frozenset({Question.CSAT}), LATER)
        second = with_answers(first, frozenset({Question.CES}), LATER + timedelta(days=1))

        assert (first.left, first.answered_at) == ((Question.CES,), LATER)
        assert (second.left, second.answered_at) == ((), LATER)

    def test_given_what_was_not_asked_then_it_does_not_count(self) -> None:
        assert with_answers(self.ASK, frozenset({Question.NPS}), LATER) == self.ASK
