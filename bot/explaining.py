"""Why the engine read and answered as it did, for people who try a model out.

Nothing here takes part in answering: it reads again what the components found by words, and what
the tracker holds of a turn.
"""

from __future__ import annotations

from typing import Any

from rasa.core.agent import Agent
from rasa.shared.core.events import ActionExecuted, Event, SlotSet, UserUttered

from bot.components.flags import flag_finder
from bot.components.languages import detect, document, readable

UNTOLD = frozenset({"action_listen", "action_session_start", "action_extract_slots"})
"""Steps that every turn has; who reads an explanation learns nothing from them."""


def flag_words(text: str) -> list[dict[str, Any]]:
    """Return the words by which flags were found: `flag`, `words`, `start`, `end`, `severity`.

    A flag that the model raised by what it has learned has no words of its own here.
    """
    finder = flag_finder(detect(readable(text)))
    doc = document(text)
    spans = finder._finder.find(doc)
    figurative = [span for span in spans if span.label_ == "figurative"]
    in_jest = any(span.label_ == "joking" for span in spans)
    found: dict[tuple[str, int, int], str] = {}
    for span in spans:
        if span.label_ not in finder._groups:
            continue
        flag, negatable = finder._groups[span.label_]
        if finder._is_meant(span, flag, negatable, figurative, in_jest):
            found.setdefault((flag.name, span.start_char, span.end_char), flag.severity)
    widest = [key for key in sorted(found) if not any(_within(key, other) for other in found)]
    return [
        {"flag": name, "words": text[start:end], "start": start, "end": end, "severity": found[key]}
        for key in widest
        for name, start, end in [key]
    ]


def _within(one: tuple[str, int, int], other: tuple[str, int, int]) -> bool:
    """Whether words lie within longer ones that raise the same flag."""
    return one != other and one[0] == other[0] and other[1] <= one[1] and one[2] <= other[2]


async def steps_of_turn(agent: Agent, sender_id: str, message_id: str) -> list[dict[str, Any]]:
    """Return what Rasa did after a message: actions with who predicted them, and slots set.

    Empty when the tracker does not hold the message.
    """
    tracker = await agent.processor.tracker_store.retrieve_full_tracker(sender_id)
    events = list(tracker.events) if tracker else []
    return [step for event in _after(events, message_id) for step in _step(event)]


def _after(events: list[Event], message_id: str) -> list[Event]:
    """Return the events from the message with this id to the next message."""
    starts = [i for i, event in enumerate(events) if isinstance(event, UserUttered)]
    ends = [*starts, len(events)][1:]
    for start, end in zip(starts, ends, strict=False):
        if events[start].message_id == message_id:
            return events[start + 1 : end]
    return []


def _step(event: Event) -> list[dict[str, Any]]:
    if isinstance(event, ActionExecuted) and event.action_name not in UNTOLD:
        return [
            {
                "kind": "action",
                "name": event.action_name,
                "policy": _policy(event.policy),
                "confidence": event.confidence,
            }
        ]
    if isinstance(event, SlotSet):
        return [{"kind": "slot", "name": event.key, "value": event.value}]
    return []


def _policy(name: str | None) -> str | None:
    """Return "RulePolicy" for what Rasa calls "policy_0_RulePolicy"."""
    return name.split("_")[-1] if name else None
