"""Chats of staff who are gone or silent go back to the queue, and customers are told."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from amends.cases.model import CaseStatus, PromiseState
from amends.conversations.model import Mode
from amends.handoff import fallbacks
from amends.handoff import use_cases as handoff
from amends.handoff.errors import NotYours
from amends.handoff.help_desk import BRIDGE
from amends.handoff.model import Handoff, HandoffState
from tests.handoff.steps import (
    HALF_HOUR,
    ask,
    claimed_chat,
    come_online,
    due_times,
    in_office_hours,
    promises,
    stored,
)
from tests.support.shop import ANA, BEN, Shop


def take_away(shop: Shop, taken: Handoff) -> bool:
    with shop.write() as uow:
        return fallbacks.take_away(uow, shop.thresholds, taken.id, shop.clock())


def alone(shop: Shop) -> list[str]:
    with shop.db.read() as uow:
        return fallbacks.left_alone(uow, shop.thresholds, shop.clock())


def answers(shop: Shop, taken: Handoff, text: str = "Let me see") -> None:
    with shop.write() as uow:
        handoff.answer(uow, taken.id, ANA, text, shop.clock())


def pass_minutes(shop: Shop, minutes: int) -> None:
    """Let time pass while Ana's browser is seen every minute."""
    for _ in range(minutes):
        shop.clock.forward(minutes=1)
        come_online(shop, ANA)


