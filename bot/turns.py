"""One turn of a conversation: exactly once per message id, saved whole or not at all.

Rasa's `MessageProcessor.handle_message` forgets failures of actions and knows no message ids.
`run_turn` takes the same steps with the same methods of the processor, and

* returns the replies already in the tracker if it holds the message id;
* raises `TurnFailedError`, before anything is saved, if a custom action failed, the circuit
  breaker tripped or the turn took too long. The gateway then sends the message again;
* raises `ActionsAwayError`, as early, if the actions or their database were away.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.exceptions import ActionLimitReached
from rasa.shared.core.events import BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot import carried, history, patches

TURN_LIMIT_SECONDS = 25.0
# Longer than a turn may wait and run, so that a lock never lapses while its holder works.
LOCK_LIFETIME_SECONDS = 60.0
# Rasa's default of one second would delay the second of two quick messages by as much.
LOCK_POLL_SECONDS = 0.02
# Responses choose their wording by this slot (domain.yml).
LANGUAGE_SLOT = "language"


class TurnFailedError(Exception):
    """The turn could not be completed; the tracker is as it was before."""


class ActionsAwayError(TurnFailedError):
    """The actions, or their database, are away: nothing is wrong with the message."""


@dataclass(frozen=True)
class Turn:
    """What the customer is to see, and whether it was said before."""

    replies: list[dict[str, Any]]
    replayed: bool


async def run_turn(agent: Agent, message: UserMessage) -> Turn:
    """Process a message under its conversation's lock, or repeat the answer given before.

    Raises:
        TurnFailedError: If the turn failed or exceeded `TURN_LIMIT_SECONDS`; nothing is saved.
        ActionsAwayError: If the actions were away; nothing is saved.
    """
    try:
        return await asyncio.wait_for(_run_locked(agent, message), TURN_LIMIT_SECONDS)
    except asyncio.TimeoutError:
        raise TurnFailedError(f"the turn took more than {TURN_LIMIT_SECONDS:.0f} seconds") from None


async def _run_locked(agent: Agent, message: UserMessage) -> Turn:
    lock = agent.lock_store.lock(message.sender_id, LOCK_LIFETIME_SECONDS, LOCK_POLL_SECONDS)
    async with lock:
        # read inside the lock: a reload may replace the processor between two turns
        processor = agent.processor
        with carried.step("load"):
            tracker = await processor.get_tracker(message.sender_id)
            said = await _replies_said_before(processor, tracker, message.message_id)
        if said is not None:
            return Turn(said, replayed=True)
        history.shorten(tracker)
        first_new = len(tracker.events)
        await _take_turn(processor, tracker, message)
        replies = replies_in(list(tracker.events)[first_new:])
        with carried.step("save"):
            await processor.save_tracker(tracker)
        return Turn(replies, replayed=False)


async def _take_turn(
    processor: MessageProcessor, tracker: DialogueStateTracker, message: UserMessage
) -> None:
    """Do what `MessageProcessor.handle_message` does up to saving, stopping at a failure."""
    failures = patches.failures_of_turn()
    channel = message.output_channel
    await processor._update_tracker_session(tracker, channel, message.metadata)
    follow_language(tracker, message.metadata)
    await processor._handle_message_with_tracker(message, tracker)
    tracker = await processor.run_action_extract_slots(channel, tracker)
    _refuse(failures)
    try:
        going_on = True
        while going_on and processor._should_handle_message(tracker):
            with carried.step("predict"):
                action, prediction = processor.predict_next_with_tracker_if_should(tracker)
            with carried.step(f"run {action.name()}"):
                going_on = await processor._run_action(
                    action, tracker, channel, processor.nlg, prediction
                )
            _refuse(failures)
    except ActionLimitReached:
        raise TurnFailedError("the dialogue went in circles") from None


def follow_language(tracker: DialogueStateTracker, metadata: dict[str, Any] | None) -> None:
    """Put the conversation's language, which the gateway knows, where responses look for it.

    Done before the message, so that the very first reply is in that language; one event per change
    of language, none per turn.
    """
    language = (metadata or {}).get(LANGUAGE_SLOT)
    if language and LANGUAGE_SLOT in tracker.slots and tracker.get_slot(LANGUAGE_SLOT) != language:
        tracker.update(SlotSet(LANGUAGE_SLOT, language))


def _refuse(failures: list[patches.Failure]) -> None:
    if failures:
        kind = ActionsAwayError if any(one.away for one in failures) else TurnFailedError
        told = "; ".join(f"{one.action}: {one.kind}" for one in failures)
        raise kind(f"custom action failed: {told}")


async def _replies_said_before(
    processor: MessageProcessor, tracker: DialogueStateTracker, message_id: str
) -> list[dict[str, Any]] | None:
    said = find_replies(list(tracker.events), message_id)
    if said is None and processor.domain.session_config.are_sessions_enabled() and tracker.events:
        # the store loads only the latest session, but the id may be in an earlier one
        full = await processor.tracker_store.retrieve_full_tracker(tracker.sender_id)
        said = find_replies(list(full.events), message_id) if full else None
    return said


def find_replies(events: list[Event], message_id: str) -> list[dict[str, Any]] | None:
    """Return the replies to the message with this id, or None if it is not among the events."""
    for start, event in enumerate(events):
        if isinstance(event, UserUttered) and event.message_id == message_id:
            # A bot utterance before this message belongs to it when a session began with it.
            return _greeting_before(events, start) + replies_in(_until_next(events, start + 1))
    return None


def _until_next(events: list[Event], start: int) -> list[Event]:
    end = next(
        (i for i in range(start, len(events)) if isinstance(events[i], UserUttered)), len(events)
    )
    return events[start:end]


def _greeting_before(events: list[Event], start: int) -> list[dict[str, Any]]:
    """Return what a session start said in the same turn, just before the message itself."""
    names = [getattr(event, "action_name", None) for event in events[:start]]
    if "action_session_start" not in names:
        return []
    began = len(names) - 1 - names[::-1].index("action_session_start")
    between = events[began:start]
    return [] if any(isinstance(event, UserUttered) for event in between) else replies_in(between)


def replies_in(events: list[Event]) -> list[dict[str, Any]]:
    """Turn the bot's utterances among these events into the protocol's replies."""
    return [_as_reply(event) for event in events if isinstance(event, BotUttered)]


def _as_reply(event: BotUttered) -> dict[str, Any]:
    data = event.data or {}
    buttons = (data.get("buttons") or []) + (data.get("quick_replies") or [])
    return {
        "text": event.text or "",
        "choices": [
            {"title": str(b.get("title", "")), "payload": str(b.get("payload", ""))}
            for b in buttons
        ],
        "card": data.get("custom"),
    }


def silent_output() -> CollectingOutputChannel:
    """Return an output channel for Rasa; the replies themselves are read from the tracker."""
    return CollectingOutputChannel()
