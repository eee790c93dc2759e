"""Ranks all intents of a message.

The confidence decides when the bot asks back, so it is calibrated, on examples that the sentence
encoder has not seen.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers import classifier
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
)
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import csr_matrix

from bot.components.languages import DEFAULT
from bot.components.linear import Fitting, Linear, softmax
from bot.components.machines import Examples, MachineComponent, Machines


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(MachineComponent, classifier.IntentClassifier):
    """Ranks all intents of a message."""

    FILE = "classifier.npz"

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Inverse regularisation, share held out to calibrate (0: none), guesses shown (0: all)."""
        return {"C": 0.3, "held_out": 0.2, "ranking_length": 0, "random_state": 42}

    @property
    def temperature(self) -> float:
        """Of the machine for the first language."""
        return float(self._machines.by_language[DEFAULT].temperature) if self._machines else 1.0

    def fitted(self, examples: Examples, fitting: Fitting) -> Machines | None:
        intents = np.array([example.get(INTENT) for example in examples.messages])
        if len(set(intents.tolist())) < 2:
            return None

        def fit(design: csr_matrix, language: str) -> Linear:
            rows = examples.read_for(language)
            own = examples.language[rows] == language
            return fitting.fit(design[rows], intents[rows], own, examples.unseen[rows])

        return Machines.fit(examples, fit)

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
        read = self._machines.margins(message) if self._machines else None
        if read is None:
            return []
        intents, margins = read
        ranking = [
            {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: float(confidence)}
            for name, confidence in zip(intents, softmax(margins), strict=True)
        ]
        return sorted(ranking, key=lambda guess: -guess[PREDICTED_CONFIDENCE_KEY])
