"""A person is asked for, waited for, or needed no more."""

import pytest

from amends.cases.model import PromiseState
from amends.conversations.model import Mode
from amends.handoff import use_cases as handoff
from amends.handoff import waits
from amends.handoff.errors import UnknownHandoff
from amends.handoff.model import HandoffState
from tests.handoff.steps import HALF_HOUR, ask, claimed, promises, stored
from tests.support.shop import ANA, NOW, Shop


class TestRequest:
    def test_given_a_case_when_a_person_is_asked_then_the_answer_is_promised(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        case = chat.complains()

        asked = ask(shop, chat, "danger", "customer_asked")

        assert stored(shop, asked) == asked
        assert (asked.state, asked.priority, asked.case_id) == (HandoffState.WAITING, 1, case.id)
        assert asked.reasons == ("danger", "customer_asked")
        assert (asked.answer_due_at, asked.limit_due_at) == (NOW + HALF_HOUR, NOW + 6 * HALF_HOUR)
        assert chat.conversation.mode is Mode.WAITING
        assert promises(shop, chat) == [("staff_answer", PromiseState.OPEN)]

    def test_given_a_waiting_chat_when_asked_again_then_priority_only_rises(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        chat.complains()
        first = ask(shop, chat, "media")
        shop.clock.forward(minutes=10)

        ask(shop, chat, "danger")
        ask(shop, chat, "customer_asked")
        last = ask(shop, chat, "danger")

        assert last.id == first.id
        assert (last.priority, last.reasons) == (1, ("media", "danger", "customer_asked"))
        assert last.answer_due_at == first.answer_due_at, "asking again buys no time"
        assert len(promises(shop, chat)) == 1

    def test_given_a_reason_outside_the_table_when_asked_then_an_ordinary_priority(
        self, shop: Shop
    ) -> None:
        assert ask(shop, shop.chat(), "policy_person").priority == 3

    def test_given_a_chat_that_staff_have_when_asked_then_they_keep_it(self, shop: Shop) -> None:
        chat = shop.chat()
        taken = claimed(shop, chat)

        ask(shop, chat, "danger")

        assert chat.conversation.mode is Mode.STAFF
        assert stored(shop, taken).claimed_by == ANA.id


class TestAdoptCase:
    def test_given_the_first_message_asked_for_a_person_when_its_case_opens_then_it_is_promised(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        asked = ask(shop, chat, "danger")
        shop.clock.forward(seconds=2)
        case = chat.complains()

        with shop.write() as uow:
            handoff.adopt_case(uow, case, shop.clock())
            handoff.adopt_case(uow, case, shop.clock())

        assert stored(shop, asked).case_id == case.id
        with shop.db.read() as uow:
            (made,) = uow.promises.of_case(case.id)
        assert made.due_at == asked.answer_due_at


class TestQueueOrder:
    def test_given_several_wait_when_asked_then_urgent_first_and_then_who_asked_first(
        self, shop: Shop
    ) -> None:
        asked = []
        for reason in ("customer_asked", "danger", "media", "danger"):
            asked.append(ask(shop, shop.chat(), reason))
            shop.clock.forward(minutes=1)

        with shop.db.read() as uow:
            order = [one.id for one in uow.handoffs.waiting()]
            places = [
                waits.wait_of(uow, shop.thresholds, one.conversation_id, shop.clock()).position
                for one in asked
            ]

        assert order == [asked[i].id for i in (1, 3, 0, 2)]
        assert places == [3, 1, 4, 2]

    def test_given_nobody_was_asked_for_when_asked_for_the_wait_then_refused(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()

        with shop.db.read() as uow, pytest.raises(UnknownHandoff):
            waits.wait_of(uow, shop.thresholds, chat.id, NOW)


class TestCancel:
    def test_given_a_waiting_chat_when_cancelled_then_the_promise_is_released(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        chat.complains()
        asked = ask(shop, chat)

        with shop.write() as uow:
            handoff.cancel(uow, chat.id, NOW)
            handoff.cancel(uow, chat.id, NOW)

        ended = stored(shop, asked)
        assert (ended.state, ended.outcome) == (HandoffState.ENDED, "customer_left")
        assert chat.conversation.mode is Mode.BOT
        assert promises(shop, chat) == [("staff_answer", PromiseState.RELEASED)]

    def test_given_an_overdue_answer_when_cancelled_then_the_promise_was_broken(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        chat.complains()
        ask(shop, chat)

        with shop.write() as uow:
            handoff.cancel(uow, chat.id, NOW + 2 * HALF_HOUR)

        assert promises(shop, chat) == [("staff_answer", PromiseState.BROKEN)]

    def test_given_a_chat_that_staff_have_when_cancelled_then_it_stays_theirs(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        taken = claimed(shop, chat)

        with shop.write() as uow:
            handoff.cancel(uow, chat.id, NOW)

        assert stored(shop, taken) == taken
        assert chat.conversation.mode is Mode.STAFF
