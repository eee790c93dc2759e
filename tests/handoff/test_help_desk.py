"""Whose turn it is at the company's help desk, and what its people read."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.compensation import use_cases as compensation
from amends.conversations.model import Draft, Role
from amends.handoff.handover_note import MOST_CHARACTERS, handover_note
from amends.handoff.help_desk import (
    BRIDGE,
    LONGEST_PAUSE,
    ChatState,
    HelpDeskChat,
    Turn,
    pause_after,
    turn_of,
)
from amends.handoff.model import Channel, Contact, Handoff, HandoffState
from amends.handoff.queue import summary
from tests.handoff.steps import ask, claimed
from tests.storage.samples import handoff
from tests.support.shop import NOW, Chat, Shop

OPEN = HelpDeskChat("c1", "h1", ChatState.OPEN, rounds=1, sent_seq=5, next_at=NOW)
OPENING = replace(OPEN, state=ChatState.OPENING)
CLOSED = replace(OPEN, state=ChatState.CLOSED)
WAITING = handoff("h1")
AGAIN = handoff("h2")
THEIRS = replace(WAITING, state=HandoffState.CLAIMED, claimed_by=BRIDGE.id, claimed_at=NOW)
ANAS = replace(THEIRS, claimed_by="s-ana")


class TestTurnOf:
    @pytest.mark.parametrize(
        ("chat", "asked", "last_seq", "turn"),
        [
            (None, None, 5, None),
            (None, WAITING, 5, Turn.HAND_OVER),
            (None, ANAS, 5, None),
            (OPENING, WAITING, 5, Turn.HAND_OVER),
            (OPENING, THEIRS, 5, Turn.HAND_OVER),
            (OPENING, ANAS, 5, Turn.CLOSE),
            (OPENING, None, 5, Turn.CLOSE),
            (OPEN, WAITING, 5, None),
            (OPEN, WAITING, 6, Turn.FORWARD),
            (OPEN, THEIRS, 5, None),
            (OPEN, THEIRS, 6, Turn.FORWARD),
            (OPEN, AGAIN, 5, Turn.HAND_OVER),
            (OPEN, ANAS, 6, Turn.CLOSE),
            (OPEN, None, 6, Turn.CLOSE),
            (CLOSED, None, 6, None),
            (CLOSED, ANAS, 6, None),
            (CLOSED, WAITING, 5, Turn.HAND_OVER),
            (CLOSED, THEIRS, 5, Turn.HAND_OVER),
        ],
    )
    def test_given_chat_and_handoff_then_what_is_told_next(
        self, chat: HelpDeskChat | None, asked: Handoff | None, last_seq: int, turn: Turn | None
    ) -> None:
        assert turn_of(chat, asked, last_seq) is turn


class TestPauseAfter:
    @given(st.integers(1, 10_000), st.floats(0, 1))
    def test_given_any_failures_then_a_customer_never_waits_longer_than_a_minute(
        self, tries: int, chance: float
    ) -> None:
        pause = pause_after(tries, chance, None)

        assert timedelta(seconds=1) <= pause <= LONGEST_PAUSE

    def test_given_it_asks_for_time_then_it_gets_it_up_to_ten_minutes(self) -> None:
        assert pause_after(1, 0.5, timedelta(minutes=3)) == timedelta(minutes=3)
        assert pause_after(1, 0.5, timedelta(days=3)) == timedelta(minutes=10)


class TestHandoverNote:
    def note(self, shop: Shop, chat: Chat, until_seq: int = 1000) -> str:
        with shop.db.read() as uow:
            asked = uow.handoffs.open_of(chat.id)
            assert asked is not None
            return handover_note(summary(uow, asked.id), shop.thresholds, until_seq)

    def test_given_a_case_with_an_offer_then_the_note_answers_what_one_would_ask(
        self, shop: Shop
    ) -> None:
        chat = shop.chat("cus-collins")
        case = chat.complains(order="10045", severity="high")
        chat.says("This is the worst", sentiment=-0.8)
        with shop.write() as uow:
            compensation.decide_case(uow, shop.policy, case.id, shop.clock())
        ask(shop, chat, "customer_asked")

        note = self.note(shop, chat)

        assert f"Case: {case.number}, not received, severity high" in note
        assert "Order: 10045, late, £" in note
        assert "Offered: a refund" in note
        assert "(offered)" in note
        assert "Promised: staff answer by 4 March" in note
        assert "signed in" in note
        assert "Mood, latest last: +0.0, -0.8" in note
        assert f"Customer: {case.what_happened}" in note.partition("What was said so far:")[2]

    def test_given_rows_that_fired_then_their_titles_say_why(self, shop: Shop) -> None:
        chat = shop.chat()
        row = shop.thresholds.rows[0]
        ask(shop, chat, row.id, "some_word")

        assert f"Why: {row.title}, some word" in self.note(shop, chat)

    def test_given_a_wish_to_be_called_then_the_note_says_where(self, shop: Shop) -> None:
        chat = shop.chat()
        asked = ask(shop, chat)
        with shop.write() as uow:
            uow.handoffs.save(replace(asked, contact=Contact(Channel.PHONE, "+44 20 7946 0000")))

        assert "Wants to be answered by phone: +44 20 7946 0000" in self.note(shop, chat)

    def test_given_a_chat_without_a_case_then_the_note_has_what_there_is(self, shop: Shop) -> None:
        chat = shop.chat()
        chat.says("Hello?")
        claimed(shop, chat)

        note = self.note(shop, chat)

        assert "Case:" not in note
        assert "Customer: Hello?\nSystem: Ana has joined the chat." in note

    def test_given_later_words_then_the_note_ends_before_them(self, shop: Shop) -> None:
        chat = shop.chat()
        first = chat.says("First")
        chat.says("Second")
        ask(shop, chat)

        note = self.note(shop, chat, first)

        assert "Customer: First" in note
        assert "Second" not in note

    def test_given_a_very_long_chat_then_the_note_is_bounded(self, shop: Shop) -> None:
        chat = shop.chat()
        with shop.write() as uow:
            for _ in range(60):
                uow.conversations.append(chat.id, Draft(Role.BOT, "x" * 1900), shop.clock())
        ask(shop, chat)

        assert len(self.note(shop, chat)) <= MOST_CHARACTERS
