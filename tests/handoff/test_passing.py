"""A chat is passed on with a note: one takes it, the customer knows, the assistant is silent."""

from dataclasses import replace

import pytest

from amends.conversations.model import Delivery, Mode
from amends.conversations.turn_steps import take as next_turn
from amends.conversations.use_cases import Posting, post_message
from amends.handoff import fallbacks, passing
from amends.handoff import use_cases as handoff
from amends.handoff.errors import (
    NobodyThere,
    NoteMissing,
    NotPassedToYou,
    NotYours,
    PassedOn,
    UnknownHandoff,
)
from amends.handoff.model import Handoff, HandoffState, StaffMember, StaffRole
from tests.handoff.steps import claimed_chat, come_online, due_times, stored
from tests.support.shop import ANA, BEN, NOW, Shop

CLEO = StaffMember("s-cleo", "cleo", "Cleo", StaffRole.SUPERVISOR, languages=("en", "zh"))
TOM = StaffMember("s-tom", "tom", "Tom", StaffRole.TRAINER, languages=("en", "zh"))
NOTE = "She wants the lamp before Friday."


def hire(shop: Shop, *people: StaffMember) -> None:
    with shop.write() as uow:
        for member in people:
            uow.staff.add(member, "no password opens this")
            uow.staff.save(member)


def pass_on(shop: Shop, chat: Handoff, note: str = NOTE, **target: str) -> Handoff:
    wanted = target or {"to": BEN.id}
    with shop.write() as uow:
        return passing.pass_on(uow, shop.thresholds, chat.id, ANA, note, shop.clock(), **wanted)


def take(shop: Shop, chat: Handoff, by: StaffMember) -> Handoff:
    with shop.write() as uow:
        return passing.take(uow, chat.id, by, shop.clock())


@pytest.fixture
def shop(shop: Shop) -> Shop:
    come_online(shop, ANA, BEN)
    return shop


class TestPassOn:
    def test_given_a_person_who_is_there_then_noted_and_the_customer_is_told_who_comes(
        self, shop: Shop
    ) -> None:
        chat, taken = claimed_chat(shop)

        passed = pass_on(shop, taken)

        assert (passed.state, passed.claimed_by) == (HandoffState.CLAIMED, ANA.id)
        assert stored(shop, taken).passing == passed.passing
        assert chat.log[-1].text.startswith("Ana is passing this chat on to Ben")
        assert "passed_on" in chat.timeline
        assert "staff_note" in chat.timeline
        with shop.db.read() as uow:
            assert [one.text for one in uow.notes.of_conversation(chat.id)] == [NOTE]

    @pytest.mark.parametrize("note", ["", "  \n "])
    def test_given_no_note_then_refused_and_nothing_changes(self, shop: Shop, note: str) -> None:
        chat, taken = claimed_chat(shop)
        before = chat.log

        with pytest.raises(NoteMissing):
            pass_on(shop, taken, note)

        assert (stored(shop, taken), chat.log) == (taken, before)

    @pytest.mark.parametrize(
        "target",
        [{"to": "s-nobody"}, {"to": ANA.id}, {"language": "zh"}, {"to": TOM.id}],
        ids=["unknown", "oneself", "a language nobody speaks", "no answerer"],
    )
    def test_given_nobody_there_can_take_it_then_refused(
        self, shop: Shop, target: dict[str, str]
    ) -> None:
        hire(shop, TOM)
        come_online(shop, TOM)
        _, taken = claimed_chat(shop)

        with pytest.raises(NobodyThere):
            pass_on(shop, taken, **target)

        assert stored(shop, taken) == taken

    def test_given_the_person_is_offline_then_refused(self, shop: Shop) -> None:
        _, taken = claimed_chat(shop)
        shop.clock.forward(minutes=2)
        come_online(shop, ANA)

        with pytest.raises(NobodyThere):
            pass_on(shop, taken)

    def test_given_under_way_when_its_person_writes_or_ends_it_then_refused(
        self, shop: Shop
    ) -> None:
        chat, taken = claimed_chat(shop)
        passed = pass_on(shop, taken)
        before = chat.log

        for step in (
            lambda uow: handoff.answer(uow, taken.id, ANA, "One more thing", NOW),
            lambda uow: handoff.return_to_bot(uow, taken.id, ANA, NOW),
            lambda uow: handoff.requeue(uow, taken.id, ANA, shop.thresholds, NOW),
            lambda uow: handoff.resolve(uow, taken.id, ANA, "explained", NOW),
            lambda uow: passing.pass_on(
                uow, shop.thresholds, taken.id, ANA, "again", NOW, to=BEN.id
            ),
        ):
            with shop.db.write() as uow, pytest.raises(PassedOn):
                step(uow)

        assert (stored(shop, taken), chat.log) == (passed, before)

    def test_given_under_way_when_the_customer_writes_then_no_assistant_answers(
        self, shop: Shop
    ) -> None:
        chat, taken = claimed_chat(shop)
        pass_on(shop, taken)

        with shop.write() as uow:
            said = post_message(uow, chat.id, Posting("p1", text="Hello?"), limit=2000, now=NOW)
            turn = next_turn(uow, chat.id)

        assert said.delivery is Delivery.TO_STAFF
        assert turn is None
        assert chat.conversation.mode is Mode.STAFF


