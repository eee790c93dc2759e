"""Linear classifier over counts and sentence vectors, with calibrated confidences.

Counts are weighed by tf-idf, so that a rare word ("courier") says more than a frequent one, and
stand beside the unit sentence vectors in one support vector machine: as accurate as a logistic
regression on the same features and fifteen times quicker to train. Its margins become confidences
by one temperature, found by cross-validation on the training examples and stored with the model:
the confidence decides when the bot asks back.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers import classifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

logger = logging.getLogger(__name__)
_FILE = "classifier.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(GraphComponent, classifier.IntentClassifier):
    """Ranks all intents of a message."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [Featurizer]

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Inverse regularisation `C`, calibration folds (0: none), guesses shown (0: all)."""
        return {"C": 0.3, "calibration_folds": 3, "ranking_length": 0, "random_state": 42}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Refuse values that scikit-learn would only refuse in the middle of training."""
        if config["C"] <= 0:
            raise InvalidConfigException("IntentClassifier needs a 'C' above 0.")
        if config["calibration_folds"] == 1 or config["calibration_folds"] < 0:
            raise InvalidConfigException("'calibration_folds' must be 0 (none) or at least 2.")

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        self.validate_config(config)
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._linear: Linear | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentClassifier:
        return cls(config, model_storage, resource)

    @property
    def temperature(self) -> float:
        return self._linear.temperature if self._linear else 1.0

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on all examples, then find the temperature."""
        examples = [e for e in training_data.intent_examples if features_of(e) is not None]
        intents = np.array([example.get(INTENT) for example in examples])
        if len(set(intents)) < 2:
            logger.warning("Fewer than two intents with examples: the classifier stays untrained.")
            return self._resource
        self._linear = fit(examples, intents, self._config)
        with self._model_storage.write_to(self._resource) as folder:
            self._linear.save(folder / _FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Rank the intents of each message; one without any words has none."""
        nothing = {INTENT_NAME_KEY: None, PREDICTED_CONFIDENCE_KEY: 0.0}
        for message in messages:
            ranking = self._rank(message)
            shown = ranking[: self._config["ranking_length"] or None]
            message.set(INTENT, ranking[0] if ranking else nothing, add_to_output=True)
            message.set(INTENT_RANKING_KEY, shown, add_to_output=True)
        return messages

    def _rank(self, message: Message) -> list[dict[str, Any]]:
        found = features_of(message)
        if self._linear is None or found is None:
            return []
        confidences = self._linear.confidences(*found)
        ranking = [
            {INTENT_NAME_KEY: str(name), PREDICTED_CONFIDENCE_KEY: float(confidence)}
            for name, confidence in zip(self._linear.intents, confidences, strict=False)
        ]
        return sorted(ranking, key=lambda guess: -guess[PREDICTED_CONFIDENCE_KEY])

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentClassifier:
        """Load a trained classifier; an untrained one ranks nothing."""
        component = cls(config, model_storage, resource)
        try:
            with model_storage.read_from(resource) as folder:
                component._linear = Linear.load(folder / _FILE)
        except ValueError:
            logger.warning("The intent classifier was not trained; it ranks nothing.")
        return component


def features_of(message: Message) -> tuple[csr_matrix, np.ndarray] | None:
    """Return the sentence features of a message, sparse (1, n) and dense (1, m); None: no words."""
    sparse = message.get_sparse_features(TEXT)[1]
    dense = message.get_dense_features(TEXT)[1]
    if sparse is None and dense is None:
        return None
    counts = csr_matrix(sparse.features) if sparse else csr_matrix((1, 0))
    vector = dense.features if dense else np.zeros((1, 0))
    return counts, np.asarray(vector, dtype=np.float64)


