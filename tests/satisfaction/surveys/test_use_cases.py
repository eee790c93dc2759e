"""Asking when a chat closes, and recording what is answered, in parts."""

from datetime import timedelta

import pytest

from amends.cases import use_cases as cases
from amends.conversations.model import Mode
from amends.handoff import use_cases as handoff
from amends.satisfaction import use_cases as satisfaction
from amends.satisfaction.scoring import BELIEVED
from amends.satisfaction.surveys import use_cases as surveys
from amends.satisfaction.surveys.model import Answers, Question, Survey, SurveyAsk
from amends.storage.tables.outbox import OutboxRow
from amends.values import Json
from tests.support.shop import ANA, Chat, Shop


def closed(shop: Shop, **facts: object) -> Chat:
    chat = shop.chat()
    case = chat.complains(**facts)  # type: ignore[arg-type]
    with shop.write() as uow:
        cases.resolve(uow, case.id, "explained", "s-ana", shop.clock.forward(hours=1))
    return chat


def ask(shop: Shop, chat: Chat, share: float = 0.0) -> Json | None:
    with shop.write() as uow:
        return surveys.ask_in_chat(uow, chat.id, share, shop.clock.forward(minutes=1))


def answer(shop: Shop, chat: Chat, **answers: object) -> Survey:
    with shop.write() as uow:
        said = Answers(**answers)  # type: ignore[arg-type]
        now = shop.clock.forward(minutes=1)
        return satisfaction.record_survey(uow, BELIEVED, chat.id, said, now)


def asks(shop: Shop, chat: Chat) -> list[SurveyAsk]:
    with shop.db.read() as uow:
        return list(uow.survey_asks.of_conversation(chat.id))


