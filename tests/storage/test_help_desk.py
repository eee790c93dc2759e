"""Which conversations a help desk is to be told of: the query says what the decision says."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from amends.handoff.help_desk import BRIDGE, ChatState, HelpDeskChat, turn_of
from amends.handoff.model import Handoff, HandoffState
from amends.storage import Database
from tests.storage.samples import HOUR, NOW, customer_says, given, handoff, staff

CHAT = HelpDeskChat("c1", "h1", ChatState.OPEN, rounds=1, sent_seq=1, next_at=NOW)
STATES = (None, *ChatState)
HOLDERS = (None, "waiting", BRIDGE.id, "s-ana", "ended")


def held(holder: str, name: str = "h1") -> Handoff:
    """A handoff of c1 that waits, has ended, or that somebody has."""
    plain = handoff(name)
    if holder == "waiting":
        return plain
    if holder == "ended":
        return replace(plain, state=HandoffState.ENDED, ended_at=NOW + HOUR, outcome="resolved")
    return replace(plain, state=HandoffState.CLAIMED, claimed_by=holder, claimed_at=NOW)


class TestChats:
    def test_given_a_chat_when_saved_again_then_it_is_as_last_saved(self, db: Database) -> None:
        given(db)
        changed = replace(
            CHAT, state=ChatState.CLOSED, external_id="118", sent_seq=9, tries=2, rounds=3,
            closed_at=NOW + HOUR, last_error="status 503", next_at=NOW + 2 * HOUR,
        )  # fmt: skip

        with db.write() as uow:
            uow.handoffs.add(handoff("h1"))
            uow.help_desk.save(CHAT)
            assert uow.help_desk.get("c1") == CHAT
            uow.help_desk.save(changed)
            uow.commit()

        with db.read() as uow:
            assert uow.help_desk.get("c1") == changed
            assert uow.help_desk.get("c2") is None


class TestDue:
    @pytest.mark.parametrize("is_due", [True, False])
    def test_given_every_state_when_asked_then_exactly_those_with_a_turn_are_due(
        self, db: Database, is_due: bool
    ) -> None:
        """Each combination of chat, handoff and place in the log, one conversation each."""
        cases = list(product(STATES, HOLDERS, (True, False), (True, False)))
        names = [f"c{number}" for number in range(len(cases))]
        given(db, *names)
        next_at = NOW if is_due else NOW + timedelta(seconds=1)
        wanted = set()
        with db.write() as uow:
            for member in (staff(), BRIDGE):
                uow.staff.add(member, "hash")
            for name, (state, holder, is_current, is_behind) in zip(names, cases, strict=True):
                uow.conversations.append(name, customer_says(), NOW)
                last_seq = uow.conversations.lock(name).last_seq
                before = replace(held("ended", f"{name}-before"), conversation_id=name)
                uow.handoffs.add(before)
                now = replace(held(holder, f"{name}-now"), conversation_id=name) if holder else None
                if now is not None:
                    uow.handoffs.add(now)
                chat = None
                if state is not None:
                    about = now if now and is_current else before
                    sent = last_seq - is_behind
                    chat = HelpDeskChat(name, about.id, state, 1, sent, next_at)
                    uow.help_desk.save(chat)
                is_open = now is not None and now.state is not HandoffState.ENDED
                turn = turn_of(chat, now if is_open else None, last_seq)
                if turn is not None and (is_due or chat is None):
                    wanted.add(name)
            uow.commit()

        with db.read() as uow:
            found = uow.help_desk.due(NOW)

        assert set(found) == wanted
        assert len(found) == len(wanted), "each once"
        assert wanted
