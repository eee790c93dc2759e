"""What customers answered, what was predicted, and what is still to be scored."""

import pytest

from amends.conversations.model import Delivery
from amends.satisfaction.model import Score, Survey
from amends.storage import Conflict, Database
from tests.storage.samples import DAY, HOUR, NOW, bot_says, conversation, customer_says, given

SCORE = Score(3.5, 0.7, {"outcome": 4.0, "process": 3.0}, ("waited long", "was refunded"), "v1")


class TestSurveys:
    def test_given_a_second_answer_when_stored_then_it_replaces_the_first(
        self, db: Database
    ) -> None:
        given(db, case_ids=("k1",))
        with db.write() as uow:
            uow.surveys.add(Survey("c1", None, 1, "", NOW))
            uow.surveys.add(Survey("c1", "k1", 5, "很好", NOW + HOUR))
            uow.commit()

        with db.read() as uow:
            assert uow.surveys.of_conversation("c1") == Survey("c1", "k1", 5, "很好", NOW + HOUR)
            assert uow.surveys.of_conversation("c2") is None

    @pytest.mark.parametrize("csat", [0, 6, -1])
    def test_given_a_csat_out_of_range_when_stored_then_refused(
        self, db: Database, csat: int
    ) -> None:
        given(db)

        with db.write() as uow, pytest.raises(Conflict):
            uow.surveys.add(Survey("c1", None, csat, "", NOW))


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
            assert uow.scores.unscored(NOW + HOUR) == ["idle"]
            assert uow.scores.unscored(NOW + 2 * DAY) == ["idle", "busy"]
            assert uow.scores.unscored(NOW + 2 * DAY, limit=1) == ["idle"]

    def test_given_a_message_after_the_score_when_asked_then_it_is_due_again(
        self, db: Database
    ) -> None:
        given(db)
        with db.write() as uow:
            uow.scores.save("c1", SCORE, NOW)
            uow.conversations.set_delivery("c1", 1, Delivery.ANSWERED)
            before = uow.scores.unscored(NOW + DAY)
            uow.conversations.append("c1", bot_says(), NOW + HOUR)
            after = uow.scores.unscored(NOW + DAY)

        assert (before, after) == ([], ["c1"])
