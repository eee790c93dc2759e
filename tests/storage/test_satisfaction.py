"""What customers answered, what was predicted, and what is still to be scored."""

from dataclasses import replace

import pytest

from amends.cases.model import CaseStatus, PromiseState
from amends.conversations.model import Delivery
from amends.satisfaction.model import Score, Survey
from amends.satisfaction.surveys.model import (
    Channel,
    CsatReason,
    Question,
    SurveyAsk,
    with_answers,
)
from amends.storage import Conflict, Database
from tests.storage.samples import (
    DAY,
    HOUR,
    NOW,
    bot_says,
    case,
    conversation,
    customer_says,
    given,
    promise,
)

SCORE = Score(3.5, 0.7, {"outcome": 4.0, "process": 3.0}, ("waited long", "was refunded"), "v1")


class TestSurveys:
    def test_given_answers_in_parts_when_stored_then_they_are_read_as_one(
        self, db: Database
    ) -> None:
        given(db, case_ids=("k1",))
        later = Survey("c1", "k1", None, "", NOW + HOUR, ces=7, nps=0, servqual={"empathy": 5})
        with db.write() as uow:
            uow.surveys.add(Survey("c1", "k1", 2, "很慢", NOW, reason=CsatReason.SPEED))
            returned = uow.surveys.add(later)
            uow.commit()

        whole = replace(later, csat=2, comment="很慢", reason=CsatReason.SPEED)
        with db.read() as uow:
            assert returned == whole
            assert uow.surveys.of_conversation("c1") == whole
            assert uow.surveys.of_case("k1") == whole
            assert uow.surveys.of_conversation("c2") is None

    def test_given_answers_about_several_cases_then_each_has_its_own_and_the_latest_is_read(
        self, db: Database
    ) -> None:
        given(db, case_ids=("k1",))
        with db.write() as uow:
            uow.surveys.add(Survey("c1", None, 1, "", NOW))
            uow.surveys.add(Survey("c1", "k1", 5, "", NOW + HOUR))
            uow.surveys.add(Survey("c1", None, 2, "", NOW + 2 * HOUR))
            uow.commit()

        with db.read() as uow:
            assert uow.surveys.of_conversation("c1") == Survey("c1", None, 2, "", NOW + 2 * HOUR)
            assert [one.csat for one in uow.surveys.latest()] == [2, 5]

    @pytest.mark.parametrize(
        "wrong",
        [{"csat": 0}, {"csat": 6}, {"ces": 0}, {"ces": 8}, {"nps": -1}, {"nps": 11},
         {"expectation": 0}, {"expectation": 6}],
    )  # fmt: skip
    def test_given_an_answer_out_of_range_when_stored_then_refused(
        self, db: Database, wrong: dict[str, int]
    ) -> None:
        given(db)

        with db.write() as uow, pytest.raises(Conflict):
            uow.surveys.add(replace(Survey("c1", None, 3, "", NOW), **wrong))


