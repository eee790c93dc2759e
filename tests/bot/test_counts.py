"""Counts of whole messages are Rasa's own; only how they come about is quicker."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from conftest import message
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import coo_matrix

from bot.components.counts import Counts, MessageCounts
from bot.components.spacy_tokenizer import SpacyBlankTokenizer

WORDS = {"max_ngram": 2, "token_pattern": r"(?u)\b\w+\b", "min_df": 1}
PARTS = {"analyzer": "char_wb", "min_ngram": 2, "max_ngram": 4, "min_df": 1}


def tokenized(text: str) -> Message:
    tokenizer = SpacyBlankTokenizer(SpacyBlankTokenizer.get_default_config())
    return tokenizer.process([message(text)])[0]


def row(component: CountVectorsFeaturizer, text: str) -> np.ndarray:
    counted = component.process([tokenized(text)])[0]
    return counted.get_sparse_features(TEXT)[1].features.toarray()


@pytest.fixture
def data(training_data: TrainingData) -> TrainingData:
    tokenizer = SpacyBlankTokenizer(SpacyBlankTokenizer.get_default_config())
    return tokenizer.process_training_data(training_data)


@pytest.mark.parametrize("settings", [WORDS, PARTS], ids=["words", "parts"])
def test_a_message_counts_as_in_rasa_before_and_after_loading(
    saved_and_loaded: Callable[..., Any], data: TrainingData, settings: dict[str, Any]
) -> None:
    theirs, _ = saved_and_loaded(CountVectorsFeaturizer, data, **settings)
    trained, loaded = saved_and_loaded(MessageCounts, data, **settings)

    for text in (
        "where is my parcel",
        "parcel parcel PARCEL",
        "我的包裹",
        "nothing of it is known qx",
    ):
        expected = row(theirs, text)
        np.testing.assert_array_equal(row(trained, text), expected)
        np.testing.assert_array_equal(row(loaded, text), expected)


def test_all_examples_count_as_each_alone_and_only_as_whole_messages(
    saved_and_loaded: Callable[..., Any], data: TrainingData
) -> None:
    component, _ = saved_and_loaded(MessageCounts, data, **WORDS)

    component.process_training_data(data)

    for example in data.intent_examples:
        words, whole = example.get_sparse_features(TEXT)
        assert words is None
        assert whole is not None
        np.testing.assert_array_equal(whole.features.toarray(), row(component, example.get(TEXT)))


def test_a_message_without_words_has_no_counts(
    saved_and_loaded: Callable[..., Any], data: TrainingData
) -> None:
    component, _ = saved_and_loaded(MessageCounts, data, **WORDS)

    counted = component.process([tokenized("   "), tokenized("my parcel")])

    assert [one.get_sparse_features(TEXT)[1] is None for one in counted] == [True, False]


def counts(values: list[float]) -> Counts:
    return Counts(coo_matrix([values]), FEATURE_TYPE_SENTENCE, TEXT, "words")


def test_equal_counts_have_one_fingerprint_and_others_another() -> None:
    assert counts([1, 0, 2]).fingerprint() == counts([1, 0, 2]).fingerprint()
    others = [counts([1, 2, 0]), counts([1, 0, 3]), counts([1, 0, 2, 0])]
    assert counts([1, 0, 2]).fingerprint() not in {one.fingerprint() for one in others}


def test_a_fingerprint_follows_what_is_put_beside() -> None:
    grown = counts([1, 0])
    before = grown.fingerprint()

    grown.combine_with_features(counts([2]))

    assert grown.fingerprint() != before
