"""What messages signal is learned from what the blocks of the training data say of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.signals import SignalClassifier

PLACES = {"angry": (3, 0, 0), "calm": (0, 3, 0), "happy": (0, 0, 3)}
SAID: dict[str, dict[str, Any]] = {
    "angry": {"intent": "report_wrong_item", "metadata": {"sentiment": "neg", "flags": ["legal"]}},
    "calm": {"intent": "question", "metadata": {"sentiment": "neu"}},
    "happy": {"intent": "praise", "metadata": {"sentiment": "pos"}},
}


def example(kind: str, random: np.random.Generator, with_metadata: bool = True) -> Message:
    said = SAID[kind]
    data: dict[str, Any] = {"text": f"some {kind} words", "intent": said["intent"]}
    if with_metadata:
        data["metadata"] = {"intent": said["metadata"]}
    made = Message(data=data)
    row = (np.array(PLACES[kind]) + random.normal(0, 0.4, 3)).astype(np.float32).reshape(1, -1)
    made.add_features(Features(row, FEATURE_TYPE_SENTENCE, TEXT, "test"))
    return made


@pytest.fixture
def learned(saved_and_loaded: Callable[..., Any]) -> tuple[SignalClassifier, SignalClassifier]:
    random = np.random.default_rng(3)
    examples = [example(kind, random) for kind in PLACES for _ in range(40)]
    unread = [example("angry", random, with_metadata=False) for _ in range(10)]
    return saved_and_loaded(SignalClassifier, TrainingData(examples + unread))


def signals(component: SignalClassifier, kind: str) -> dict[str, float]:
    message = example(kind, np.random.default_rng(9))
    found: dict[str, float] = component.process([message])[0].get("signals")
    return found


def test_complaint_sentiment_and_flags_are_told_apart(
    learned: tuple[SignalClassifier, SignalClassifier],
) -> None:
    angry, happy = (signals(learned[1], kind) for kind in ("angry", "happy"))

    assert angry["complaint"] > 0.7 > 0.3 > happy["complaint"]
    assert angry["neg"] > 0.6 < happy["pos"]
    assert sum(angry[name] for name in ("neg", "neu", "pos")) == pytest.approx(1.0)
    assert angry["legal"] > 0.7 > 0.3 > happy["legal"]


def test_trained_and_loaded_answer_alike(
    learned: tuple[SignalClassifier, SignalClassifier],
) -> None:
    assert signals(learned[0], "calm") == pytest.approx(signals(learned[1], "calm"))


def test_a_signal_without_examples_is_not_made_up(
    learned: tuple[SignalClassifier, SignalClassifier],
) -> None:
    assert "self_harm" not in signals(learned[1], "angry")


def test_data_that_says_nothing_of_sentiment_still_teaches_what_a_complaint_is(
    saved_and_loaded: Callable[..., Any],
) -> None:
    random = np.random.default_rng(4)
    bare = [example(kind, random, with_metadata=False) for kind in PLACES for _ in range(30)]

    _, loaded = saved_and_loaded(SignalClassifier, TrainingData(bare))

    assert set(signals(loaded, "angry")) == {"complaint"}


def test_a_message_without_words_signals_nothing(
    learned: tuple[SignalClassifier, SignalClassifier],
) -> None:
    empty = learned[1].process([Message(data={"text": ""})])[0]

    assert empty.get("signals") == {}
