"""The classifier: learns, is stored whole, is calibrated, and survives wordless messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.svm import LinearSVC

from bot.components.intent_classifier import IntentClassifier
from bot.components.linear import fit_temperature, softmax


def point(x: float, y: float, intent: str | None = None) -> Message:
    data = {"text": f"{x} {y}"} | ({"intent": intent} if intent else {})
    made = Message(data=data)
    row = np.array([[x, y]], dtype=np.float32)
    made.add_features(Features(row, FEATURE_TYPE_SENTENCE, TEXT, "test"))
    return made


@pytest.fixture
def points() -> TrainingData:
    random = np.random.default_rng(1)
    centres = {"a": (0, 0), "b": (2, 0), "c": (0, 2)}
    return TrainingData(
        [
            point(*(np.array(centre) + random.normal(0, 0.6, 2)), intent)
            for intent, centre in centres.items()
            for _ in range(40)
        ]
    )


def test_trained_and_loaded_answer_alike(
    saved_and_loaded: Callable[..., Any], points: TrainingData
) -> None:
    trained, loaded = saved_and_loaded(IntentClassifier, points)

    for place in ((0, 0), (2, 0), (1, 1)):
        ours, theirs = (c.process([point(*place)])[0] for c in (trained, loaded))
        assert ours.get("intent_ranking") == theirs.get("intent_ranking")
    assert loaded.temperature == trained.temperature != 1.0


def test_without_calibration_the_scores_are_those_of_the_machine(
    saved_and_loaded: Callable[..., Any], points: TrainingData
) -> None:
    ours, loaded = saved_and_loaded(IntentClassifier, points, C=1.0, held_out=0)
    examples = [
        (m.get_dense_features("text")[1].features[0], m.get("intent"))
        for m in points.training_examples
    ]
    machine = LinearSVC(C=1.0, class_weight="balanced", tol=1e-2, random_state=42)
    machine.fit([place for place, _ in examples], [intent for _, intent in examples])

    ranking = loaded.process([point(1.2, 0.1)])[0].get("intent_ranking")

    expected = dict(
        zip(machine.classes_, softmax(machine.decision_function([[1.2, 0.1]])[0]), strict=False)
    )
    assert ours.temperature == 1.0
    for guess in ranking:
        assert guess["confidence"] == pytest.approx(expected[guess["name"]], abs=1e-3)


def test_two_intents_are_ranked_too(
    saved_and_loaded: Callable[..., Any], points: TrainingData
) -> None:
    two = TrainingData([m for m in points.training_examples if m.get("intent") != "c"])
    _, loaded = saved_and_loaded(IntentClassifier, two)

    ranking = loaded.process([point(2, 0)])[0].get("intent_ranking")

    assert ranking[0]["name"] == "b"
    assert sum(guess["confidence"] for guess in ranking) == pytest.approx(1.0)


def test_a_message_without_features_has_no_intent(
    saved_and_loaded: Callable[..., Any], points: TrainingData
) -> None:
    _, loaded = saved_and_loaded(IntentClassifier, points)

    empty = loaded.process([Message(data={"text": ""})])[0]

    assert empty.get("intent") == {"name": None, "confidence": 0.0}
    assert empty.get("intent_ranking") == []


def test_the_temperature_repairs_overconfidence() -> None:
    random = np.random.default_rng(2)
    honest = random.normal(0, 1, (4000, 3))
    truth = np.array([random.choice(3, p=softmax(row)) for row in honest])

    assert fit_temperature(honest * 4.0, truth) == pytest.approx(4.0, rel=0.15)
    assert fit_temperature(honest, truth) == pytest.approx(1.0, rel=0.15)


def test_each_language_has_a_machine_of_its_own(
    saved_and_loaded: Callable[..., Any], points: TrainingData
) -> None:
    """The same place means one thing in an English message and another in a Chinese one."""
    chinese = []
    for example in points.training_examples:
        x, y = example.get_dense_features("text")[1].features[0]
        made = point(x, y, {"a": "b", "b": "c", "c": "a"}[example.get("intent")])
        made.set(TEXT, "包裹没到")
        chinese.append(made)
    english = [e for e in points.training_examples if not e.set(TEXT, "parcel")]
    _, loaded = saved_and_loaded(IntentClassifier, TrainingData(english + chinese))

    asked = [point(2, 0), point(2, 0)]
    for message, text in zip(asked, ("late parcel", "快递晚了"), strict=True):
        message.set(TEXT, text)

    assert [m.get("intent")["name"] for m in loaded.process(asked)] == ["b", "c"]
