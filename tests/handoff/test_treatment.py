"""The log says how we have treated a customer; that alone may bring a person."""

from datetime import timedelta

import pytest

from actions.bargaining import DeclineOffer
from amends.compensation import use_cases as compensation
from amends.conversations.model import ConversationId, Draft, Message, Mode, Role, Seq
from amends.handoff import use_cases as handoff
from amends.handoff.model import Handoff
from amends.handoff.treatment import times_asked, unanswered_since
from tests.actions.harness import hear, run
from tests.handoff.steps import ask, claimed_chat, in_office_hours, look, stored
from tests.support.shop import ANA, NOW, Chat, Shop

MINUTE = timedelta(minutes=1)
WHICH, WHAT = "Which order is it about?", "What happened?"


def log(*said: tuple[Role, str]) -> list[Message]:
    return [
        Message(ConversationId("c"), Seq(n), role, text, NOW + n * MINUTE)
        for n, (role, text) in enumerate(said, 1)
    ]


def bot_asks(shop: Shop, chat: Chat, text: str = WHICH) -> None:
    with shop.write() as uow:
        uow.conversations.append(chat.id, Draft(Role.BOT, text), shop.clock())


class TestTimesAsked:
    @pytest.mark.parametrize(
        ("said", "times"),
        [
            ([], 0),
            ([WHICH], 1),
            ([WHICH, "It is on your receipt.", WHICH, "I see.", WHICH], 3),
            ([WHICH, WHAT, WHICH], 1),
            ([WHICH, WHICH, WHAT], 1),
            (["请问是哪个订单？", "请问是哪个订单？ "], 1),
            (["请问是哪个订单？", "请问是哪个订单？"], 2),
            (["Thank you.", "Done."], 0),
        ],
    )
    def test_given_what_the_bot_said_when_counted_then_only_the_latest_question_in_a_row(
        self, said: list[str], times: int
    ) -> None:
        turns = [turn for text in said for turn in ((Role.CUSTOMER, "Hm?"), (Role.BOT, text))]

        assert times_asked(log(*turns)) == times

    def test_given_staff_came_in_between_when_counted_then_from_there_on(self) -> None:
        said = log((Role.BOT, WHICH), (Role.STAFF, WHICH), (Role.SYSTEM, WHICH), (Role.BOT, WHICH))

        assert times_asked(said) == 1


class TestUnansweredSince:
    def test_given_words_after_the_last_answer_when_asked_then_the_first_of_them(self) -> None:
        said = log(
            (Role.CUSTOMER, "One"), (Role.BOT, "Yes"), (Role.CUSTOMER, "Two"),
            (Role.SYSTEM, "A notice is no answer"), (Role.CUSTOMER, "Three"),
        )  # fmt: skip

        assert unanswered_since(said) == NOW + 3 * MINUTE

    @pytest.mark.parametrize("role", [Role.BOT, Role.STAFF])
    def test_given_an_answer_came_last_when_asked_then_nothing_is_owed(self, role: Role) -> None:
        assert unanswered_since(log((Role.CUSTOMER, "One"), (role, "Yes"))) is None
        assert unanswered_since([]) is None


class TestAskedInVain:
    def asked(self, shop: Shop, times: int) -> Chat:
        chat = shop.chat()
        for _ in range(times):
            look(shop, chat, "I do not understand you", intent="chitchat")
            bot_asks(shop, chat)
        return chat

    def test_given_a_question_asked_three_times_when_it_is_no_answer_again_then_a_person(
        self, shop: Shop
    ) -> None:
        chat = self.asked(shop, 3)
        assert chat.conversation.mode is Mode.BOT

        told = look(shop, chat, "I do not understand you", intent="chitchat")

        with shop.db.read() as uow:
            found = uow.handoffs.open_of(chat.id)
        assert found is not None
        assert found.reasons == ("asked_in_vain",)
        assert len(told) == 1

    @pytest.mark.parametrize("intent", ["give_detail", "do_not_know", "agree", "thank"])
    def test_given_a_question_asked_three_times_when_it_is_answered_then_nobody_is_asked(
        self, shop: Shop, intent: str
    ) -> None:
        chat = self.asked(shop, 3)

        look(shop, chat, "10045", intent=intent)

        assert chat.conversation.mode is Mode.BOT

    def test_given_a_question_asked_twice_when_it_is_no_answer_then_nobody_is_asked(
        self, shop: Shop
    ) -> None:
        chat = self.asked(shop, 2)

        look(shop, chat, "I do not understand you", intent="chitchat")

        assert chat.conversation.mode is Mode.BOT


