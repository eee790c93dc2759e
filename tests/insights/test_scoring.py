"""Scoring writes facts beside scores, and writes them again when something changed."""

from amends.cases import fields
from amends.cases.root_causes import RootCause
from amends.satisfaction.surveys.model import Answers
from amends.wiring import scoring
from tests.insights.telling_steps import score_all, told
from tests.support.shop import Shop


class TestScoring:
    def test_given_many_chats_then_each_has_its_score_and_its_facts(self, shop: Shop) -> None:
        chats = [shop.chat() for _ in range(3)]
        for place, chat in enumerate(chats):
            chat.says("Hm." * (place + 1), sentiment=-0.3 * place)

        score_all(shop, *chats)

        with shop.db.read() as uow:
            for chat in chats:
                score, facts = uow.scores.of_conversation(chat.id), uow.facts.get(chat.id)
                assert score is not None
                assert facts == told(shop, chat)
                assert facts.predicted == score.satisfaction

    def test_given_a_case_changes_without_a_word_then_its_facts_are_written_again(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        case = chat.complains()
        shop.clock.forward(minutes=31)
        assert scoring.score_conversations(shop.app) == 1

        with shop.write() as uow:
            fields.set_root_cause(uow, case.id, RootCause.PACKAGING, "s-ana", shop.clock())

        assert scoring.score_conversations(shop.app) == 0  # other commits may still be under way
        shop.clock.forward(minutes=1)
        assert scoring.score_conversations(shop.app) == 1
        with shop.db.read() as uow:
            facts = uow.facts.get(chat.id)
        assert facts is not None
        assert facts.root_cause == "packaging"

    def test_given_a_customer_rates_then_the_facts_know_it_after_the_next_round(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        chat.complains()
        shop.clock.forward(minutes=31)
        scoring.score_conversations(shop.app)

        with shop.write() as uow:
            shop.app.record_survey(uow, chat.id, Answers(csat=2), shop.clock())
        shop.clock.forward(minutes=31)
        scoring.score_conversations(shop.app)

        with shop.db.read() as uow:
            facts = uow.facts.get(chat.id)
        assert facts is not None
        assert facts.csat == 2
