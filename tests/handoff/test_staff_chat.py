"""Staff claim a chat, answer in it, and hand it on or end it."""

import pytest

from amends.cases import use_cases as cases
from amends.cases.model import CaseStatus, NextStep, PromiseState
from amends.compensation import use_cases as compensation
from amends.conversations.model import Delivery, Mode, Role
from amends.conversations.use_cases import Posting, post_message
from amends.handoff import use_cases as handoff
from amends.handoff.errors import AlreadyClaimed, NotYours, UnknownHandoff
from amends.handoff.model import HandoffState
from tests.handoff.steps import HALF_HOUR, ask, claimed, claimed_chat, promises, stored
from tests.support.events import announced
from tests.support.shop import ANA, BEN, NOW, Shop


class TestClaim:
    def test_given_a_waiting_chat_when_claimed_then_the_person_has_chat_and_case(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        chat.complains()
        with shop.write() as uow:
            posting = Posting("p1", text="Hello?")
            pending = post_message(uow, chat.id, posting, limit=2000, now=NOW)

        taken = claimed(shop, chat)

        assert (taken.state, taken.claimed_by, taken.claimed_at) == (
            HandoffState.CLAIMED, ANA.id, NOW,
        )  # fmt: skip
        assert (chat.conversation.mode, chat.conversation.staff_id) == (Mode.STAFF, ANA.id)
        assert (chat.case.status, chat.case.owner) == (CaseStatus.WITH_STAFF, ANA.id)
        assert chat.log[-1].text == "Ana has joined the chat."
        waiting = next(one for one in chat.log if one.seq == pending.seq)
        assert waiting.delivery is Delivery.TO_STAFF

    def test_given_two_people_when_both_claim_then_one_wins_and_the_other_is_told(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        asked = ask(shop, chat)

        with shop.write() as uow:
            handoff.claim(uow, asked.id, ANA, NOW)
        with shop.db.write() as uow, pytest.raises(AlreadyClaimed) as refused:
            handoff.claim(uow, asked.id, BEN, NOW)

        assert refused.value.staff_id == ANA.id
        assert stored(shop, asked).claimed_by == ANA.id
        assert chat.conversation.staff_id == ANA.id

    def test_given_the_winner_when_claiming_again_then_nothing_is_said_twice(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        taken = claimed(shop, chat)

        with shop.write() as uow:
            assert handoff.claim(uow, taken.id, ANA, NOW + HALF_HOUR) == taken

        assert [one.text for one in chat.log].count("Ana has joined the chat.") == 1

    @pytest.mark.parametrize("ended", [True, False])
    def test_given_no_open_handoff_when_claimed_then_refused(self, shop: Shop, ended: bool) -> None:
        asked = ask(shop, shop.chat())
        if ended:
            with shop.write() as uow:
                handoff.cancel(uow, asked.conversation_id, NOW)

        with shop.db.write() as uow, pytest.raises(UnknownHandoff):
            handoff.claim(uow, asked.id if ended else "h-unknown", ANA, NOW)


class TestAnswer:
    @pytest.mark.parametrize(
        ("minutes", "state"), [(30, PromiseState.KEPT), (31, PromiseState.BROKEN)]
    )
    def test_given_a_promise_when_answered_then_the_time_decides(
        self, shop: Shop, minutes: int, state: PromiseState
    ) -> None:
        chat, taken = claimed_chat(shop)

        with shop.write() as uow:
            said = handoff.answer(
                uow, taken.id, ANA, "Let me see", shop.clock.forward(minutes=minutes)
            )

        assert (said.role, said.author) == (Role.STAFF, "Ana")
        assert promises(shop, chat) == [("staff_answer", state)]
        assert len(announced(shop.db, "promise.broken")) == (state is PromiseState.BROKEN)
        assert stored(shop, taken).first_answer_at == shop.clock()

    def test_given_an_answer_that_comes_again_then_it_stands_once_even_when_the_chat_has_ended(
        self, shop: Shop
    ) -> None:
        chat, taken = claimed_chat(shop)
        with shop.write() as uow:
            said = handoff.answer(uow, taken.id, ANA, "Let me see", NOW, "key-1")
            other = handoff.answer(uow, taken.id, ANA, "Let me see", NOW, "key-2")
            again = handoff.answer(uow, taken.id, ANA, "Let me see", NOW, "key-1")
            handoff.resolve(uow, taken.id, ANA, "explained", NOW)
            late = handoff.answer(uow, taken.id, ANA, "Let me see", NOW, "key-2")

        assert (again.seq, late.seq) == (said.seq, other.seq)
        staff = [one.seq for one in chat.log if one.role is Role.STAFF]
        assert staff == [said.seq, other.seq]

    def test_given_a_second_answer_when_written_then_the_first_time_stands(
        self, shop: Shop
    ) -> None:
        chat, taken = claimed_chat(shop)

        with shop.write() as uow:
            handoff.answer(uow, taken.id, ANA, "Let me see", NOW)
            handoff.answer(uow, taken.id, ANA, "Found it", NOW + 2 * HALF_HOUR)

        assert stored(shop, taken).first_answer_at == NOW
        assert promises(shop, chat) == [("staff_answer", PromiseState.KEPT)]

    def test_given_the_case_was_settled_meanwhile_when_answered_then_the_promise_is_kept(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        case = chat.complains()
        taken = claimed(shop, chat)
        with shop.write() as uow:
            cases.resolve(uow, case.id, "remedy_accepted", "customer", NOW)

        with shop.write() as uow:
            handoff.answer(uow, taken.id, ANA, "Glad it is settled", NOW)

        assert promises(shop, chat) == [("staff_answer", PromiseState.KEPT)]

    def test_given_another_persons_chat_when_written_to_then_refused(self, shop: Shop) -> None:
        chat = shop.chat()
        taken = claimed(shop, chat)
        before = len(chat.log)

        for step in (
            lambda uow: handoff.answer(uow, taken.id, BEN, "Hi", NOW),
            lambda uow: handoff.return_to_bot(uow, taken.id, BEN, NOW),
            lambda uow: handoff.requeue(uow, taken.id, BEN, shop.thresholds, NOW),
            lambda uow: handoff.resolve(uow, taken.id, BEN, "explained", NOW),
        ):
            with shop.db.write() as uow, pytest.raises(NotYours):
                step(uow)

        assert len(chat.log) == before
        assert stored(shop, taken) == taken


class TestReturnToBot:
    def test_given_a_claimed_chat_when_returned_then_a_new_visit_begins_at_the_case(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        chat.complains()
        visit = chat.conversation.visit
        taken = claimed(shop, chat)

        with shop.write() as uow:
            handoff.return_to_bot(uow, taken.id, ANA, NOW)

        talk = chat.conversation
        assert (talk.mode, talk.staff_id, talk.visit) == (Mode.BOT, None, visit + 1)
        assert (chat.case.status, chat.case.owner) == (CaseStatus.OPEN, "bot")
        assert chat.case.next_step == NextStep.CUSTOMER_ANSWERS
        assert stored(shop, taken).outcome == "returned_to_bot"
        assert "automated assistant" in chat.log[-1].text
        with shop.db.write() as uow, pytest.raises(UnknownHandoff):
            handoff.answer(uow, taken.id, ANA, "One more thing", NOW)

    def test_given_an_open_offer_when_returned_then_the_assistant_goes_on_at_it(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        case = chat.complains()
        with shop.write() as uow:
            assert compensation.decide_case(uow, shop.policy, case.id, NOW).offer is not None
        taken = claimed(shop, chat)

        with shop.write() as uow:
            handoff.return_to_bot(uow, taken.id, ANA, NOW)

        assert chat.case.status == CaseStatus.OFFERED
        assert chat.case.next_step == NextStep.CUSTOMER_DECIDES


class TestRequeue:
    def test_given_a_claimed_chat_when_requeued_then_it_waits_anew_and_the_new_time_is_promised(
        self, shop: Shop
    ) -> None:
        chat, taken = claimed_chat(shop)
        later = shop.clock.forward(minutes=20)

        with shop.write() as uow:
            handoff.requeue(uow, taken.id, ANA, shop.thresholds, later)

        back = stored(shop, taken)
        assert (back.state, back.claimed_by, back.claimed_at) == (HandoffState.WAITING, None, None)
        assert back.answer_due_at == later + HALF_HOUR
        assert (back.requested_at, back.limit_due_at) == (taken.requested_at, taken.limit_due_at)
        assert (chat.conversation.mode, chat.conversation.staff_id) == (Mode.WAITING, None)
        assert "Ana has put you back in the queue" in chat.log[-1].text
        with shop.db.read() as uow:
            due = [one.due_at for one in uow.promises.of_case(chat.case.id)]
        assert due == [taken.answer_due_at, back.answer_due_at]

        with shop.write() as uow:
            handoff.claim(uow, taken.id, BEN, later)
            handoff.answer(uow, taken.id, BEN, "I am Ben", later)
        assert {state for _, state in promises(shop, chat)} == {PromiseState.KEPT}


class TestResolve:
    def test_given_a_claimed_chat_when_resolved_then_case_and_chat_close_and_a_rating_is_asked(
        self, shop: Shop
    ) -> None:
        chat, taken = claimed_chat(shop)

        with shop.write() as uow:
            ask = shop.app.ask_survey
            handoff.resolve(uow, taken.id, ANA, "explained", NOW, ask)

        assert (chat.case.status, chat.case.outcome) == (CaseStatus.RESOLVED, "explained")
        assert chat.case.next_step == NextStep.NOTHING
        assert chat.conversation.mode is Mode.CLOSED
        assert (chat.log[-1].card or {})["kind"] == "survey"
        assert chat.log[-1].text.endswith("How did we do?")
        assert chat.case.number in chat.log[-1].text
        assert stored(shop, taken).outcome == "resolved"
        assert promises(shop, chat) == [("staff_answer", PromiseState.KEPT)]

    def test_given_no_case_when_resolved_then_the_chat_closes_all_the_same(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        taken = claimed(shop, chat)

        with shop.write() as uow:
            handoff.resolve(uow, taken.id, ANA, "explained", NOW)

        assert chat.conversation.mode is Mode.CLOSED
        assert (chat.log[-1].text, chat.log[-1].card) == ("Ana has ended the chat.", None)
