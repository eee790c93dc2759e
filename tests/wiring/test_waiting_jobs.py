"""Nobody writes: whoever waits hears that it takes longer, and chats left by staff come back."""

from collections.abc import MutableMapping
from dataclasses import replace
from typing import Any

import pytest

from amends.cases.model import PromiseState
from amends.conversations.model import Mode
from amends.handoff import contacts
from amends.handoff import use_cases as handoff
from amends.handoff.model import Channel, Contact, Handoff, HandoffState
from amends.wiring import jobs
from amends.wiring.jobs import JOBS
from amends.wiring.rules import FixedRules
from tests.support.shop import ANA, Chat, Shop
from tests.wiring.steps import promises, told

LATE, TOO_LATE = "No colleague has been free for you yet", "That is far too long"
GONE = "Ana is no longer at the desk"


@pytest.fixture(autouse=True)
def quiet(log: list[MutableMapping[str, Any]]) -> list[MutableMapping[str, Any]]:
    return log


def waiting(shop: Shop) -> tuple[Chat, Handoff]:
    chat = shop.chat()
    chat.complains()
    with shop.write() as uow:
        asked = handoff.request(uow, shop.thresholds, chat.id, ("customer_asked",), shop.clock())
    return chat, asked


def claimed(shop: Shop) -> tuple[Chat, Handoff]:
    chat, asked = waiting(shop)
    with shop.write() as uow:
        uow.staff.seen(ANA.id, shop.clock())
        return chat, handoff.claim(uow, asked.id, ANA, shop.clock())


def stored(shop: Shop, one: Handoff) -> Handoff:
    with shop.db.read() as uow:
        found = uow.handoffs.get(one.id)
        assert found is not None
        return found


def all_rounds(shop: Shop) -> None:
    """Every job once, as a gateway does."""
    for job in JOBS:
        job.run(shop.app)


class TestTellLate:
    def test_given_four_hours_of_waiting_when_the_jobs_run_every_minute_then_each_is_told_once(
        self, shop: Shop
    ) -> None:
        chat, asked = waiting(shop)
        told_at = {}
        for minute in range(1, 241):
            shop.clock.forward(minutes=1)
            all_rounds(shop)
            for words in (LATE, TOO_LATE):
                if told(chat, words) and words not in told_at:
                    told_at[words] = minute

        assert told_at == {LATE: 30, TOO_LATE: 180}
        assert [told(chat, LATE), told(chat, TOO_LATE)] == [1, 1]
        assert promises(shop, chat.case) == {PromiseState.BROKEN: 2}
        assert stored(shop, asked).state is HandoffState.WAITING, "it keeps its place"
        assert "promise_broken" in stored(shop, asked).reasons

    def test_given_one_chat_cannot_be_told_when_run_then_the_others_are(
        self, shop: Shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (bad, _), (good, _) = waiting(shop), waiting(shop)
        shop.clock.forward(minutes=31)
        tell = jobs.fallbacks.tell_late

        def fail_for_one(uow: Any, thresholds: Any, handoff_id: str, now: Any) -> bool:
            done = tell(uow, thresholds, handoff_id, now)
            if uow.handoffs.get(handoff_id).conversation_id == bad.id:
                raise ConnectionError("cut off")
            return done

        monkeypatch.setattr(jobs.fallbacks, "tell_late", fail_for_one)
        assert jobs.tell_late(shop.app) == 1
        assert (told(bad, LATE), told(good, LATE)) == (0, 1)

        monkeypatch.undo()
        assert jobs.tell_late(shop.app) == 1
        assert (told(bad, LATE), told(good, LATE)) == (1, 1)

    def test_given_a_wish_to_be_called_back_when_left_for_days_then_the_chat_stays_in_the_queue(
        self, shop: Shop
    ) -> None:
        chat, asked = waiting(shop)
        with shop.write() as uow:
            contacts.note_contact(
                uow, chat.id, Contact(Channel.PHONE, "+44 20 7946 0000"), shop.clock()
            )
        for _ in range(6):
            shop.clock.forward(hours=12)
            all_rounds(shop)

        assert chat.conversation.mode is Mode.WAITING
        assert stored(shop, asked).state is HandoffState.WAITING
        assert told(chat, "A colleague will call you back, as you wished.") == 1


class TestTakeAwayChats:
    def test_given_the_laptop_was_closed_when_the_jobs_run_then_the_chat_waits_after_five_minutes(
        self, shop: Shop
    ) -> None:
        chat, taken = claimed(shop)
        for minute in range(1, 8):
            shop.clock.forward(minutes=1)
            all_rounds(shop)
            assert told(chat, GONE) == (minute >= 5)

        assert stored(shop, taken).taken_from == ANA.id
        assert chat.conversation.mode is Mode.WAITING

    def test_given_other_times_in_the_table_when_run_then_they_hold(self, shop: Shop) -> None:
        longer = replace(shop.thresholds, gone_after=shop.thresholds.gone_after * 4)
        shop.app = replace(shop.app, rules=FixedRules(longer))
        chat, _ = claimed(shop)
        shop.clock.forward(minutes=14)

        assert jobs.take_away_chats(shop.app) == 0
        shop.clock.forward(minutes=6)
        assert jobs.take_away_chats(shop.app) == 1
        assert told(chat, GONE) == 1

    def test_given_two_gateways_when_both_saw_it_then_it_is_taken_away_once(
        self, shop: Shop
    ) -> None:
        chat, taken = claimed(shop)
        shop.clock.forward(minutes=6)

        done = [jobs._with_handoff(shop.app, jobs.fallbacks.take_away, taken.id) for _ in range(2)]

        assert done == [True, False]
        assert told(chat, GONE) == 1

    def test_given_a_restart_when_the_jobs_begin_then_pages_have_time_to_be_seen_again(
        self,
    ) -> None:
        (job,) = (job for job in JOBS if job.name == "take_away_chats")

        assert job.first_after_seconds >= 60