class TestSurveyAsks:
    ASK = SurveyAsk("a1", "c1", "k1", Channel.MAIL, NOW, (Question.SOLVED, Question.CSAT))

    def test_given_an_ask_when_answered_then_that_is_kept(self, db: Database) -> None:
        given(db, case_ids=("k1",))
        answered = with_answers(self.ASK, frozenset({Question.CSAT}), NOW + HOUR)
        with db.write() as uow:
            uow.survey_asks.add(self.ASK)
            uow.survey_asks.save(answered)
            uow.commit()

        with db.read() as uow:
            assert uow.survey_asks.get("a1") == answered
            assert uow.survey_asks.get("a2") is None
            assert uow.survey_asks.of_conversation("c1") == [answered]
            assert uow.survey_asks.asked_since(NOW) == [answered]
            assert uow.survey_asks.asked_since(NOW + HOUR) == []

    def test_given_closed_cases_then_those_nobody_was_asked_about_since_are_due(
        self, db: Database
    ) -> None:
        given(db, "c1", "c2")
        with db.write() as uow:
            for name, at in (("k1", 0), ("k2", 1), ("k3", 2), ("k4", 9)):
                closed_at = NOW + at * HOUR
                uow.cases.add(case(name, status=CaseStatus.RESOLVED, closed_at=closed_at))
            uow.cases.add(case("open"))
            uow.cases.add(case("gone", status=CaseStatus.WITHDRAWN, closed_at=NOW))
            uow.survey_asks.add(replace(self.ASK, case_id="k1", asked_at=NOW - HOUR))
            uow.survey_asks.add(replace(self.ASK, id="a2", case_id="k2", asked_at=NOW + 3 * HOUR))
            chat = replace(self.ASK, id="a3", case_id="k3", asked_at=NOW + 3 * HOUR)
            uow.survey_asks.add(replace(chat, channel=Channel.WIDGET))
            uow.commit()

        with db.read() as uow:
            due = uow.survey_asks.to_check_in(NOW, NOW + 9 * HOUR)
            assert [case_id for _, case_id in due] == ["k1", "k3"]
            first = uow.survey_asks.to_check_in(NOW, NOW + 9 * HOUR, limit=1)
            rest = uow.survey_asks.to_check_in(NOW, NOW + 9 * HOUR, after=first[-1])
            assert [case_id for _, case_id in (*first, *rest)] == ["k1", "k3"]

    def test_given_an_open_promise_then_its_case_is_not_due_before_it_has_ended(
        self, db: Database
    ) -> None:
        given(db)
        with db.write() as uow:
            uow.cases.add(case(status=CaseStatus.RESOLVED, closed_at=NOW))
            uow.promises.add(promise())
            before = uow.survey_asks.to_check_in(NOW, NOW + HOUR)
            uow.promises.set_state("p1", PromiseState.KEPT, NOW)
            after = uow.survey_asks.to_check_in(NOW, NOW + HOUR)

        assert (before, after) == ([], [(NOW, "k1")])


class TestScores:
    def test_given_a_score_when_saved_again_then_the_latest_is_read(self, db: Database) -> None:
        given(db)
        with db.write() as uow:
            uow.scores.save("c1", Score(1.0, 0.1, {}, (), "v0"), NOW)
            uow.scores.save("c1", SCORE, NOW + HOUR)
            uow.commit()

        with db.read() as uow:
            assert uow.scores.of_conversation("c1") == SCORE
            assert uow.scores.of_conversation("c2") is None

    def test_given_conversations_when_asked_then_idle_ones_with_a_customer_are_due(
        self, db: Database
    ) -> None:
        given(db, "idle", "busy", "scored")
        with db.write() as uow:
            uow.conversations.add(conversation("silent"), "hash")
            uow.conversations.append("silent", bot_says("Hello"), NOW)
            uow.conversations.append("busy", customer_says(), NOW + DAY)
            uow.scores.save("scored", SCORE, NOW)
            uow.commit()

        with db.read() as uow:
            assert uow.scores.unscored(NOW + HOUR, NOW) == ["idle"]
            assert uow.scores.unscored(NOW + 2 * DAY, NOW) == ["idle", "busy"]
            assert uow.scores.unscored(NOW + 2 * DAY, NOW, limit=1) == ["idle"]

    def test_given_a_message_after_the_score_when_asked_then_it_is_due_again(
        self, db: Database
    ) -> None:
        given(db)
        with db.write() as uow:
            uow.scores.save("c1", SCORE, NOW)
            uow.conversations.set_delivery("c1", 1, Delivery.ANSWERED)
            before = uow.scores.unscored(NOW + DAY, NOW)
            uow.conversations.append("c1", bot_says(), NOW + HOUR)
            after = uow.scores.unscored(NOW + DAY, NOW)

        assert (before, after) == ([], ["c1"])
