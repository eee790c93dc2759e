"""A company keeps its help desk: chats go there in order, each word once, whatever breaks."""

from dataclasses import replace
from typing import Any

import pytest

from amends.conversations.model import Delivery, Mode
from amends.handoff import use_cases as handoff
from amends.wiring import help_desk
from amends.wiring.lanes import Lanes
from tests.support.chatwoot_server import Chatwoot, Down, Lost
from tests.support.shop import ANA, STORY, Chat, Shop
from tests.wiring.help_desk_steps import (
    Log,
    answered,
    asks,
    bot_says,
    bridged,
    chatwoot,
    tell,
    tell_all,
    waiting,
)

__all__ = ["answered", "bridged", "chatwoot", "waiting"]


class TestHandedOver:
    def test_given_a_person_is_asked_for_when_run_then_summary_and_last_words_are_in_chatwoot(
        self, bridged: Shop, chatwoot: Chatwoot
    ) -> None:
        chat = bridged.chat()
        case = chat.complains()
        asks(bridged, chat)

        assert tell(bridged) == 1
        assert tell(bridged) == 0

        (note,) = chatwoot.said(private=True)
        assert case.number in note
        assert "Why: Asked for a person" in note or "Why: customer asked" in note
        assert STORY in note, "what happened"
        assert chatwoot.said() == [STORY], "the customer's last words come in as theirs"
        assert chatwoot.chat["custom_attributes"]["amends_case"] == case.number

    def test_given_no_help_desk_when_run_then_nothing(self, shop: Shop, log: Log) -> None:
        asks(shop, shop.chat())

        assert help_desk.tell_help_desk(shop.app) == 0
        assert help_desk.look_for_people(shop.app) == 0

    def test_given_a_signed_in_customer_when_handed_over_then_they_are_named(
        self, bridged: Shop, chatwoot: Chatwoot
    ) -> None:
        chat = bridged.chat("cus-collins")
        asks(bridged, chat)

        tell(bridged)

        (contact,) = chatwoot.contacts.values()
        with bridged.db.read() as uow:
            known = uow.orders.customer("cus-collins")
        assert known is not None
        assert (contact["name"], contact["email"]) == (known.name, known.email)

    def test_given_a_guest_with_somebodys_order_when_handed_over_then_nobody_is_named(
        self, bridged: Shop, chatwoot: Chatwoot
    ) -> None:
        chat = bridged.chat()
        case = chat.complains(order="10045")
        asks(bridged, chat)

        tell(bridged)

        (contact,) = chatwoot.contacts.values()
        assert (contact["name"], contact["email"]) == (f"Guest {case.number}", None)
        assert "is a guest" in chatwoot.said(private=True)[0]

    def test_given_a_colleague_at_our_desk_was_faster_when_run_then_it_stays_there(
        self, bridged: Shop, chatwoot: Chatwoot
    ) -> None:
        chat = bridged.chat()
        asked = asks(bridged, chat)
        with bridged.write() as uow:
            handoff.claim(uow, asked.id, ANA, bridged.clock())

        assert tell(bridged) == 0
        assert chatwoot.chats == {}

    def test_given_many_wait_when_run_then_each_has_its_chat(
        self, bridged: Shop, chatwoot: Chatwoot
    ) -> None:
        chats = [bridged.chat() for _ in range(12)]
        for number, chat in enumerate(chats):
            chat.says(f"Hello {number}")
            asks(bridged, chat)

        tell(bridged)

        assert len(chatwoot.chats) == 12
        by_source = {one["source_id"]: one for one in chatwoot.chats.values()}
        for number, chat in enumerate(chats):
            assert chatwoot.said(by_source[f"amends:{chat.id}"]) == [f"Hello {number}"]


class TestForwarded:
    def test_given_a_waiting_customer_when_they_write_on_then_it_arrives_in_order(
        self, bridged: Shop, waiting: Chat, chatwoot: Chatwoot
    ) -> None:
        before = len(chatwoot.said())
        for number in range(5):
            waiting.says(f"And {number}")
        bot_says(bridged, waiting, "Thank you, that is noted.")
        waiting.says("Good")

        tell(bridged)

        assert chatwoot.said()[before:] == [*[f"And {n}" for n in range(5)], "Good"]
        assert chatwoot.said(private=True)[-1] == "Assistant: Thank you, that is noted."

    def test_given_a_person_has_the_chat_when_the_customer_writes_then_it_arrives_and_no_bot(
        self, bridged: Shop, answered: Chat, chatwoot: Chatwoot
    ) -> None:
        answered.says("Thank you Mia")

        tell(bridged)

        assert chatwoot.said()[-1] == "Thank you Mia"
        assert answered.log[-1].delivery is Delivery.TO_STAFF

    def test_given_what_the_person_wrote_when_run_then_it_is_not_told_back(
        self, bridged: Shop, answered: Chat, chatwoot: Chatwoot
    ) -> None:
        tell(bridged)

        told = [*chatwoot.said(), *chatwoot.said(private=True)]
        assert not [text for text in told if "I am Mia" in text or "joined" in text]

    def test_given_the_assistant_has_the_chat_when_the_customer_writes_then_chatwoot_hears_nothing(
        self, bridged: Shop, chatwoot: Chatwoot
    ) -> None:
        chat = bridged.chat()
        chat.says("Hello")

        assert tell(bridged) == 0
        assert chatwoot.calls == []


