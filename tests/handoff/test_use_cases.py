"""From asking for a person to the end of the chat, on a real database."""

from datetime import timedelta

import pytest

from amends.cases import use_cases as cases
from amends.cases.model import CaseStatus, NextStep, PromiseState
from amends.conversations.model import Delivery, Draft, Mode, Role
from amends.conversations.use_cases import Posting, post_message
from amends.handoff import use_cases as handoff
from amends.handoff.check import check, first_message_handoff
from amends.handoff.errors import AlreadyClaimed, NotYours, UnknownHandoff
from amends.handoff.model import Handoff, HandoffState
from tests.support.shop import ANA, BEN, NOW, Chat, Shop, understanding

HALF_HOUR = timedelta(minutes=30)


def ask(shop: Shop, chat: Chat, *reasons: str) -> Handoff:
    with shop.write() as uow:
        wanted = reasons or ("customer_asked",)
        return handoff.request(uow, shop.thresholds, chat.id, wanted, shop.clock())


def claimed(shop: Shop, chat: Chat, by: object = ANA) -> Handoff:
    asked = ask(shop, chat)
    with shop.write() as uow:
        return handoff.claim(uow, asked.id, by, shop.clock())


def look(shop: Shop, chat: Chat, text: str = "words", **understood: object) -> tuple[Draft, ...]:
    """Let the thresholds look at one more message of the customer."""
    seq = chat.says(text, **({"sentiment": 0.0} | understood))
    with shop.write() as uow:
        found = uow.understandings.get(chat.id, seq)
        assert found is not None
        return check(uow, shop.thresholds, chat.conversation, seq, found, shop.clock())


def stored(shop: Shop, asked: Handoff) -> Handoff:
    with shop.db.read() as uow:
        found = uow.handoffs.get(asked.id)
        assert found is not None
        return found


def promises(shop: Shop, chat: Chat) -> list[tuple[str, PromiseState]]:
    with shop.db.read() as uow:
        return [(one.what, one.state) for one in uow.promises.of_case(chat.case.id)]


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


