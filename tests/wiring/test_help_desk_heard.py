"""A company keeps its help desk: what its people do there reaches the customer."""

from typing import Any

import pytest

from amends.cases.model import CaseStatus, PromiseState
from amends.conversations.model import Delivery, Mode, Role
from amends.conversations.use_cases import Posting, post_message
from amends.handoff import fallbacks
from amends.handoff import use_cases as handoff
from amends.handoff.errors import AlreadyClaimed
from amends.handoff.help_desk import BRIDGE, ECHO, ChatState
from amends.handoff.model import HandoffState
from amends.storage.passwords import verify_password
from amends.wiring import help_desk
from tests.support.chatwoot_server import Chatwoot
from tests.support.shop import ANA, STORY, Chat, Shop
from tests.wiring.help_desk_steps import (
    Log,
    answered,
    asks,
    bridged,
    chatwoot,
    hear,
    latest,
    stored,
    tell,
    tell_all,
    waiting,
)

__all__ = ["answered", "bridged", "chatwoot", "waiting"]


class TestPersonWrites:
    def test_given_a_waiting_chat_when_a_person_writes_then_it_is_theirs_under_their_name(
        self, bridged: Shop, answered: Chat
    ) -> None:
        joined, said = answered.log[-2:]
        assert joined.text == "Mia has joined the chat."
        assert (said.role, said.author, said.text) == (Role.STAFF, "Mia", "Hello, I am Mia")
        assert (answered.conversation.mode, answered.conversation.staff_id) == (
            Mode.STAFF, BRIDGE.id,
        )  # fmt: skip
        assert (answered.case.status, answered.case.owner) == (CaseStatus.WITH_STAFF, BRIDGE.id)
        with bridged.db.read() as uow:
            (promise,) = uow.promises.of_case(answered.case.id)
        assert promise.state is PromiseState.KEPT

    def test_given_a_second_person_when_they_write_then_the_customer_reads_both_names(
        self, bridged: Shop, answered: Chat, chatwoot: Chatwoot
    ) -> None:
        hear(bridged, chatwoot.writes(chatwoot.chat, "Tom here, I take over", name="Tom"))

        assert [one.author for one in answered.log if one.role is Role.STAFF] == ["Mia", "Tom"]

    def test_given_the_same_webhook_again_when_heard_then_the_customer_reads_it_once(
        self, bridged: Shop, waiting: Chat, chatwoot: Chatwoot
    ) -> None:
        webhook = chatwoot.writes(chatwoot.chat, "Hello")

        assert [hear(bridged, webhook) for _ in range(3)] == [True, False, False]

        assert [one.text for one in waiting.log].count("Hello") == 1

    def test_given_messages_that_wait_for_the_bot_when_a_person_writes_then_they_are_theirs(
        self, bridged: Shop, waiting: Chat, chatwoot: Chatwoot
    ) -> None:
        with bridged.write() as uow:
            pending = post_message(
                uow, waiting.id, Posting("p1", text="Hello?"), limit=2000, now=bridged.clock()
            )

        hear(bridged, chatwoot.writes(chatwoot.chat, "I am here"))

        found = next(one for one in waiting.log if one.seq == pending.seq)
        assert found.delivery is Delivery.TO_STAFF

    def test_given_a_colleague_at_our_desk_has_it_when_a_person_writes_then_refused(
        self, bridged: Shop, waiting: Chat, chatwoot: Chatwoot
    ) -> None:
        with bridged.write() as uow:
            handoff.claim(uow, latest(bridged, waiting).id, ANA, bridged.clock())
        count = len(waiting.log)

        with pytest.raises(AlreadyClaimed):
            hear(bridged, chatwoot.writes(chatwoot.chat, "Hello"))

        assert len(waiting.log) == count
        tell(bridged)
        assert chatwoot.chat["status"] == "resolved"
        assert "Ana answers this customer" in chatwoot.said(private=True)[-1]

    def test_given_it_is_over_when_a_person_writes_on_then_the_chat_is_theirs_again(
        self, bridged: Shop, answered: Chat, chatwoot: Chatwoot
    ) -> None:
        hear(bridged, chatwoot.ends(chatwoot.chat))
        tell_all(bridged)

        assert hear(bridged, chatwoot.writes(chatwoot.chat, "One more thing"))
        answered.says("Yes?")
        tell_all(bridged)

        assert answered.conversation.mode is Mode.STAFF
        assert [one.text for one in answered.log][-2:] == ["One more thing", "Yes?"]
        assert chatwoot.said()[-1] == "Yes?"

    def test_given_a_conversation_of_another_system_when_written_to_then_it_is_left_alone(
        self, bridged: Shop, waiting: Chat, chatwoot: Chatwoot
    ) -> None:
        strange = {"id": 1, "source_id": "amends:nobody-knows-this"}
        never_bridged = {"id": 2, "source_id": f"amends:{bridged.chat().id}"}

        assert not hear(bridged, chatwoot.writes(strange, "Hello"))
        assert not hear(bridged, chatwoot.writes(never_bridged, "Hello"))

    def test_given_a_person_is_faster_than_our_books_when_they_write_then_nothing_is_lost(
        self, bridged: Shop, chatwoot: Chatwoot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Chatwoot has the chat, we do not know its number yet, and Mia writes already."""
        chat = bridged.chat()
        chat.complains()
        asks(bridged, chat)
        ask = help_desk._ask

        def overtaken(*arguments: Any) -> str | None:
            monkeypatch.setattr(help_desk, "_ask", ask)
            external_id = ask(*arguments)
            assert hear(bridged, chatwoot.writes(chatwoot.chat, "I am quick"))
            return external_id

        monkeypatch.setattr(help_desk, "_ask", overtaken)
        tell(bridged)
        chat.says("So you are")
        tell_all(bridged)

        assert chat.conversation.mode is Mode.STAFF
        assert chatwoot.said() == [STORY, "So you are"]
        assert stored(bridged, chat).state is ChatState.OPEN


class TestPersonEnds:
    def test_given_a_chat_when_resolved_in_chatwoot_then_case_and_chat_are_closed(
        self, bridged: Shop, answered: Chat, chatwoot: Chatwoot
    ) -> None:
        assert hear(bridged, chatwoot.ends(chatwoot.chat))
        assert not hear(bridged, chatwoot.ends(chatwoot.chat))

        assert answered.conversation.mode is Mode.CLOSED
        assert answered.case.status is CaseStatus.RESOLVED
        assert (answered.log[-1].card or {})["kind"] == "survey"
        assert latest(bridged, answered).outcome == "resolved"
        assert tell(bridged) == 0, "Chatwoot knows"

    def test_given_a_chat_when_set_to_pending_then_the_assistant_has_it_again(
        self, bridged: Shop, answered: Chat, chatwoot: Chatwoot
    ) -> None:
        assert hear(bridged, chatwoot.ends(chatwoot.chat, "pending"))

        assert answered.conversation.mode is Mode.BOT
        assert answered.log[-1].text == (
            "Mia has left the chat. I am the automated assistant again."
        )
        assert tell(bridged) == 0

    def test_given_nobody_wrote_when_resolved_then_the_customer_is_not_left_waiting(
        self, bridged: Shop, waiting: Chat, chatwoot: Chatwoot
    ) -> None:
        assert hear(bridged, chatwoot.ends(chatwoot.chat, name=""))

        assert waiting.conversation.mode is Mode.CLOSED
        assert f"{BRIDGE.name} has closed case" in waiting.log[-1].text

    def test_given_it_was_given_back_when_a_person_is_asked_for_again_then_the_same_chat_opens(
        self, bridged: Shop, answered: Chat, chatwoot: Chatwoot
    ) -> None:
        hear(bridged, chatwoot.ends(chatwoot.chat, "pending"))
        bridged.clock.forward(minutes=5)
        answered.says("No, I want a person")
        asks(bridged, answered)

        tell_all(bridged)

        assert chatwoot.chat["status"] == "open"
        notes = chatwoot.said(private=True)
        assert [note.startswith("Amends hands this chat over") for note in notes].count(True) == 2
        assert chatwoot.said()[-1] == "No, I want a person"

    def test_given_the_customer_needs_nobody_any_more_when_run_then_chatwoot_is_told(
        self, bridged: Shop, waiting: Chat, chatwoot: Chatwoot
    ) -> None:
        with bridged.write() as uow:
            handoff.cancel(uow, waiting.id, bridged.clock())

        tell(bridged)

        assert chatwoot.chat["status"] == "resolved"
        assert chatwoot.said(private=True)[-1] == "The customer needs nobody any more."
        assert stored(bridged, waiting).state is ChatState.CLOSED

    def test_given_we_closed_it_when_chatwoot_tells_of_that_then_a_new_wish_is_not_ended(
        self, bridged: Shop, waiting: Chat, chatwoot: Chatwoot
    ) -> None:
        with bridged.write() as uow:
            handoff.cancel(uow, waiting.id, bridged.clock())
        tell(bridged)
        echo = chatwoot.ends(chatwoot.chat)
        bridged.clock.forward(seconds=1)
        asks(bridged, waiting)
        tell(bridged)

        assert not hear(bridged, echo)
        assert latest(bridged, waiting).state is HandoffState.WAITING

    def test_given_time_has_passed_since_we_closed_it_when_a_person_resolves_then_it_counts(
        self, bridged: Shop, waiting: Chat, chatwoot: Chatwoot
    ) -> None:
        with bridged.write() as uow:
            handoff.cancel(uow, waiting.id, bridged.clock())
        tell(bridged)
        asks(bridged, waiting)
        tell(bridged)
        bridged.clock.forward(seconds=ECHO.total_seconds() + 1)

        assert hear(bridged, chatwoot.ends(chatwoot.chat))

    def test_given_a_colleague_at_our_desk_has_it_when_resolved_there_then_it_stays_with_them(
        self, bridged: Shop, waiting: Chat, chatwoot: Chatwoot
    ) -> None:
        with bridged.write() as uow:
            handoff.claim(uow, latest(bridged, waiting).id, ANA, bridged.clock())

        assert not hear(bridged, chatwoot.ends(chatwoot.chat))

        assert latest(bridged, waiting).claimed_by == ANA.id


class TestPeople:
    def look(self, shop: Shop) -> bool:
        help_desk.look_for_people(shop.app)
        assert shop.app.lanes.idle(20)
        with shop.db.read() as uow:
            member = uow.staff.get(BRIDGE.id)
            return member is not None and member.seen_at == shop.clock()

    def test_given_somebody_is_online_in_chatwoot_when_looked_then_our_queue_knows(
        self, bridged: Shop, chatwoot: Chatwoot
    ) -> None:
        assert not self.look(bridged)
        chatwoot.agents = [{"id": 5, "availability_status": "online"}]

        assert self.look(bridged)

    def test_given_chatwoot_is_down_when_looked_then_nobody_is_there_and_the_log_says_so(
        self, bridged: Shop, chatwoot: Chatwoot, log: Log
    ) -> None:
        chatwoot.is_down = True

        assert not self.look(bridged)
        assert [one for one in log if one["event"] == "help_desk.unavailable"]

    def test_given_nobody_answers_for_long_when_taken_away_then_it_waits_and_may_be_taken_again(
        self, bridged: Shop, answered: Chat, chatwoot: Chatwoot
    ) -> None:
        answered.says("Are you still there?")
        bridged.clock.forward(minutes=16)
        with bridged.write() as uow:
            (left,) = fallbacks.left_alone(uow, bridged.thresholds, bridged.clock())
            assert fallbacks.take_away(uow, bridged.thresholds, left, bridged.clock())
        tell_all(bridged)

        assert answered.conversation.mode is Mode.WAITING
        assert chatwoot.chat["status"] == "open"
        assert "back in the queue" in chatwoot.said(private=True)[-1]
        assert hear(bridged, chatwoot.writes(chatwoot.chat, "Back again"))
        assert answered.conversation.mode is Mode.STAFF

    def test_given_the_bridges_row_then_nobody_can_sign_in_with_it(
        self, bridged: Shop, answered: Chat
    ) -> None:
        with bridged.db.read() as uow:
            found = uow.staff.by_login(BRIDGE.login)

        assert found is not None
        assert not verify_password(found[1], "")
        assert not verify_password(found[1], found[1])