class TestDown:
    def test_given_chatwoot_is_down_for_long_when_it_is_back_then_all_is_told_in_order_once(
        self, bridged: Shop, chatwoot: Chatwoot
    ) -> None:
        chat = bridged.chat()
        chat.complains()
        chatwoot.is_down = True
        asks(bridged, chat)
        for number in range(6):
            tell(bridged, 30)
            chat.says(f"Still here {number}")

        chatwoot.is_down = False
        tell_all(bridged)

        assert chatwoot.said()[-1] == "Still here 5"
        everything = "\n".join([*chatwoot.said(private=True), *chatwoot.said()])
        for number in range(6):
            assert everything.count(f"Still here {number}") == 1
        assert len(chatwoot.said(private=True)) == 1

    @pytest.mark.parametrize("calls", range(14))
    def test_given_answers_are_lost_anywhere_when_all_is_told_then_in_order_and_once(
        self, bridged: Shop, chatwoot: Chatwoot, calls: int
    ) -> None:
        chat = bridged.chat()
        chat.complains()
        asks(bridged, chat)
        chatwoot.plan = [*[Down()] * (calls % 3), Lost(), *[Lost()] * (calls // 3)]
        tell(bridged)
        for number in range(3):
            chat.says(f"And {number}")
            chatwoot.plan.append(Lost())

        tell_all(bridged)

        assert chatwoot.said() == [STORY, "And 0", "And 1", "And 2"]
        assert len(chatwoot.chats) == len(chatwoot.contacts) == 1
        assert len(chatwoot.said(private=True)) == 1

    def test_given_chatwoot_is_down_when_run_then_each_round_asks_it_a_few_times_at_most(
        self, bridged: Shop, chatwoot: Chatwoot
    ) -> None:
        chatwoot.is_down = True
        for _ in range(20):
            asks(bridged, bridged.chat())

        tell(bridged)

        assert len(chatwoot.calls) <= help_desk.LANES

    def test_given_a_wrong_token_when_run_then_the_log_says_what_to_mend(
        self, bridged: Shop, chatwoot: Chatwoot, log: Log
    ) -> None:
        chatwoot.plan = [Down(401)]
        asks(bridged, bridged.chat())

        tell(bridged)

        (line,) = [one for one in log if one["event"] == "help_desk.misconfigured"]
        assert "401" in line["reason"]

    def test_given_a_process_that_died_in_the_middle_when_its_lease_is_over_then_told_once(
        self, bridged: Shop, waiting: Chat, chatwoot: Chatwoot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        waiting.says("Only once, please")

        def killed(*arguments: Any) -> None:
            raise SystemExit

        with monkeypatch.context() as patched:
            patched.setattr(help_desk.bridge, "record", killed)
            with pytest.raises(SystemExit):
                help_desk._tell_next(bridged.app, bridged.app.help_desk, waiting.id)  # type: ignore[arg-type]
        assert tell(bridged, 59) == 0, "the lease still runs"
        assert tell(bridged, 1) == 1

        assert chatwoot.said().count("Only once, please") == 1
        assert tell(bridged) == 0

    def test_given_several_processes_when_they_tell_at_once_then_each_word_once(
        self, bridged: Shop, waiting: Chat, chatwoot: Chatwoot
    ) -> None:
        for number in range(6):
            waiting.says(f"And {number}")
        apps = [replace(bridged.app, lanes=Lanes()) for _ in range(3)]

        for app in apps:
            help_desk.tell_help_desk(app)
        for app in apps:
            assert app.lanes.idle(20)
        tell(bridged)

        assert chatwoot.said()[-6:] == [f"And {n}" for n in range(6)]

    def test_given_the_chat_was_deleted_in_chatwoot_when_the_customer_writes_then_a_new_one(
        self, bridged: Shop, answered: Chat, chatwoot: Chatwoot
    ) -> None:
        chatwoot.chats.clear()
        answered.says("Are you there?")

        tell_all(bridged)

        assert chatwoot.said() == ["Are you there?"]
        assert answered.conversation.mode is Mode.WAITING
        assert "back in the queue" in answered.log[-1].text