class TestAskInChat:
    def test_given_a_closed_case_when_asked_then_a_card_and_a_row_say_the_same(
        self, shop: Shop
    ) -> None:
        chat = closed(shop)

        card = ask(shop, chat, share=1.0)

        (row,) = asks(shop, chat)
        assert card == {"kind": "survey", "questions": [one.value for one in row.questions]}
        assert row.questions[-1] is Question.SERVQUAL
        assert (row.case_id, row.answered, row.answered_at) == (chat.case.id, (), None)

    def test_given_asked_once_when_closing_again_then_not_before_the_case_was_opened_again(
        self, shop: Shop
    ) -> None:
        chat = closed(shop)
        ask(shop, chat)

        assert ask(shop, chat) is None

        with shop.write() as uow:
            cases.reopen(uow, chat.case.id, "customer", shop.clock.forward(hours=1))
        assert ask(shop, chat) is None, "somebody works on it"
        with shop.write() as uow:
            cases.resolve(uow, chat.case.id, "explained", "s-ana", shop.clock.forward(hours=1))
        assert ask(shop, chat) is not None

    def test_given_another_case_in_the_same_chat_then_it_is_asked_about_too(
        self, shop: Shop
    ) -> None:
        chat = closed(shop)
        ask(shop, chat)
        second = chat.complains("damaged_item")
        with shop.write() as uow:
            cases.resolve(uow, second.id, "explained", "s-ana", shop.clock.forward(hours=1))

        assert ask(shop, chat) is not None
        assert asks(shop, chat)[-1].case_id == second.id

    def test_given_a_chat_without_a_case_then_asked_once(self, shop: Shop) -> None:
        chat = shop.chat()
        chat.says("Thanks for nothing")

        assert ask(shop, chat) is not None
        assert ask(shop, chat) is None

    @pytest.mark.parametrize(
        "facts", [{"flags": frozenset({"self_harm"})}, {"severity": "critical"}]
    )
    def test_given_a_case_in_distress_then_nobody_is_asked(
        self, shop: Shop, facts: dict[str, object]
    ) -> None:
        chat = closed(shop, **facts)

        assert ask(shop, chat) is None
        assert asks(shop, chat) == []

    def test_given_distress_in_any_message_then_nobody_is_asked(self, shop: Shop) -> None:
        chat = closed(shop)
        chat.says("My mother is 90 and alone", flags=frozenset({"vulnerable_customer"}))

        assert ask(shop, chat) is None

    def test_given_a_complaint_taken_back_then_nobody_is_asked(self, shop: Shop) -> None:
        chat = shop.chat()
        case = chat.complains()
        with shop.write() as uow:
            cases.withdraw(uow, case.id, shop.clock())

        assert ask(shop, chat) is None

    def test_given_a_chat_of_staff_in_distress_when_resolved_then_only_goodbye(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        chat.complains(flags=frozenset({"safety"}))
        with shop.write() as uow:
            asked = handoff.request(uow, shop.thresholds, chat.id, ("danger",), shop.clock())
            handoff.claim(uow, asked.id, ANA, shop.clock())
            now = shop.clock()
            handoff.resolve(uow, asked.id, ANA, "explained", now, shop.app.ask_survey)

        assert chat.log[-1].card is None
        assert "How did we do?" not in chat.log[-1].text
        assert chat.conversation.mode is Mode.CLOSED


class TestRecordSurvey:
    def test_given_answers_in_parts_then_they_are_one_survey_and_the_ask_knows(
        self, shop: Shop
    ) -> None:
        chat = closed(shop)
        ask(shop, chat)

        answer(shop, chat, csat=2, comment="Slow")
        whole = answer(shop, chat, ces=3)

        assert (whole.csat, whole.comment, whole.ces) == (2, "Slow", 3)
        with shop.db.read() as uow:
            assert uow.surveys.of_conversation(chat.id) == whole
        (row,) = asks(shop, chat)
        assert row.answered == (Question.CSAT, Question.CES)
        assert row.answered_at == whole.at - timedelta(minutes=1)

    def test_given_answers_in_parts_then_each_event_holds_all_so_far(self, shop: Shop) -> None:
        chat = closed(shop)
        answer(shop, chat, nps=10)
        answer(shop, chat, csat=4, comment="words that stay here", servqual={"empathy": 2})

        with shop.db.read() as uow:
            rows = uow.outbox._session.query(OutboxRow).filter_by(topic="survey.received").all()
        first, second = (row.payload for row in rows)
        assert (first["csat"], first["nps"]) == (None, 10)
        assert (second["csat"], second["nps"], second["servqual"]) == (4, 10, {"empathy": 2})
        assert second["case_number"] == chat.case.number
        assert "words that stay here" not in str(second)

    def test_given_no_rating_then_the_score_stays_a_prediction(self, shop: Shop) -> None:
        chat = closed(shop)
        answer(shop, chat, ces=1, nps=0)

        with shop.db.read() as uow:
            before = uow.scores.of_conversation(chat.id)
        answer(shop, chat, csat=1)
        with shop.db.read() as uow:
            after = uow.scores.of_conversation(chat.id)
        assert before is not None
        assert after is not None
        assert before.confidence < 0.95
        assert (after.satisfaction, after.confidence) == (1.0, 0.95)

    def test_given_a_second_case_meanwhile_then_the_answer_is_about_the_case_asked_about(
        self, shop: Shop
    ) -> None:
        chat = closed(shop)
        first = chat.case
        ask(shop, chat)
        chat.complains("damaged_item")

        assert answer(shop, chat, csat=5).case_id == first.id

    def test_given_two_cases_then_each_keeps_its_answers(self, shop: Shop) -> None:
        chat = closed(shop)
        first = chat.case
        ask(shop, chat)
        answer(shop, chat, csat=1, ces=1)
        second = chat.complains("damaged_item")
        with shop.write() as uow:
            cases.resolve(uow, second.id, "explained", "s-ana", shop.clock())
        ask(shop, chat)

        answer(shop, chat, csat=5)

        with shop.db.read() as uow:
            kept, latest = uow.surveys.of_case(first.id), uow.surveys.of_conversation(chat.id)
        assert kept is not None
        assert latest is not None
        assert (kept.csat, kept.ces) == (1, 1)
        assert (latest.case_id, latest.csat, latest.ces) == (second.id, 5, None)
