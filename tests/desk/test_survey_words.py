"""What customers answered, as staff read it."""

from typing import Any

from amends.desk import survey_words
from amends.desk.entry_words import entry
from amends.desk.speech import speaking
from amends.satisfaction.surveys.model import SCALES, CsatReason, Dimension, Question

NOTHING: dict[str, Any] = {"csat": None, "reason": None, "ces": None, "nps": None,
                           "expectation": None, "servqual": {}}  # fmt: skip


class TestWords:
    def test_given_all_answers_then_each_is_said(self) -> None:
        data = {"csat": 2, "reason": "speed", "ces": 1, "nps": 0, "expectation": 1,
                "servqual": {"empathy": 5}}  # fmt: skip

        assert survey_words.rated(data) == "Rated 2 of 5"
        assert list(survey_words.answers(data)) == [
            "Main reason: the speed",
            "It was made easy: agrees 1 of 7",
            "All in all: much worse than expected",
            "Would recommend us: 0 of 10",
            "Empathy: much better than expected",
        ]

    def test_given_no_rating_then_that_something_was_answered(self) -> None:
        assert survey_words.rated(NOTHING) == "Answered the survey"
        assert list(survey_words.answers(NOTHING)) == []

    def test_given_every_word_of_the_closed_sets_then_it_has_words(self) -> None:
        assert set(survey_words.REASONS) == {one.value for one in CsatReason}
        assert set(survey_words.DIMENSIONS) == {one.value for one in Dimension}
        lowest, highest = SCALES[Question.EXPECTATION]
        assert set(survey_words.GAPS) == set(range(lowest, highest + 1))


class TestEntries:
    def test_given_a_case_opened_again_then_the_reason_is_told(self) -> None:
        assert entry("reopened", {"why": "not_solved"}).startswith("Said that it is not solved")
        assert entry("reopened", {"why": "taken_back"}).startswith("Took the acceptance back")
        with speaking("zh"):
            assert entry("reopened", {"why": "not_solved"}) == "表示问题未解决；工单已重新打开"
