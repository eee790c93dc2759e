"""Responses are worded in the conversation's language, from the first reply of the turn on."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.turns import follow_language

REPOSITORY = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def domain() -> Domain:
    return Domain.load(str(REPOSITORY / "domain.yml"))


@pytest.fixture
def tracker(domain: Domain) -> DialogueStateTracker:
    return DialogueStateTracker("c.1", domain.slots)


def greeting(domain: Domain, tracker: DialogueStateTracker) -> str:
    nlg = TemplatedNaturalLanguageGenerator(domain.responses)
    return asyncio.run(nlg.generate("utter_greet", tracker, "amends"))["text"]


class TestFollowLanguage:
    def test_chinese_in_the_metadata_makes_the_very_next_reply_chinese(
        self, domain: Domain, tracker: DialogueStateTracker
    ) -> None:
        follow_language(tracker, {"language": "zh"})

        assert greeting(domain, tracker).startswith("您好")

    def test_back_to_english_the_next_reply_is_english(
        self, domain: Domain, tracker: DialogueStateTracker
    ) -> None:
        follow_language(tracker, {"language": "zh"})
        follow_language(tracker, {"language": "en"})

        assert greeting(domain, tracker).startswith("Hello")

    def test_a_language_without_wordings_is_answered_in_english(
        self, domain: Domain, tracker: DialogueStateTracker
    ) -> None:
        follow_language(tracker, {"language": "fr"})

        assert greeting(domain, tracker).startswith("Hello")

    @pytest.mark.parametrize("metadata", [None, {}, {"language": None}, {"language": "en"}])
    def test_nothing_new_adds_no_event(
        self, tracker: DialogueStateTracker, metadata: dict[str, str | None] | None
    ) -> None:
        follow_language(tracker, metadata)

        assert not [event for event in tracker.events if isinstance(event, SlotSet)]

    def test_an_assistant_without_the_slot_goes_on_as_it_is(self) -> None:
        tracker = DialogueStateTracker("c.1", [])

        follow_language(tracker, {"language": "zh"})

        assert not tracker.events

    def test_the_language_steers_no_rule(self, domain: Domain) -> None:
        slot = next(slot for slot in domain.slots if slot.name == "language")

        assert not slot.influence_conversation