class TestUnanswered:
    def test_given_an_hour_in_the_queue_when_the_customer_writes_then_more_urgent_and_said_why(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        asked = ask(shop, chat)
        shop.clock.forward(minutes=59)
        look(shop, chat, "Hello?")
        assert stored(shop, asked).priority == 3

        shop.clock.forward(minutes=1)
        assert look(shop, chat, "Hello?") == (), "the place in the queue was told before"

        after = stored(shop, asked)
        assert (after.priority, after.reasons) == (2, ("customer_asked", "unanswered"))

    def test_given_a_night_in_the_queue_when_the_customer_writes_then_only_working_time_counts(
        self, shop: Shop
    ) -> None:
        in_office_hours(shop)
        shop.clock.now = NOW.replace(hour=17, minute=50)
        chat = shop.chat()
        asked = ask(shop, chat)

        shop.clock.now = NOW.replace(day=6, hour=9, minute=40)  # after a holiday
        look(shop, chat, "Hello?")

        assert stored(shop, asked).reasons == ("customer_asked",)

    def test_given_staff_returned_a_chat_without_a_word_when_written_to_later_then_a_person_again(
        self, shop: Shop
    ) -> None:
        chat, taken = claimed_chat(shop)
        chat.says("Are you there?")
        shop.clock.forward(minutes=70)
        with shop.write() as uow:
            handoff.return_to_bot(uow, taken.id, ANA, shop.clock())
        shop.clock.forward(minutes=1)

        look(shop, chat, "Still nothing")

        with shop.db.read() as uow:
            found = uow.handoffs.open_of(chat.id)
        assert found is not None
        assert found.reasons == ("unanswered",)

    def test_given_a_case_was_settled_by_phone_when_the_customer_returns_then_nothing_is_owed(
        self, shop: Shop
    ) -> None:
        chat, taken = claimed_chat(shop)
        chat.says("Please call me")
        with shop.write() as uow:
            handoff.resolve(uow, taken.id, ANA, "explained", shop.clock())
        shop.clock.forward(hours=30)

        assert look(shop, chat, "Another thing") == ()


def declined_to_the_end(shop: Shop) -> Handoff:
    """A chat whose customer declines every offer until the policy sends the case to a person."""
    chat = shop.chat()
    case = chat.complains()
    with shop.write() as uow:
        compensation.decide_case(uow, shop.policy, case.id, shop.clock())
    for _ in range(6):
        answer = run(shop, DeclineOffer, hear(chat, "not enough", "refuse"))
        if "say_person_coming" in answer.responses:
            break
    with shop.db.read() as uow:
        found = uow.handoffs.open_of(chat.id)
        assert found is not None
        return found


class TestLastOfferRefused:
    def test_given_every_offer_is_declined_when_a_person_takes_over_then_that_is_a_reason(
        self, shop: Shop
    ) -> None:
        assert declined_to_the_end(shop).reasons == ("policy_person", "last_offer_refused")

    def test_given_staff_returned_such_a_chat_when_written_to_then_it_counts_no_second_time(
        self, shop: Shop
    ) -> None:
        asked = declined_to_the_end(shop)
        with shop.write() as uow:
            handoff.claim(uow, asked.id, ANA, shop.clock.forward(minutes=1))
            handoff.answer(uow, asked.id, ANA, "I see", shop.clock())
            handoff.return_to_bot(uow, asked.id, ANA, shop.clock.forward(minutes=1))
        shop.clock.forward(minutes=1)

        assert look(shop, Chat(shop, asked.conversation_id), "All right") == ()


class TestCalmingDown:
    def test_given_an_angry_customer_got_a_person_when_they_calm_down_then_nothing_is_lowered(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        for _ in range(3):
            look(shop, chat, "What a mess", sentiment=-0.8, sentiment_label="neg")
        with shop.db.read() as uow:
            asked = uow.handoffs.open_of(chat.id)
        assert asked is not None
        assert asked.reasons == ("angrier",)

        for _ in range(4):
            assert look(shop, chat, "Thank you, fine", sentiment=0.8, sentiment_label="pos") == ()

        assert stored(shop, asked) == asked
        assert chat.conversation.mode is Mode.WAITING
