"""Internal notes: for staff alone, whatever road a customer or the assistant comes by."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.conversations import turn_steps
from amends.conversations.errors import EmptyMessage
from amends.conversations.use_cases import read_messages
from amends.handoff import notes, queue
from amends.handoff.errors import UnknownHandoff
from amends.handoff.handover_note import handover_note
from amends.handoff.model import Handoff
from amends.records.record import record_of
from amends.records.status import status_of
from amends.storage.tables.outbox import OutboxRow
from tests.handoff.steps import ask, claimed_chat
from tests.support.shop import ANA, BEN, NOW, Chat, Shop, open_shop


def write(shop: Shop, handoff: Handoff, text: str, by: object = ANA) -> None:
    with shop.write() as uow:
        notes.write(uow, handoff.id, by, text, shop.clock())  # type: ignore[arg-type]


class TestWrite:
    def test_given_words_then_they_stand_between_the_messages_of_their_time(
        self, shop: Shop
    ) -> None:
        chat, claimed = claimed_chat(shop)
        before = chat.log[-1].seq
        write(shop, claimed, "  Knows the shop manager. ")
        chat.says("Hello?")
        write(shop, claimed, "Angry now", BEN)

        with shop.db.read() as uow:
            found = queue.summary(uow, claimed.id)

        assert [(one.after_seq, one.author_id, one.text) for one in found.notes] == [
            (before, ANA.id, "Knows the shop manager."),
            (before + 1, BEN.id, "Angry now"),
        ]

    def test_given_a_note_that_comes_again_then_it_stands_once(self, shop: Shop) -> None:
        _, claimed = claimed_chat(shop)
        write(shop, claimed, "Angry now")
        with shop.write() as uow:
            notes.write(uow, claimed.id, BEN, "Angry now", shop.clock(), again=True)
            notes.write(uow, claimed.id, ANA, "Angry now ", shop.clock(), again=True)
            notes.write(uow, claimed.id, ANA, "Calmer", shop.clock(), again=True)

        with shop.db.read() as uow:
            found = queue.summary(uow, claimed.id).notes
        assert [(one.author_id, one.text) for one in found] == [
            (ANA.id, "Angry now"),
            (BEN.id, "Angry now"),
            (ANA.id, "Calmer"),
        ]

    def test_given_written_then_neither_log_nor_conversation_changes_and_the_timeline_names_it(
        self, shop: Shop
    ) -> None:
        chat, claimed = claimed_chat(shop)
        before = (chat.log, chat.conversation)
        shop.clock.forward(minutes=1)

        write(shop, claimed, "Knows the shop manager.")

        assert (chat.log, chat.conversation) == before
        with shop.db.read() as uow:
            entry = uow.cases.entries(chat.case.id)[-1]
            changed = uow.conversations.changed_since(shop.clock())
        assert (entry.kind, entry.actor) == ("staff_note", ANA.id)
        assert list(entry.data) == ["note_id"]
        assert changed == []

    def test_given_no_case_then_written_all_the_same(self, shop: Shop) -> None:
        chat = shop.chat()
        asked = ask(shop, chat)

        write(shop, asked, "Only wants to talk")

        with shop.db.read() as uow:
            assert len(uow.notes.of_conversation(chat.id)) == 1

    def test_given_nothing_to_read_then_refused(self, shop: Shop) -> None:
        _, claimed = claimed_chat(shop)

        with pytest.raises(EmptyMessage):
            write(shop, claimed, " \n\t")

    def test_given_no_such_chat_then_refused(self, shop: Shop) -> None:
        with shop.db.write() as uow, pytest.raises(UnknownHandoff):
            notes.write(uow, "h-unknown", ANA, "Hello", NOW)


MARK = "N0TE"


class TestNobodyElseReads:
    @settings(max_examples=25, deadline=None)
    @given(words=st.text(min_size=1, max_size=60), says=st.lists(st.booleans(), max_size=4))
    def test_given_any_notes_then_no_road_to_customer_or_assistant_holds_one(
        self, words: str, says: list[bool], tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        shop = open_shop(tmp_path_factory.mktemp("notes"))
        try:
            chat, claimed = claimed_chat(shop)
            for customer_speaks in (True, *says):
                if customer_speaks:
                    chat.says("Hello?")
                write(shop, claimed, f"{MARK} {words}")
            with shop.db.read() as uow:
                written = uow.notes.of_conversation(chat.id)
            assert repr(written).count(MARK) == 1 + len(says)

            assert MARK not in self.all_that_leaves(shop, chat, claimed)
        finally:
            shop.db.close()

    @staticmethod
    def all_that_leaves(shop: Shop, chat: Chat, claimed: Handoff) -> str:
        """What the customer's API and stream, their status page, the engine, webhooks, the timeline
        and a help desk are made of."""
        with shop.db.read() as uow:
            page = read_messages(uow, chat.id, 0)
            summary = queue.summary(uow, claimed.id)
            turn = turn_steps.take(uow, chat.id)
            parts = [
                page,
                turn,
                uow.cases.entries(chat.case.id),
                uow.cases.get(chat.case.id),
                [one.payload for one in uow.outbox._session.query(OutboxRow)],
                handover_note(summary, shop.thresholds, 10_000),
                status_of(record_of(uow, chat.case.number), NOW),
            ]
        return repr(parts)
