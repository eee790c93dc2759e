"""A long history begins anew between two turns, and the dialogue goes on as it stood."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core import events
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from bot import history, tracker_store


class Ours(SQLTrackerStore):
    __init__ = tracker_store._init
    _retrieve = tracker_store._retrieve
    save = tracker_store._save


def _slot() -> dict[str, object]:
    return {"type": "text", "mappings": [{"type": "custom"}]}  # Rasa empties what it reads


@pytest.fixture
def domain() -> Domain:
    return Domain.from_dict(
        {
            "intents": ["agree"],
            "slots": {name: _slot() for name in ("case_stage", "requested_slot", "order")},
            "forms": {"details_form": {"required_slots": []}},
        }
    )


def say(tracker: DialogueStateTracker, number: int) -> None:
    for event in (
        events.UserUttered(f"text {number}", {"name": "agree"}, message_id=f"m{number}"),
        events.SlotSet("case_stage", f"stage {number}"),
        events.BotUttered(f"answer {number}"),
        events.ActionExecuted("action_listen"),
    ):
        tracker.update(event)


def talk(store: SQLTrackerStore, turns: int, start: int = 0) -> DialogueStateTracker:
    """Hold turns as `bot.turns` does: load, shorten, go on, save."""
    for number in range(start, start + turns):
        tracker = asyncio.run(store.get_or_create_tracker("c.1", append_action_listen=True))
        history.shorten(tracker, most=40)
        say(tracker, number)
        asyncio.run(store.save(tracker))
    loaded = asyncio.run(store.retrieve("c.1"))
    assert loaded is not None
    return loaded


def test_given_many_turns_then_what_is_loaded_stays_short(domain: Domain, tmp_path: Path) -> None:
    store = Ours(domain, db=str(tmp_path / "t.db"))

    loaded = talk(store, 60)

    assert len(loaded.events) < 60
    assert loaded.get_slot("case_stage") == "stage 59"
    assert loaded.latest_action_name == "action_listen"
    full = asyncio.run(store.retrieve_full_tracker("c.1"))
    said = [e.message_id for e in full.events if isinstance(e, events.UserUttered)]
    assert said == [f"m{number}" for number in range(60)]


def test_given_a_form_that_goes_on_then_it_still_does(domain: Domain, tmp_path: Path) -> None:
    store = Ours(domain, db=str(tmp_path / "t.db"))
    tracker = talk(store, 9)
    tracker.update(events.ActiveLoop("details_form"))
    tracker.update(events.SlotSet("requested_slot", "order"))
    tracker.update(events.ActionExecuted("action_listen"))
    asyncio.run(store.save(tracker))

    loaded = talk(store, 30, start=9)

    assert len(loaded.events) < 60
    assert loaded.active_loop_name == "details_form"
    assert loaded.get_slot("requested_slot") == "order"


def test_given_a_new_session_then_a_message_driven_again_is_found(
    domain: Domain, tmp_path: Path
) -> None:
    from bot.turns import find_replies

    store = Ours(domain, db=str(tmp_path / "t.db"))
    for number in range(40):
        loaded = talk(store, 1, start=number)
        replies = find_replies(list(loaded.events), f"m{number}")
        assert replies is not None
        assert [reply["text"] for reply in replies] == [f"answer {number}"]


def test_given_a_turn_in_between_or_a_form_left_then_nothing_begins(domain: Domain) -> None:
    tracker = DialogueStateTracker.from_events("c.1", [], domain.slots, domain=domain)
    for number in range(30):
        say(tracker, number)
    tracker.update(events.UserUttered("more", {"name": "agree"}))
    tracker.update(events.ActionExecuted("action_other"))

    assert not history.shorten(tracker, most=40)

    tracker.update(events.ActiveLoop("details_form"))
    tracker.update(events.LoopInterrupted(True))
    tracker.update(events.ActionExecuted("action_listen"))
    tracker.active_loop.is_interrupted = True
    assert not history.shorten(tracker, most=40)


def test_given_a_short_history_then_nothing_begins(domain: Domain) -> None:
    tracker = DialogueStateTracker.from_events("c.1", [], domain.slots, domain=domain)
    say(tracker, 1)
    before = len(tracker.events)

    assert not history.shorten(tracker, most=40)
    assert len(tracker.events) == before
