"""What people who try a model out are told: words that raised flags, and the steps of a turn."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered

from bot.explaining import flag_words, steps_of_turn


def said(message_id: str) -> UserUttered:
    return UserUttered("words", message_id=message_id)


def agent_with(events: list[Event] | None) -> Any:
    async def retrieve(sender_id: str) -> Any:
        return None if events is None else SimpleNamespace(events=events)

    store = SimpleNamespace(retrieve_full_tracker=retrieve)
    return SimpleNamespace(processor=SimpleNamespace(tracker_store=store))


def steps(events: list[Event] | None, message_id: str) -> list[dict[str, Any]]:
    return asyncio.run(steps_of_turn(agent_with(events), "c-1.1", message_id))


EVENTS = [
    ActionExecuted("action_session_start"),
    said("c-1:2"),
    SlotSet("case_stage", "gathering"),
    ActionExecuted("action_open_case", policy="policy_0_RulePolicy", confidence=1.0),
    BotUttered("Your case is C-1."),
    ActionExecuted("action_listen", policy="policy_0_RulePolicy", confidence=1.0),
    said("c-1:5"),
    ActionExecuted("action_offer", policy="policy_0_RulePolicy", confidence=0.9),
]


class TestFlagWords:
    def test_the_words_and_their_place_are_told(self) -> None:
        text = "I'll see you in court, the lamp caught fire"

        found = flag_words(text)

        assert [(one["flag"], one["words"], one["severity"]) for one in found] == [
            ("legal", "see you in court", "high"),
            ("safety", "caught fire", "critical"),
        ]
        assert all(text[one["start"] : one["end"]] == one["words"] for one in found)

    @pytest.mark.parametrize("text", ["I do not need a lawyer", "My lamp has not come", ""])
    def test_negated_or_plain_words_raise_nothing(self, text: str) -> None:
        assert flag_words(text) == []

    def test_chinese_is_read_too(self) -> None:
        assert [one["words"] for one in flag_words("我要起诉你们")] == ["起诉"]


class TestStepsOfTurn:
    def test_one_turns_actions_and_slots_come_in_order(self) -> None:
        assert steps(EVENTS, "c-1:2") == [
            {"kind": "slot", "name": "case_stage", "value": "gathering"},
            {
                "kind": "action",
                "name": "action_open_case",
                "policy": "RulePolicy",
                "confidence": 1.0,
            },
        ]
        assert [one["name"] for one in steps(EVENTS, "c-1:5")] == ["action_offer"]

    def test_an_unknown_message_or_conversation_has_none(self) -> None:
        assert steps(EVENTS, "c-1:9") == []
        assert steps(None, "c-1:2") == []