class Linear:
    """The fitted numbers, and nothing else: they are stored as plain arrays, not as code."""

    def __init__(
        self,
        intents: np.ndarray,
        weights: np.ndarray,
        bias: np.ndarray,
        idf: np.ndarray,
        temperature: float = 1.0,
    ) -> None:
        """`weights` has shape (intents, counts + dense), `idf` (counts,)."""
        self.intents, self.bias, self.idf = intents, bias, idf
        self.temperature = temperature
        self._of_counts = np.ascontiguousarray(weights[:, : len(idf)].T, dtype=np.float32)
        self._of_vector = np.ascontiguousarray(weights[:, len(idf) :].T, dtype=np.float32)

    def confidences(self, counts: csr_matrix, vector: np.ndarray) -> np.ndarray:
        """Return one probability per intent."""
        weighed = weigh(counts, self.idf)
        scores = weighed @ self._of_counts + vector @ self._of_vector + self.bias
        return softmax(np.asarray(scores)[0] / self.temperature)

    def save(self, path: Any) -> None:
        weights = np.vstack([self._of_counts, self._of_vector]).T.astype(np.float32)
        np.savez_compressed(
            path,
            intents=self.intents.astype(str),
            weights=weights,
            bias=self.bias,
            idf=self.idf,
            temperature=self.temperature,
        )

    @classmethod
    def load(cls, path: Any) -> Linear:
        with np.load(path, allow_pickle=False) as stored:
            return cls(
                stored["intents"],
                stored["weights"],
                stored["bias"],
                stored["idf"],
                float(stored["temperature"]),
            )


def weigh(counts: csr_matrix, idf: np.ndarray) -> csr_matrix:
    """Weigh counts by sublinear tf-idf and scale each row to length one.

    All in single precision, like the weights: a product of two precisions would first copy the
    whole matrix of weights, once per message.
    """
    rows = csr_matrix(counts, dtype=np.float32)
    rows.data = (np.log(rows.data) + 1.0) * idf[rows.indices]
    return normalize(rows, copy=False) if rows.shape[1] else rows


def fit(examples: Sequence[Message], intents: np.ndarray, config: dict[str, Any]) -> Linear:
    """Fit the machine and its temperature.

    Args:
        examples: messages with features.
        intents: their intents, of at least two kinds.
        config: `C`, `calibration_folds`, `random_state`.
    """
    found = [features_of(example) for example in examples]
    counts = vstack([one[0] for one in found if one], format="csr")
    vectors = np.vstack([one[1] for one in found if one])
    idf = TfidfTransformer(norm=None).fit(counts).idf_ if counts.shape[1] else np.zeros(0)
    idf = idf.astype(np.float32)
    features = csr_matrix(hstack([weigh(counts, idf), csr_matrix(vectors)]))
    machine = _machine(config).fit(features, intents)
    weights, bias = _two_rows(machine.coef_, machine.intercept_)
    temperature = _calibrate(features, intents, config)
    return Linear(machine.classes_, weights.astype(np.float32), bias, idf, temperature)


def _machine(config: dict[str, Any]) -> LinearSVC:
    return LinearSVC(
        C=config["C"], class_weight="balanced", tol=1e-2, random_state=config["random_state"]
    )


def _calibrate(features: csr_matrix, intents: np.ndarray, config: dict[str, Any]) -> float:
    folds = min(config["calibration_folds"], min(Counter(intents).values()))
    if folds < 2:
        return 1.0
    splits = StratifiedKFold(folds, shuffle=True, random_state=config["random_state"])
    scores = cross_val_predict(
        _machine(config), features, intents, cv=splits, method="decision_function"
    )
    return fit_temperature(_two_columns(scores), np.unique(intents, return_inverse=True)[1])


def softmax(scores: np.ndarray) -> np.ndarray:
    """Turn scores into probabilities along the last axis."""
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return shifted / shifted.sum(axis=-1, keepdims=True)


def fit_temperature(scores: np.ndarray, truth: np.ndarray) -> float:
    """Return the divisor of the scores that makes the true classes most likely."""

    def loss(log_temperature: float) -> float:
        probabilities = softmax(scores / np.exp(log_temperature))
        return float(-np.log(probabilities[np.arange(len(truth)), truth] + 1e-12).mean())

    best = minimize_scalar(loss, bounds=(np.log(0.02), np.log(10.0)), method="bounded")
    return float(np.exp(best.x))


def _two_columns(scores: np.ndarray) -> np.ndarray:
    """Give a two-class decision function, a single column, the form of the many-class one."""
    return scores if scores.ndim == 2 else np.column_stack([-scores / 2, scores / 2])


def _two_rows(weights: np.ndarray, bias: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give a two-class machine, a single row of weights, the form of the many-class one."""
    if len(weights) > 1:
        return weights, bias
    return np.vstack([-weights / 2, weights / 2]), np.concatenate([-bias / 2, bias / 2])