class TestTake:
    def test_given_it_is_meant_for_them_then_chat_and_case_are_theirs_and_the_customer_told(
        self, shop: Shop
    ) -> None:
        chat, claimed = claimed_chat(shop)
        pass_on(shop, claimed)
        shop.clock.forward(minutes=1)

        taken = take(shop, claimed, BEN)

        assert (taken.claimed_by, taken.claimed_at, taken.passing) == (BEN.id, shop.clock(), None)
        assert stored(shop, claimed) == taken
        assert chat.conversation.staff_id == BEN.id
        assert chat.case.owner == BEN.id
        assert chat.log[-1].text == "Ben has joined the chat."
        assert chat.timeline[-1] == "passed_taken"

    def test_given_it_was_taken_when_a_second_one_takes_it_then_refused(self, shop: Shop) -> None:
        hire(shop, CLEO, replace(CLEO, id="s-dai", login="dai", name="Dai"))
        come_online(shop, CLEO)
        _, claimed = claimed_chat(shop)
        pass_on(shop, claimed, language="zh")
        taken = take(shop, claimed, CLEO)

        with pytest.raises(NotPassedToYou):
            take(shop, claimed, replace(CLEO, id="s-dai"))

        assert stored(shop, claimed) == taken

    def test_given_the_winner_when_taking_again_then_nothing_is_said_twice(
        self, shop: Shop
    ) -> None:
        chat, claimed = claimed_chat(shop)
        pass_on(shop, claimed)

        assert take(shop, claimed, BEN) == take(shop, claimed, BEN)
        assert [one.text for one in chat.log].count("Ben has joined the chat.") == 1

    @pytest.mark.parametrize(
        "target", [{"language": "zh"}, {"to": CLEO.id}], ids=["language", "person"]
    )
    def test_given_it_is_meant_for_somebody_else_then_refused(
        self, shop: Shop, target: dict[str, str]
    ) -> None:
        hire(shop, CLEO)
        come_online(shop, CLEO)
        _, claimed = claimed_chat(shop)
        passed = pass_on(shop, claimed, **target)

        with pytest.raises(NotPassedToYou):
            take(shop, claimed, BEN)

        assert stored(shop, claimed) == passed

    def test_given_the_chat_ended_then_refused(self, shop: Shop) -> None:
        _, claimed = claimed_chat(shop)
        with shop.write() as uow:
            handoff.resolve(uow, claimed.id, ANA, "explained", NOW)

        with pytest.raises(UnknownHandoff):
            take(shop, claimed, BEN)


class TestRecall:
    def test_given_nobody_took_it_then_it_is_the_senders_again(self, shop: Shop) -> None:
        chat, claimed = claimed_chat(shop)
        pass_on(shop, claimed)

        with shop.write() as uow:
            passing.recall(uow, claimed.id, ANA, NOW)

        assert stored(shop, claimed) == claimed
        assert chat.log[-1].text == "Ana stays with you in this chat."
        with pytest.raises(NotPassedToYou):
            take(shop, claimed, BEN)
        with shop.write() as uow:
            handoff.answer(uow, claimed.id, ANA, "Here I am", NOW)

    def test_given_it_was_taken_then_refused(self, shop: Shop) -> None:
        _, claimed = claimed_chat(shop)
        pass_on(shop, claimed)
        take(shop, claimed, BEN)

        with shop.db.write() as uow, pytest.raises(NotYours):
            passing.recall(uow, claimed.id, ANA, NOW)


class TestNotTaken:
    def give_up(self, shop: Shop, claimed: Handoff) -> bool:
        with shop.write() as uow:
            return fallbacks.take_away(uow, shop.thresholds, claimed.id, shop.clock())

    def test_given_time_is_left_then_it_stays_even_if_its_person_has_gone(self, shop: Shop) -> None:
        _, claimed = claimed_chat(shop)
        shop.clock.forward(minutes=4)
        come_online(shop, BEN)
        pass_on(shop, claimed)
        shop.clock.forward(minutes=4, seconds=59)  # longer than a browser may be gone

        assert not self.give_up(shop, claimed)

    def test_given_time_is_over_then_everybody_may_claim_it_at_its_old_place_and_once(
        self, shop: Shop
    ) -> None:
        chat, claimed = claimed_chat(shop)
        pass_on(shop, claimed)
        shop.clock.forward(minutes=5)
        with shop.db.read() as uow:
            assert fallbacks.left_alone(uow, shop.thresholds, shop.clock()) == [claimed.id]

        assert [self.give_up(shop, claimed), self.give_up(shop, claimed)] == [True, False]

        back = stored(shop, claimed)
        assert (back.state, back.claimed_by, back.passing) == (HandoffState.WAITING, None, None)
        assert (back.requested_at, back.priority) == (claimed.requested_at, claimed.priority)
        assert back.reasons[-1] == "passed_not_taken"
        assert chat.log[-1].text.startswith("Nobody could take over from Ana so far.")
        assert "old place" in chat.log[-1].text
        assert due_times(shop, chat)[-1] == back.answer_due_at
        with pytest.raises(NotPassedToYou):
            take(shop, claimed, BEN)