class TestGone:
    def test_given_the_browser_is_gone_for_five_minutes_when_looked_at_then_the_chat_waits_again(
        self, shop: Shop
    ) -> None:
        come_online(shop, ANA)
        chat, taken = claimed_chat(shop)
        answers(shop, taken)
        later = shop.clock.forward(minutes=5)
        come_online(shop, BEN)

        assert alone(shop) == [taken.id]
        assert [take_away(shop, taken), take_away(shop, taken)] == [True, False]

        back = stored(shop, taken)
        assert (back.state, back.claimed_by) == (HandoffState.WAITING, None)
        assert (back.taken_from, back.taken_at) == (ANA.id, later)
        assert back.reasons == ("customer_asked", "staff_gone")
        assert (back.priority, back.requested_at) == (taken.priority, taken.requested_at)
        assert (chat.conversation.mode, chat.conversation.staff_id) == (Mode.WAITING, None)

    def test_given_a_chat_was_taken_away_then_the_customer_hears_it_and_the_new_promise_is_kept(
        self, shop: Shop
    ) -> None:
        come_online(shop, ANA)
        chat, taken = claimed_chat(shop)
        answers(shop, taken)
        shop.clock.forward(minutes=5)
        come_online(shop, BEN)

        take_away(shop, taken)

        assert chat.log[-1].text == (
            "Ana is no longer at the desk. You are back in the queue at your old place, and a "
            "colleague takes over. You are number 1 in the queue; you will have an answer within "
            "30 minutes."
        )
        assert due_times(shop, chat)[-1] == shop.clock() + HALF_HOUR
        assert (chat.case.status, chat.case.owner) == (CaseStatus.WITH_STAFF, "bot")
        assert "taken_away" in chat.timeline
        with shop.write() as uow:
            handoff.claim(uow, taken.id, BEN, shop.clock())
            handoff.answer(uow, taken.id, BEN, "I am Ben", shop.clock())
        assert Counter(state for _, state in promises(shop, chat)) == {PromiseState.KEPT: 2}

    def test_given_a_chat_was_taken_away_when_its_person_returns_then_no_answer_before_a_claim(
        self, shop: Shop
    ) -> None:
        come_online(shop, ANA)
        chat, taken = claimed_chat(shop)
        shop.clock.forward(minutes=6)
        take_away(shop, taken)
        before = chat.log

        with shop.db.write() as uow, pytest.raises(NotYours):
            handoff.answer(uow, taken.id, ANA, "Here I am again", shop.clock())
        assert chat.log == before

        with shop.write() as uow:
            handoff.claim(uow, taken.id, ANA, shop.clock())
            handoff.answer(uow, taken.id, ANA, "Here I am again", shop.clock())
        assert chat.log[-1].text == "Here I am again"

    def test_given_the_browser_was_seen_or_the_claim_is_fresh_when_looked_at_then_left_alone(
        self, shop: Shop
    ) -> None:
        come_online(shop, ANA)
        shop.clock.forward(hours=1)
        _, taken = claimed_chat(shop)
        shop.clock.forward(minutes=4)
        assert not take_away(shop, taken), "claimed four minutes ago"

        come_online(shop, ANA)
        shop.clock.forward(minutes=4)
        assert not take_away(shop, taken)
        assert stored(shop, taken) == taken

    def test_given_a_help_desk_of_the_companys_own_has_it_when_looked_at_then_only_silence_counts(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        asked = ask(shop, chat)
        with shop.write() as uow:
            uow.staff.add(BRIDGE, "nobody signs in with this")
            handoff.claim(uow, asked.id, BRIDGE, shop.clock())
        shop.clock.forward(minutes=14)
        assert not take_away(shop, asked)

        shop.clock.forward(minutes=1)
        assert take_away(shop, asked)
        assert stored(shop, asked).reasons[-1] == "staff_silent"

    def test_given_an_urgent_chat_when_taken_away_then_it_stands_before_later_ones(
        self, shop: Shop
    ) -> None:
        come_online(shop, ANA)
        urgent = ask(shop, shop.chat(), "danger")
        with shop.write() as uow:
            handoff.claim(uow, urgent.id, ANA, shop.clock())
        shop.clock.forward(minutes=1)
        others = [ask(shop, shop.chat(), reason) for reason in ("danger", "media")]
        shop.clock.forward(minutes=5)

        take_away(shop, urgent)

        with shop.db.read() as uow:
            order = [one.id for one in uow.handoffs.waiting()]
        assert order == [urgent.id, *(one.id for one in others)]

    def test_given_the_shop_is_closed_when_taken_away_then_told_when_people_are_back(
        self, shop: Shop
    ) -> None:
        in_office_hours(shop)
        come_online(shop, ANA)
        chat, taken = claimed_chat(shop)
        answers(shop, taken, "Until tomorrow")
        shop.clock.now = datetime(2026, 3, 4, 18, 10, tzinfo=UTC)

        assert take_away(shop, taken)

        assert "back on Friday, 6 March, 09:00 (Greenwich Mean Time)" in chat.log[-1].text
        assert due_times(shop, chat)[-1] == datetime(2026, 3, 6, 9, 30, tzinfo=UTC)


class TestSilent:
    def test_given_a_customer_who_waits_fifteen_minutes_when_looked_at_then_taken_away(
        self, shop: Shop
    ) -> None:
        chat, taken = claimed_chat(shop)
        answers(shop, taken)
        pass_minutes(shop, 1)
        chat.says("And now?")
        pass_minutes(shop, 14)
        assert alone(shop) == []

        pass_minutes(shop, 1)
        assert alone(shop) == [taken.id]
        assert take_away(shop, taken)

        assert chat.log[-1].text.startswith("Ana has not answered you for too long, and we are")
        assert stored(shop, taken).reasons == ("customer_asked", "staff_silent")

    def test_given_a_customer_who_writes_again_and_again_when_looked_at_then_the_first_counts(
        self, shop: Shop
    ) -> None:
        chat, taken = claimed_chat(shop)
        answers(shop, taken)
        for _ in range(16):
            pass_minutes(shop, 1)
            chat.says("Hello?")

        assert take_away(shop, taken)

    def test_given_a_claim_without_any_answer_when_fifteen_minutes_passed_then_taken_away(
        self, shop: Shop
    ) -> None:
        _, taken = claimed_chat(shop)
        pass_minutes(shop, 14)
        assert not take_away(shop, taken)

        pass_minutes(shop, 1)

        assert take_away(shop, taken)
        back = stored(shop, taken)
        assert back.limit_due_at == taken.limit_due_at, "who was never answered waits all along"

    def test_given_it_is_the_customers_turn_when_hours_pass_then_the_chat_stays(
        self, shop: Shop
    ) -> None:
        chat, taken = claimed_chat(shop)
        chat.says("Hello?")
        answers(shop, taken, "What does the label say?")
        pass_minutes(shop, 120)

        assert alone(shop) == []
        assert not take_away(shop, taken)

    def test_given_many_words_since_the_answer_when_looked_at_then_they_are_not_older_than_they_are(
        self, shop: Shop
    ) -> None:
        chat, taken = claimed_chat(shop)
        pass_minutes(shop, 10)
        answers(shop, taken)
        pass_minutes(shop, 20)
        for _ in range(fallbacks.LOOKED_AT + 5):
            chat.says("!")

        assert not take_away(shop, taken)

    def test_given_closing_time_when_the_customer_writes_then_the_night_is_no_silence(
        self, shop: Shop
    ) -> None:
        in_office_hours(shop)
        shop.clock.now = datetime(2026, 3, 4, 17, 50, tzinfo=UTC)
        chat, taken = claimed_chat(shop)
        answers(shop, taken)
        chat.says("One more thing")
        pass_minutes(shop, 60)
        assert not take_away(shop, taken)

        shop.clock.now = datetime(2026, 3, 6, 9, 5, tzinfo=UTC) - timedelta(minutes=1)
        pass_minutes(shop, 1)
        assert take_away(shop, taken), "ten minutes of Wednesday and five of Friday"

    def test_given_a_resolved_chat_when_looked_at_then_nothing(self, shop: Shop) -> None:
        _, taken = claimed_chat(shop)
        with shop.write() as uow:
            handoff.resolve(uow, taken.id, ANA, "explained", shop.clock())
        shop.clock.forward(hours=1)

        assert alone(shop) == []
        assert not take_away(shop, taken)
