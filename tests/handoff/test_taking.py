"""A chat is taken from a colleague, or back from the assistant."""

import pytest

from amends.conversations import turn_steps
from amends.conversations.model import Delivery, Mode, Reply, Role
from amends.conversations.use_cases import Posting, post_message
from amends.handoff import pace, taking
from amends.handoff import use_cases as handoff
from amends.handoff.errors import (
    AlreadyClaimed,
    NotAllowed,
    NotReturned,
    NotYours,
    UnknownHandoff,
)
from amends.handoff.hours import ALWAYS_OPEN
from amends.handoff.model import Handoff, HandoffState, StaffMember
from tests.handoff.steps import ask, claimed_chat, come_online, stored
from tests.handoff.test_passing import CLEO, hire, pass_on
from tests.support.shop import ANA, BEN, NOW, Chat, Shop


def take_over(shop: Shop, chat: Handoff, by: StaffMember = CLEO) -> Handoff:
    with shop.write() as uow:
        return taking.take_over(uow, chat.id, by, shop.clock())


def returned(shop: Shop) -> tuple[Chat, Handoff]:
    chat, claimed = claimed_chat(shop)
    with shop.write() as uow:
        handoff.return_to_bot(uow, claimed.id, ANA, NOW)
    return chat, claimed


def take_back(shop: Shop, chat: Handoff, by: StaffMember = ANA) -> Handoff:
    with shop.write() as uow:
        return taking.take_back(uow, shop.thresholds, chat.id, by, shop.clock())


@pytest.fixture
def shop(shop: Shop) -> Shop:
    hire(shop, CLEO)
    return shop


class TestTakeOver:
    def test_given_a_colleagues_chat_then_it_is_mine_and_all_can_see_it(self, shop: Shop) -> None:
        chat, claimed = claimed_chat(shop)

        taken = take_over(shop, claimed)

        assert (taken.claimed_by, stored(shop, claimed)) == (CLEO.id, taken)
        assert (chat.conversation.mode, chat.conversation.staff_id) == (Mode.STAFF, CLEO.id)
        assert chat.case.owner == CLEO.id
        assert chat.log[-1].text == "Cleo takes over this chat from Ana."
        assert chat.timeline[-1] == "taken_over"
        with shop.db.write() as uow, pytest.raises(NotYours):
            handoff.answer(uow, claimed.id, ANA, "One more thing", NOW)

    def test_given_it_was_passed_on_then_nobody_else_takes_it_any_more(self, shop: Shop) -> None:
        come_online(shop, BEN)
        _, claimed = claimed_chat(shop)
        pass_on(shop, claimed)

        assert take_over(shop, claimed).passing is None

    def test_given_it_waits_then_it_is_claimed(self, shop: Shop) -> None:
        chat = shop.chat()
        asked = ask(shop, chat)

        assert take_over(shop, asked).claimed_by == CLEO.id
        assert chat.log[-1].text == "Cleo has joined the chat."

    def test_given_no_right_then_refused_and_nothing_changes(self, shop: Shop) -> None:
        chat, claimed = claimed_chat(shop)
        before = chat.log

        with pytest.raises(NotAllowed):
            take_over(shop, claimed, BEN)

        assert (stored(shop, claimed), chat.log) == (claimed, before)

    def test_given_it_ended_then_refused(self, shop: Shop) -> None:
        _, ended = returned(shop)

        with pytest.raises(UnknownHandoff):
            take_over(shop, ended)


class TestTakeBack:
    @pytest.mark.parametrize("by", [ANA, CLEO], ids=["who returned it", "a supervisor"])
    def test_given_the_assistant_has_it_then_it_is_silent_at_once(
        self, shop: Shop, by: StaffMember
    ) -> None:
        chat, ended = returned(shop)
        with shop.write() as uow:
            said = post_message(uow, chat.id, Posting("p1", text="And now?"), limit=2000, now=NOW)
            under_way = turn_steps.take(uow, chat.id)
        assert under_way is not None

        taken = take_back(shop, ended, by)

        with shop.write() as uow:
            spoke = turn_steps.finish(uow, under_way, [Reply("I am the bot")], NOW)
        assert not spoke
        assert (taken.state, taken.claimed_by) == (HandoffState.CLAIMED, by.id)
        assert (chat.conversation.mode, chat.conversation.staff_id) == (Mode.STAFF, by.id)
        message = next(one for one in chat.log if one.seq == said.seq)
        assert message.delivery is Delivery.TO_STAFF
        assert [one.text for one in chat.log if one.role is Role.BOT][-1:] != ["I am the bot"]
        assert "taken_back" in chat.timeline

    def test_given_it_waits_for_a_person_again_then_that_is_claimed(self, shop: Shop) -> None:
        chat, ended = returned(shop)
        asked = ask(shop, chat)

        assert take_back(shop, ended).id == asked.id

    def test_given_somebody_else_returned_it_then_refused(self, shop: Shop) -> None:
        chat, ended = returned(shop)

        with pytest.raises(NotAllowed):
            take_back(shop, ended, BEN)

        assert chat.conversation.mode is Mode.BOT

    def test_given_a_colleague_has_it_again_then_refused(self, shop: Shop) -> None:
        chat, ended = returned(shop)
        asked = ask(shop, chat)
        with shop.write() as uow:
            handoff.claim(uow, asked.id, BEN, NOW)

        with pytest.raises(AlreadyClaimed):
            take_back(shop, ended)

        assert chat.conversation.staff_id == BEN.id

    def test_given_it_was_closed_then_refused(self, shop: Shop) -> None:
        chat, ended = returned(shop)
        with shop.write() as uow:
            uow.conversations.set_mode(chat.id, Mode.CLOSED, at=NOW)

        with pytest.raises(NotReturned):
            take_back(shop, ended)

    def test_given_taken_back_then_the_pace_of_the_queue_does_not_count_it(
        self, shop: Shop
    ) -> None:
        _, ended = returned(shop)
        taken = take_back(shop, ended)

        assert pace.pace_of([taken] * pace.A_FEW, 1, ALWAYS_OPEN) is None
