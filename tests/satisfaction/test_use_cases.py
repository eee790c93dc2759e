"""Ratings and scores, from the log to the books."""

from datetime import timedelta

from amends.compensation import use_cases as compensation
from amends.conversations.model import Draft, Role
from amends.handoff import use_cases as handoff
from amends.satisfaction import use_cases as satisfaction
from amends.satisfaction.model import Score
from amends.satisfaction.scoring import BELIEVED
from amends.satisfaction.surveys.model import Answers
from amends.satisfaction.use_cases import COMMENT_LIMIT
from amends.storage.tables.outbox import OutboxRow
from tests.support.shop import ANA, NOW, Chat, Shop


def scored(shop: Shop, chat: Chat) -> Score:
    with shop.write() as uow:
        return satisfaction.score_conversation(uow, BELIEVED, chat.id, shop.clock())


def bot_says(shop: Shop, chat: Chat, text: str) -> None:
    with shop.write() as uow:
        uow.conversations.append(chat.id, Draft(Role.BOT, text), shop.clock())


class TestRecordSurvey:
    def test_given_a_rating_when_recorded_then_stored_scored_and_announced(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        case = chat.complains()

        with shop.write() as uow:
            said = Answers(csat=2, comment="x" * (COMMENT_LIMIT + 1))
            satisfaction.record_survey(uow, BELIEVED, chat.id, said, NOW)

        with shop.db.read() as uow:
            survey = uow.surveys.of_conversation(chat.id)
            score = uow.scores.of_conversation(chat.id)
            sent = uow.outbox._session.query(OutboxRow).filter_by(topic="survey.received").all()
        assert survey is not None
        assert (survey.csat, survey.case_id, len(survey.comment)) == (2, case.id, COMMENT_LIMIT)
        assert score is not None
        assert score.satisfaction == 2
        assert [row.payload["csat"] for row in sent] == [2]

    def test_given_second_thoughts_when_rated_again_then_the_later_rating_counts(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        with shop.write() as uow:
            satisfaction.record_survey(uow, BELIEVED, chat.id, Answers(csat=1), NOW)
            said = Answers(csat=5, comment="Solved!")
            satisfaction.record_survey(uow, BELIEVED, chat.id, said, NOW + timedelta(hours=1))

        assert scored(shop, chat).satisfaction == 5


class TestScoreConversation:
    def test_given_a_chat_without_a_customers_word_when_scored_then_neutral(
        self, shop: Shop
    ) -> None:
        assert scored(shop, shop.chat()).satisfaction == 3

    def test_given_moods_in_the_log_when_scored_then_the_latest_weighs_most(
        self, shop: Shop
    ) -> None:
        calmed, angered = shop.chat(), shop.chat()
        for chat, moods in ((calmed, (-0.8, 0.6)), (angered, (0.6, -0.8))):
            for mood in moods:
                chat.says("words", sentiment=mood)
                bot_says(shop, chat, "I see")

        assert scored(shop, calmed).satisfaction > scored(shop, angered).satisfaction

    def test_given_an_accepted_remedy_and_kept_promises_when_scored_then_they_count(
        self, shop: Shop
    ) -> None:
        settled, open_one = shop.chat(), shop.chat()
        case = settled.complains()
        open_one.complains()
        with shop.write() as uow:
            offer = compensation.decide_case(uow, shop.policy, case.id, NOW).offer
            assert offer is not None
            compensation.accept(uow, offer.id, 0, NOW)

        got = scored(shop, settled)

        assert "accepted a remedy" in got.drivers
        assert got.satisfaction > scored(shop, open_one).satisfaction

    def test_given_a_wait_for_staff_when_scored_then_the_longer_one_hurts_more(
        self, shop: Shop
    ) -> None:
        scores = []
        for minutes in (1, 170):
            chat = shop.chat()
            chat.complains()
            with shop.write() as uow:
                asked = handoff.request(uow, shop.thresholds, chat.id, ("customer_asked",), NOW)
                handoff.claim(uow, asked.id, ANA, NOW)
                later = NOW + timedelta(minutes=minutes)
                handoff.answer(uow, asked.id, ANA, "Here I am", later)
            scores.append(scored(shop, chat).dimensions["responsiveness"])

        assert scores[0] > scores[1]

    def test_given_the_bot_asks_the_same_twice_when_scored_then_it_counts_against_us(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        chat.complains()
        for _ in range(3):
            bot_says(shop, chat, "Which order is it about?")

        assert "asked the same question twice" in scored(shop, chat).drivers

    def test_given_the_same_log_when_scored_twice_then_the_same_score(self, shop: Shop) -> None:
        chat = shop.chat()
        chat.says("It never came", sentiment=-0.4)

        assert scored(shop, chat) == scored(shop, chat)
