"""What the trained readers of messages share: one linear machine per language, kept on disk.

Messages of one language are read by a machine of their own: a joint one would cost English two
points. The other languages' machines also learn from the examples of the first, through the
sentence vectors, which mean the same in every language.
"""

from __future__ import annotations

import logging
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar
from weakref import ref

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix
from typing_extensions import Self

from bot.components.encoders import was_seen
from bot.components.languages import DEFAULT, LANGUAGES, detect
from bot.components.linear import Features, Fitting, Linear, Weighing, on_all_cores

logger = logging.getLogger(__name__)
_JOINED = "joined_features"


class Examples:
    """The training examples that have words, with what every machine needs to know of them."""

    _latest: ClassVar[tuple[ref[TrainingData], Examples] | None] = None

    def __init__(self, messages: Sequence[Message]) -> None:
        self.features, worded = Features.gathered(messages)
        self.messages = [one for one, has in zip(messages, worded, strict=True) if has]
        texts = [message.get(TEXT) for message in self.messages]
        self.language = np.array([detect(text) for text in texts])
        self.unseen = np.array([not was_seen(text) for text in texts])

    @classmethod
    def of(cls, data: TrainingData) -> Examples:
        """Return the examples of the data; gathered once for all who learn from the same."""
        if cls._latest is None or cls._latest[0]() is not data:
            cls._latest = ref(data), cls(data.intent_examples)
        return cls._latest[1]

    def read_for(self, language: str) -> np.ndarray:
        """Which examples teach a language: its own, and those of the first."""
        return (self.language == language) | (self.language == DEFAULT)

    def languages(self) -> list[str]:
        return sorted({DEFAULT, *self.language.tolist()})


class Machines:
    """The weighing of counts, and one machine per language."""

    def __init__(self, weighing: Weighing, by_language: Mapping[str, Linear]) -> None:
        self.weighing, self.by_language = weighing, by_language

    @classmethod
    def fit(cls, examples: Examples, fit: Callable[[csr_matrix, str], Linear]) -> Machines:
        """Fit each language's machine by a function of the whole design and the language."""
        features = examples.features
        weighing = Weighing.fit(features.counts)
        design = weighing.design(features)
        languages = examples.languages()
        fitted = on_all_cores(lambda language: fit(design, language), languages)
        return cls(weighing, dict(zip(languages, fitted, strict=True)))

    def margins(self, message: Message) -> tuple[list[str], np.ndarray] | None:
        """Return the classes and their margins; None for a message without words."""
        if message.get(_JOINED) is None:  # the next machines read the same
            message.set(_JOINED, Features.of(message))
        features: Features | None = message.get(_JOINED)
        if features is None:
            return None
        machine = self.by_language.get(detect(message.get(TEXT))) or self.by_language[DEFAULT]
        scores = machine.scores(self.weighing(features.counts), features.vectors)
        return machine.classes.tolist(), scores

    def save(self, path: Any) -> None:
        arrays: dict[str, Any] = {"idf": self.weighing.idf}
        for language, machine in self.by_language.items():
            arrays |= machine.arrays(language)
        np.savez_compressed(path, **arrays)

    @classmethod
    def load(cls, path: Any) -> Machines:
        with np.load(path, allow_pickle=False) as stored:
            known = [one.code for one in LANGUAGES if f"{one.code}/bias" in stored]
            by_language = {code: Linear.restored(code, stored) for code in known}
            return cls(Weighing(stored["idf"]), by_language)


class MachineComponent(GraphComponent):
    """A Rasa component that fits machines, keeps them with the model and reads with them."""

    FILE: ClassVar[str]

    @classmethod
    def required_components(cls) -> list[type]:
        return [Featurizer]

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn"]

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Refuse values that scikit-learn would only refuse in the middle of training."""
        if config["C"] <= 0:
            raise InvalidConfigException(f"{cls.__name__} needs a 'C' above 0.")
        if not 0 <= config["held_out"] <= 0.5:
            raise InvalidConfigException("'held_out' must be a share from 0 (none) to 0.5.")

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        self.validate_config(config)
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._machines: Machines | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the examples; with too few of them the component stays untrained."""
        examples = Examples.of(training_data)
        fitting = Fitting(self._config["C"], self._config["held_out"], self._config["random_state"])
        self._machines = self.fitted(examples, fitting)
        if self._machines is None:
            logger.warning("%s has too few examples: it stays untrained.", type(self).__name__)
            return self._resource
        with self._model_storage.write_to(self._resource) as folder:
            self._machines.save(folder / self.FILE)
        return self._resource

    @abstractmethod
    def fitted(self, examples: Examples, fitting: Fitting) -> Machines | None:
        """Return the machines for these examples; None if they are too few."""

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Self:
        """Load a trained component; an untrained one says nothing of any message."""
        component = cls(config, model_storage, resource)
        try:
            with model_storage.read_from(resource) as folder:
                component._machines = Machines.load(folder / cls.FILE)
        except ValueError:
            logger.warning("%s was not trained; it says nothing.", cls.__name__)
        return component
