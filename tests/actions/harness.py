"""Runs an action as the engine does, and reads its answer as the customer does."""

import asyncio
from dataclasses import dataclass
from functools import cache
from typing import Any

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from ruamel.yaml import YAML

from actions.base import AmendsAction
from amends.wiring.app import use_app
from tests.support.shop import PROJECT, Chat, Shop


@dataclass(frozen=True)
class Heard:
    """One message of a chat, as the engine understood it."""

    chat: Chat
    seq: int
    text: str
    intent: str
    entities: dict[str, Any]
    assessment: dict[str, Any]
    slots: dict[str, Any]
    ranking: tuple[str, ...] = ()
    confidence: float = 0.9


@dataclass(frozen=True)
class Answer:
    texts: list[str]
    messages: list[dict[str, Any]]
    slots: dict[str, Any]
    events: list[dict[str, Any]]

    @property
    def text(self) -> str:
        return " ".join(self.texts)

    @property
    def payloads(self) -> dict[str, str]:
        return {b["title"]: b["payload"] for one in self.messages for b in one["buttons"] or []}

    @property
    def responses(self) -> list[str]:
        return [one["response"] for one in self.messages]


def hear(
    chat: Chat,
    text: str = "All right",
    intent: str = "agree",
    *,
    assessment: dict[str, Any] | None = None,
    slots: dict[str, Any] | None = None,
    ranking: tuple[str, ...] = (),
    confidence: float = 0.9,
    **entities: Any,
) -> Heard:
    """Let the customer write a message; the log and the understandings have it too."""
    seq = chat.says(text, intent=intent)
    told = (assessment or {}, slots or {}, ranking, confidence)
    return Heard(chat, seq, text, intent, entities, *told)


def run(shop: Shop, action: type[AmendsAction], heard: Heard) -> Answer:
    use_app(shop.app)
    dispatcher = CollectingDispatcher()
    events = asyncio.run(action().run(dispatcher, tracker(heard), {}))
    messages = dispatcher.messages
    slots = {e["name"]: e["value"] for e in events if e["event"] == "slot"}
    language = heard.chat.conversation.language
    return Answer([rendered(one, language) for one in messages], messages, slots, events)


def tracker(heard: Heard) -> Tracker:
    conversation = heard.chat.conversation
    message = {
        "text": heard.text,
        "intent": {"name": heard.intent, "confidence": heard.confidence},
        "intent_ranking": [{"name": name, "confidence": 0.1} for name in heard.ranking],
        "entities": [{"entity": name, "value": value} for name, value in heard.entities.items()],
        "assessment": heard.assessment,
        "metadata": {
            "conversation_id": heard.chat.id,
            "seq": heard.seq,
            "language": conversation.language,
        },
    }
    events = [{"event": "user", "text": heard.text}]
    return Tracker(conversation.sender_id, heard.slots, message, events, False, None, {}, None)


def rendered(message: dict[str, Any], language: str = "en") -> str:
    """Return the text as the customer reads it; a value that nobody gave is a KeyError."""
    return str(templates(language)[message["response"]].format_map(message))


@cache
def templates(language: str = "en") -> dict[str, str]:
    return {name: told[language]["text"] for name, told in responses().items()}


@cache
def responses() -> dict[str, dict[str, dict[str, Any]]]:
    """Return the wordings of each response by language, as the slot `language` picks them."""
    domain = YAML(typ="safe").load((PROJECT / "domain.yml").read_text(encoding="utf-8"))
    return {
        name: {_language(variant): variant for variant in variants}
        for name, variants in domain["responses"].items()
    }


def _language(variant: dict[str, Any]) -> str:
    conditions = variant.get("condition", [])
    return next((str(one["value"]) for one in conditions if one["name"] == "language"), "en")