class TestCheck:
    def test_given_a_calm_message_when_looked_at_then_nobody_is_asked(self, shop: Shop) -> None:
        chat = shop.chat()

        assert look(shop, chat) == ()
        assert chat.conversation.mode is Mode.BOT

    @pytest.mark.parametrize(
        ("flag", "helps"),
        [
            ("self_harm", ["116 123", "988", "112"]),
            ("safety", ["112", "stop using the product"]),
            ("violence_threat", ["112"]),
        ],
    )
    def test_given_danger_when_looked_at_then_help_comes_first_and_the_chat_goes_to_the_top(
        self, shop: Shop, flag: str, helps: list[str]
    ) -> None:
        ask(shop, shop.chat(), "fraud")
        chat = shop.chat()

        told = look(shop, chat, flags=frozenset({flag}))

        assert [draft.role for draft in told] == [Role.SYSTEM, Role.SYSTEM]
        assert all(words in told[0].text for words in helps)
        assert told[1].card == {"kind": "handoff", "position": 1, "expected_minutes": 30}
        assert chat.conversation.mode is Mode.WAITING

    def test_given_somebody_waits_already_when_danger_is_named_then_help_still_comes(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        ask(shop, chat)

        told = look(shop, chat, flags=frozenset({"self_harm"}))
        again = look(shop, chat, flags=frozenset({"self_harm"}))

        assert len(told) == 1
        assert "116 123" in told[0].text
        assert again == (), "the same help is not said to every message"

    def test_given_a_request_for_a_person_when_looked_at_then_the_assistant_answers_it(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()

        told = look(shop, chat, flags=frozenset({"human_request"}), intent="ask_for_person")

        assert told == ()
        assert chat.conversation.mode is Mode.WAITING

    def test_given_staff_have_the_chat_when_looked_at_then_they_are_left_alone(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        taken = claimed(shop, chat)

        assert look(shop, chat, flags=frozenset({"legal"})) == ()
        assert stored(shop, taken).reasons == ("customer_asked",)

    def test_given_a_chat_came_back_from_staff_when_looked_at_then_old_words_count_no_more(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        look(shop, chat, flags=frozenset({"legal"}))
        back_from_staff(shop, chat)

        assert look(shop, chat) == ()
        assert chat.conversation.mode is Mode.BOT

        look(shop, chat, flags=frozenset({"legal"}))
        assert chat.conversation.mode is Mode.WAITING, "said again, it counts again"

    def test_given_a_repeat_complaint_came_back_from_staff_when_looked_at_then_it_stays(
        self, shop: Shop
    ) -> None:
        shop.chat("cus-collins").complains()
        chat = shop.chat("cus-collins")
        chat.complains()
        look(shop, chat)
        assert chat.conversation.mode is Mode.WAITING
        back_from_staff(shop, chat)

        assert look(shop, chat) == ()

    def test_given_a_message_sent_before_the_handoff_ended_when_looked_at_then_it_counts_alone(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        look(shop, chat, flags=frozenset({"legal"}))
        seq = chat.says("Oh, and thanks", sentiment=0.4)
        with shop.write() as uow:
            handoff.cancel(uow, chat.id, shop.clock.forward(seconds=5))

        with shop.write() as uow:
            found = uow.understandings.get(chat.id, seq)
            assert found is not None
            told = check(uow, shop.thresholds, chat.conversation, seq, found, shop.clock())

        assert told == ()

    def test_given_a_first_message_when_judged_alone_then_as_the_running_chat_would(
        self, shop: Shop
    ) -> None:
        assert first_message_handoff(shop.thresholds, understanding(flags=frozenset({"legal"})))
        assert not first_message_handoff(shop.thresholds, understanding())


def back_from_staff(shop: Shop, chat: Chat) -> None:
    with shop.write() as uow:
        asked = uow.handoffs.open_of(chat.id)
        assert asked is not None
        handoff.claim(uow, asked.id, ANA, shop.clock.forward(minutes=1))
        handoff.return_to_bot(uow, asked.id, ANA, shop.clock.forward(minutes=1))
    shop.clock.forward(minutes=1)


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
                handoff.wait_of(uow, one.conversation_id, shop.clock()).position for one in asked
            ]

        assert order == [asked[i].id for i in (1, 3, 0, 2)]
        assert places == [3, 1, 4, 2]

    def test_given_nobody_was_asked_for_when_asked_for_the_wait_then_refused(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()

        with shop.db.read() as uow, pytest.raises(UnknownHandoff):
            handoff.wait_of(uow, chat.id, NOW)


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
        chat = shop.chat()
        chat.complains()
        taken = claimed(shop, chat)

        with shop.write() as uow:
            said = handoff.answer(
                uow, taken.id, ANA, "Let me see", shop.clock.forward(minutes=minutes)
            )

        assert (said.role, said.author) == (Role.STAFF, "Ana")
        assert promises(shop, chat) == [("staff_answer", state)]
        assert stored(shop, taken).first_answer_at == shop.clock()

    def test_given_a_second_answer_when_written_then_the_first_time_stands(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        chat.complains()
        taken = claimed(shop, chat)

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


class TestRequeue:
    def test_given_a_claimed_chat_when_requeued_then_it_waits_anew_and_the_new_time_is_promised(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        chat.complains()
        taken = claimed(shop, chat)
        later = shop.clock.forward(minutes=20)

        with shop.write() as uow:
            handoff.requeue(uow, taken.id, ANA, shop.thresholds, later)

        back = stored(shop, taken)
        assert (back.state, back.claimed_by, back.claimed_at) == (HandoffState.WAITING, None, None)
        assert back.answer_due_at == later + HALF_HOUR
        assert (back.requested_at, back.limit_due_at) == (taken.requested_at, taken.limit_due_at)
        assert (chat.conversation.mode, chat.conversation.staff_id) == (Mode.WAITING, None)
        assert "Ana had to leave" in chat.log[-1].text
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
        chat = shop.chat()
        chat.complains()
        taken = claimed(shop, chat)

        with shop.write() as uow:
            handoff.resolve(uow, taken.id, ANA, "explained", NOW)

        assert (chat.case.status, chat.case.outcome) == (CaseStatus.RESOLVED, "explained")
        assert chat.case.next_step == NextStep.NOTHING
        assert chat.conversation.mode is Mode.CLOSED
        assert chat.log[-1].card == {"kind": "survey"}
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
        assert chat.log[-1].text == "Ana has ended the chat. How did we do?"
