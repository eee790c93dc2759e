"""What an action reads from Rasa's tracker, as plain values."""

from dataclasses import dataclass, field
from typing import Any

from rasa_sdk.interfaces import Tracker

from amends.cases.details import Heard


@dataclass(frozen=True, slots=True)
class Turn:
    """The customer's message that Rasa is working on."""

    conversation_id: str
    seq: int
    language: str  # of the conversation, which may differ from that of this message
    text: str
    intent: str
    confidence: float
    values: dict[str, Any]  # entities by name, the last one of each
    order_numbers: tuple[str, ...]
    assessment: dict[str, Any]
    ranking: tuple[str, ...]
    slots: dict[str, Any] = field(repr=False)
    requested: str | None = None
    from_gateway: bool = True
    run: int = 0  # how often this action ran before, on this very message

    @property
    def heard(self) -> Heard:
        return Heard(self.text, self.intent, self.order_numbers, self.values.get("chosen"))


def read_turn(tracker: Tracker, action_name: str) -> Turn:
    message = tracker.latest_message or {}
    metadata = message.get("metadata") or {}
    entities = message.get("entities") or []
    intent = message.get("intent") or {}
    return Turn(
        conversation_id=str(metadata.get("conversation_id") or f"shell-{tracker.sender_id}"),
        seq=int(metadata.get("seq") or _count_messages(tracker)),
        language=str(metadata.get("language") or tracker.slots.get("language") or "en"),
        text=str(message.get("text") or ""),
        intent=str(intent.get("name") or ""),
        confidence=float(intent.get("confidence") or 0.0),
        values={entity["entity"]: entity["value"] for entity in entities},
        order_numbers=tuple(
            str(entity["value"]) for entity in entities if entity["entity"] == "order_number"
        ),
        assessment=message.get("assessment") or {},
        ranking=tuple(guess["name"] for guess in message.get("intent_ranking") or []),
        slots=dict(tracker.slots),
        requested=tracker.slots.get("requested_slot"),
        from_gateway="conversation_id" in metadata,
        run=_runs_since_message(tracker, action_name),
    )


def _count_messages(tracker: Tracker) -> int:
    return sum(event.get("event") == "user" for event in tracker.events)


def _runs_since_message(tracker: Tracker, action_name: str) -> int:
    runs = 0
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            break
        runs += event.get("event") == "action" and event.get("name") == action_name
    return runs
