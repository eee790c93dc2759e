"""A visit's history stays short: the engine's cost of a turn grows with the events it loads.

The store loads the latest session alone. So once a history is long, a new session begins with what
the dialogue stands on: the slots, and the form that is going on. What came before stays in the
store until the visit is over, and no turn reads it any more.
"""

from __future__ import annotations

from rasa.shared.core.constants import ACTION_LISTEN_NAME, SESSION_START_METADATA_SLOT
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

MOST_EVENTS = 150
"""About fifteen turns; the policies look back on six (config.yml)."""


def shorten(tracker: DialogueStateTracker, most: int = MOST_EVENTS) -> bool:
    """Begin a new session between two turns if the history is long; whether one began.

    A form that was left for a moment is waited for: that it was left is in its history alone.
    """
    if len(tracker.events) <= most or not _stands_still(tracker):
        return False
    for event in [SessionStarted(), *_carried(tracker)]:
        tracker.update(event)
    return True


def _stands_still(tracker: DialogueStateTracker) -> bool:
    loop = tracker.active_loop
    in_between = loop is not None and (loop.is_interrupted or loop.rejected)
    listens = tracker.latest_action_name == ACTION_LISTEN_NAME
    return listens and not in_between and not tracker.is_paused()


def _carried(tracker: DialogueStateTracker) -> list[Event]:
    """Return what a session begins with, read before the old one is forgotten."""
    changed = [
        SlotSet(name, slot.value)
        for name, slot in tracker.slots.items()
        if slot.value != slot.initial_value and name != SESSION_START_METADATA_SLOT
    ]
    loop = [ActiveLoop(tracker.active_loop_name)] if tracker.active_loop_name else []
    return [*loop, *changed, ActionExecuted(ACTION_LISTEN_NAME)]
