"""What a waiting customer is told and promised, from the rows of queue, staff and claims."""

from datetime import UTC, datetime, timedelta

import pytest

from amends.conversations.model import Choice
from amends.handoff import notices, waits
from amends.handoff import use_cases as handoff
from amends.handoff.clock import Wait, wait_words
from amends.handoff.model import Handoff
from tests.handoff.steps import (
    HALF_HOUR,
    ask,
    come_online,
    due_times,
    in_office_hours,
    look,
    stored,
)
from tests.support.shop import ANA, BEN, NOW, Chat, Shop

EVENING = datetime(2026, 3, 4, 20, 0, tzinfo=UTC)  # the next day is a holiday
FRIDAY = datetime(2026, 3, 6, 9, 0, tzinfo=UTC)


def wait_of(shop: Shop, chat: Chat) -> Wait:
    with shop.db.read() as uow:
        return waits.wait_of(uow, shop.thresholds, chat.id, shop.clock())


def claimed_after(shop: Shop, *minutes: int) -> list[Handoff]:
    """Chats one after the other that waited so long for Ana."""
    done = []
    for wait in minutes:
        asked = ask(shop, shop.chat())
        with shop.write() as uow:
            done.append(handoff.claim(uow, asked.id, ANA, shop.clock.forward(minutes=wait)))
    return done


class TestPromise:
    def test_given_closed_when_a_person_is_asked_then_promised_for_after_the_next_opening(
        self, shop: Shop
    ) -> None:
        in_office_hours(shop)
        shop.clock.now = EVENING
        chat = shop.chat()
        chat.complains()

        asked = ask(shop, chat)

        assert asked.answer_due_at == FRIDAY + HALF_HOUR
        assert asked.limit_due_at == FRIDAY + 6 * HALF_HOUR
        assert due_times(shop, chat) == [FRIDAY + HALF_HOUR]
        wait = wait_of(shop, chat)
        assert (wait.opens_at, wait.due_at) == (FRIDAY, FRIDAY + HALF_HOUR)

    def test_given_ten_minutes_to_closing_when_asked_then_the_rest_counts_after_the_holiday(
        self, shop: Shop
    ) -> None:
        in_office_hours(shop)
        shop.clock.now = EVENING.replace(hour=17, minute=50)

        assert ask(shop, shop.chat()).answer_due_at == FRIDAY + timedelta(minutes=20)

    def test_given_a_slow_queue_when_asked_then_what_can_be_kept_is_promised(
        self, shop: Shop
    ) -> None:
        claimed_after(shop, 40, 40, 40)
        come_online(shop, ANA)
        chat = shop.chat()
        chat.complains()

        asked = ask(shop, chat)

        assert asked.answer_due_at == shop.clock() + timedelta(minutes=40)
        assert due_times(shop, chat) == [asked.answer_due_at]
        assert wait_of(shop, chat).about == 40
        assert not wait_of(shop, chat).slow, "it was not promised sooner"

    def test_given_a_hopeless_queue_when_asked_then_never_past_the_limit(self, shop: Shop) -> None:
        claimed_after(shop, 300, 300, 300)

        asked = ask(shop, shop.chat())

        assert asked.answer_due_at == asked.limit_due_at

    def test_given_a_fast_queue_when_asked_then_the_target_stands_and_the_pace_is_told(
        self, shop: Shop
    ) -> None:
        claimed_after(shop, 5, 5, 5)
        come_online(shop, ANA)
        chat = shop.chat()

        asked = ask(shop, chat)

        assert asked.answer_due_at == shop.clock() + HALF_HOUR
        assert "about 5 minutes; you will have an answer within 30 minutes" in wait_words(
            wait_of(shop, chat)
        )

    def test_given_claims_of_the_day_before_yesterday_when_asked_then_they_tell_nothing(
        self, shop: Shop
    ) -> None:
        claimed_after(shop, 40, 40, 40)
        shop.clock.forward(hours=25)
        come_online(shop, ANA)
        chat = shop.chat()

        assert ask(shop, chat).answer_due_at == shop.clock() + HALF_HOUR
        assert wait_of(shop, chat).about is None


