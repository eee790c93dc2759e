"""Rasa's logistic regression with a free C and calibrated confidences.

Rasa's own class fixes C at 1 and reports raw probabilities, which a regression with few examples
per intent over- or understates. The confidence decides when the bot asks back, so it is scaled by
one temperature, found by cross-validation on the training examples and stored with the model.
"""

from __future__ import annotations

import logging
from collections import Counter
from typing import Any

import numpy as np
import rasa.shared.utils.io
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.utils.tensorflow.constants import RANKING_LENGTH
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.base import clone
from sklearn.model_selection import StratifiedKFold, cross_val_predict

logger = logging.getLogger(__name__)
_CALIBRATION = "calibration.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(LogisticRegressionClassifier):
    """Logistic regression over all features of a message, with calibrated confidences."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa's settings, the inverse regularisation `C`, and folds (0: no calibration)."""
        return {
            **LogisticRegressionClassifier.get_default_config(),
            "C": 10.0,
            "max_iter": 1000,
            "calibration_folds": 3,
        }

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Refuse values that scikit-learn would only refuse in the middle of training."""
        if config["C"] <= 0:
            raise InvalidConfigException("IntentClassifier needs a 'C' above 0.")
        if config["calibration_folds"] == 1 or config["calibration_folds"] < 0:
            raise InvalidConfigException("'calibration_folds' must be 0 (none) or at least 2.")

    def __init__(
        self, config: dict[str, Any], name: str, model_storage: ModelStorage, resource: Resource
    ) -> None:
        super().__init__(config, name, model_storage, resource)
        self.clf.set_params(C=self.config["C"])
        self.temperature = 1.0

    def train(self, training_data: TrainingData) -> Resource:
        """Find the temperature, then fit on all examples."""
        features, intents = self._create_training_matrix(training_data)
        if not intents:
            logger.warning("No examples with an intent: the classifier stays untrained.")
            return self._resource
        features = csr_matrix(features)
        self.temperature = self._calibrate(features, np.asarray(intents))
        self.clf.fit(features, intents)
        self.persist()
        return self._resource

    def _calibrate(self, features: csr_matrix, intents: np.ndarray) -> float:
        folds = min(self.config["calibration_folds"], min(Counter(intents).values()))
        if folds < 2:
            return 1.0
        # without class weights: confidences should match how often the model is right
        splits = StratifiedKFold(folds, shuffle=True, random_state=self.config["random_state"])
        scores = cross_val_predict(
            clone(self.clf), features, intents, cv=splits, method="decision_function"
        )
        return fit_temperature(_two_columns(scores), np.unique(intents, return_inverse=True)[1])

    def process(self, messages: list[Message]) -> list[Message]:
        """Rank the intents of each message; one without any words has none."""
        nothing = {INTENT_NAME_KEY: None, PREDICTED_CONFIDENCE_KEY: 0.0}
        for message in messages:
            ranking = self._rank(message)
            shown = ranking[: self.config[RANKING_LENGTH] or None]
            message.set(INTENT, ranking[0] if ranking else nothing, add_to_output=True)
            message.set(INTENT_RANKING_KEY, shown, add_to_output=True)
        return messages

    def _rank(self, message: Message) -> list[dict[str, Any]]:
        features = csr_matrix(self._create_X([message]))
        if not hasattr(self.clf, "classes_") or features.shape[1] != self.clf.n_features_in_:
            return []
        scores = _two_columns(self.clf.decision_function(features))
        confidences = softmax(scores[0] / self.temperature)
        ranking = [
            {INTENT_NAME_KEY: str(name), PREDICTED_CONFIDENCE_KEY: float(confidence)}
            for name, confidence in zip(self.clf.classes_, confidences)
        ]
        return sorted(ranking, key=lambda guess: -guess[PREDICTED_CONFIDENCE_KEY])

    def persist(self) -> None:
        """Store the regression and its temperature."""
        super().persist()
        with self._model_storage.write_to(self._resource) as folder:
            rasa.shared.utils.io.dump_obj_as_json_to_file(
                folder / _CALIBRATION, {"temperature": self.temperature}
            )

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
        component = super().load(config, model_storage, resource, execution_context, **kwargs)
        if hasattr(component.clf, "classes_"):
            with model_storage.read_from(resource) as folder:
                stored = rasa.shared.utils.io.read_json_file(folder / _CALIBRATION)
            component.temperature = stored["temperature"]
        return component


def softmax(scores: np.ndarray) -> np.ndarray:
    """Turn scores into probabilities along the last axis."""
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return shifted / shifted.sum(axis=-1, keepdims=True)


def fit_temperature(scores: np.ndarray, truth: np.ndarray) -> float:
    """Return the divisor of the scores that makes the true classes most likely."""

    def loss(log_temperature: float) -> float:
        probabilities = softmax(scores / np.exp(log_temperature))
        return float(-np.log(probabilities[np.arange(len(truth)), truth] + 1e-12).mean())

    best = minimize_scalar(loss, bounds=(np.log(0.1), np.log(10.0)), method="bounded")
    return float(np.exp(best.x))


def _two_columns(scores: np.ndarray) -> np.ndarray:
    """Give a two-class decision function, a single column, the form of the many-class one."""
    return scores if scores.ndim == 2 else np.column_stack([-scores / 2, scores / 2])
