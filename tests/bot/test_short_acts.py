"""Messages that are one dialogue act and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from conftest import message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.entities import find_entities
from bot.components.short_acts import ShortActs, find_act


def act(text: str) -> str | None:
    return find_act(text, find_entities(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("yes", "agree"),
        ("YES!!!", "agree"),
        ("👍🏽", "agree"),
        ("Yes please", "agree"),
        ("no", "refuse"),
        ("no thanks", "refuse"),
        ("👎", "refuse"),
        ("human please", "ask_for_person"),
        ("I want to speak to an agent", "ask_for_person"),
        ("10045", "give_detail"),
        ("my order number is A-10045, thanks", "give_detail"),
        ("sam@example.com", "give_detail"),
        ("no, 10046", "correct_detail"),
        ("sorry, it should be order 10046", "correct_detail"),
        ("never mind", "withdraw"),
        ("i don't know", "do_not_know"),
        ("are you a robot?", "ask_are_you_human"),
        ("why?", "ask_why"),
        ("what happens next?", "ask_next_step"),
        ("thank you so much", "thank"),
        ("hello", "greet"),
        ("bye", "goodbye"),
    ],
)
def test_a_short_act_is_recognised(text: str, expected: str) -> None:
    assert act(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "yes but I want more",
        "no parcel came",
        "thanks for nothing",
        "order 10045 never came",
        "the person who delivered it was rude",
        "hello my parcel is missing",
        "",
        "???",
    ],
)
def test_a_message_that_says_more_is_left_to_the_classifier(text: str) -> None:
    assert act(text) is None


class TestComponent:
    def test_trained_and_loaded_answer_alike(
        self, saved_and_loaded: Callable[..., Any], training_data: TrainingData
    ) -> None:
        trained, loaded = saved_and_loaded(ShortActs, training_data)

        for text in ("yes", "no thanks", "10045", "the vase is broken"):
            answers = [
                component.process([message(text, entities=find_entities(text))])[0].as_dict()
                for component in (trained, loaded)
            ]
            assert answers[0].get("intent") == answers[1].get("intent")

    def test_the_act_is_certain_and_comes_first(
        self, saved_and_loaded: Callable[..., Any], training_data: TrainingData
    ) -> None:
        _, loaded = saved_and_loaded(ShortActs, training_data)
        ranking = [{"name": "greet", "confidence": 0.6}, {"name": "agree", "confidence": 0.4}]

        answer = loaded.process([message("yes", intent_ranking=ranking)])[0]

        assert answer.get("intent") == {"name": "agree", "confidence": 1.0}
        assert answer.get("intent_ranking") == [
            {"name": "agree", "confidence": 1.0},
            {"name": "greet", "confidence": 0.0},
        ]

    def test_an_act_the_assistant_does_not_know_is_never_answered(
        self, saved_and_loaded: Callable[..., Any], training_data: TrainingData
    ) -> None:
        _, loaded = saved_and_loaded(ShortActs, training_data)

        answer = loaded.process([message("never mind", intent={"name": "greet"})])[0]

        assert answer.get("intent") == {"name": "greet"}