class TestWaitOf:
    def test_given_a_browser_seen_just_now_when_asked_then_online_and_a_minute_later_not(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        ask(shop, chat)
        come_online(shop, ANA, BEN)

        assert wait_of(shop, chat).online == 2
        shop.clock.forward(seconds=60)
        assert wait_of(shop, chat).online == 0

    def test_given_nobody_online_when_asked_then_never_no_minutes_and_no_pace(
        self, shop: Shop
    ) -> None:
        claimed_after(shop, 0, 0, 0)
        chat = shop.chat()
        ask(shop, chat)

        wait = wait_of(shop, chat)

        assert (wait.minutes, wait.about) == (30, None)
        assert wait_words(wait).startswith("Nobody of our team is online at this moment.")

    @pytest.mark.parametrize("waiting", [10, 11])
    def test_given_one_person_online_when_more_than_ten_wait_then_the_last_hears_it_is_full(
        self, shop: Shop, waiting: int
    ) -> None:
        chats = [shop.chat() for _ in range(waiting)]
        for chat in chats:
            ask(shop, chat)
            shop.clock.forward(seconds=1)
        come_online(shop, ANA)

        last, first = wait_of(shop, chats[-1]), wait_of(shop, chats[0])

        assert (last.position, last.full) == (waiting, waiting > 10)
        assert not first.full, "whoever is next need not go elsewhere"


class TestNotices:
    def test_given_a_person_was_asked_when_told_then_with_two_choices_and_the_place(
        self, shop: Shop
    ) -> None:
        (told,) = look(shop, shop.chat(), flags=frozenset({"legal"}))

        assert told.choices == (
            Choice("", "E-mail me", '/ask_for_person{"contact": "email"}'),
            Choice("", "Call me back", '/ask_for_person{"contact": "phone"}'),
        )
        assert told.card == {"kind": "handoff", "position": 1, "expected_minutes": 30}

    def test_given_a_pace_when_told_then_the_card_shows_it(self, shop: Shop) -> None:
        claimed_after(shop, 5, 5, 5)
        come_online(shop, ANA)

        (told,) = look(shop, shop.chat(), flags=frozenset({"legal"}))

        assert told.card == {"kind": "handoff", "position": 1, "expected_minutes": 5}

    def test_given_an_overdue_wait_when_told_then_the_card_names_no_minutes(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        ask(shop, chat)
        shop.clock.forward(hours=4)

        card = notices.card_of(wait_of(shop, chat))

        assert card == {"kind": "handoff", "position": 1, "expected_minutes": None}

    def test_given_closed_when_a_chat_is_put_back_then_the_next_opening_is_told_and_promised(
        self, shop: Shop
    ) -> None:
        in_office_hours(shop)
        chat = shop.chat()
        chat.complains()
        asked = ask(shop, chat)
        with shop.write() as uow:
            handoff.claim(uow, asked.id, ANA, shop.clock())
            handoff.answer(uow, asked.id, ANA, "I look into it", shop.clock())
        shop.clock.now = EVENING

        with shop.write() as uow:
            handoff.requeue(uow, asked.id, ANA, shop.thresholds, shop.clock())

        assert "back on Friday, 6 March, 09:00 (Greenwich Mean Time)" in chat.log[-1].text
        assert "by Friday, 6 March, 09:30" in chat.log[-1].text
        assert due_times(shop, chat)[-1] == FRIDAY + HALF_HOUR
        back = stored(shop, asked)
        assert back.limit_due_at == FRIDAY + 6 * HALF_HOUR, "an answered customer waits anew"
        assert all(choice.id for choice in chat.log[-1].choices)
        assert chat.case.owner == "bot", "nobody has it now"
        assert back.answer_due_at > NOW
