"""What a message signals beside its intent: complaint or not, sentiment, flags.

Learned from what the blocks of `data/nlu` say of their examples:

    - intent: report_not_received
      metadata: {sentiment: neg, flags: [vulnerable_customer]}

The machines read the same features as the intent classifier's. What they say is weighed together
with rules and lexicon by the assessment.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import csr_matrix

from bot.components.linear import Fitting, Linear, on_all_cores, softmax
from bot.components.machines import Examples, MachineComponent, Machines

COMPLAINT = "complaint"
SENTIMENTS = ("neg", "neu", "pos")
FEWEST = 5
"""Examples below which a signal is not learned in a language."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SignalClassifier(MachineComponent):
    """Gives each message `signals`: the probability of each, by name."""

    FILE = "signals.npz"

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Inverse regularisation `C`; share held out to calibrate."""
        return {"C": 0.1, "held_out": 0.2, "random_state": 42}

    def fitted(self, examples: Examples, fitting: Fitting) -> Machines | None:
        if not examples.messages:
            return None
        truth = Truth(examples)
        return Machines.fit(examples, lambda design, one: _bank(design, truth, one, fitting))

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            message.set("signals", self._read(message))
        return messages

    def _read(self, message: Message) -> dict[str, float]:
        """Return the probability of each signal; of the sentiments, together one."""
        read = self._machines.margins(message) if self._machines else None
        if read is None:
            return {}
        margins = dict(zip(read[0], read[1].tolist(), strict=True))
        found = {name: _sigmoid(margin) for name, margin in margins.items()}
        if all(name in margins for name in SENTIMENTS):
            moods = softmax(np.array([margins[name] for name in SENTIMENTS]))
            found |= dict(zip(SENTIMENTS, moods.tolist(), strict=True))
        return found


class Truth:
    """What the training data says of the examples, as arrays over all of them."""

    def __init__(self, examples: Examples) -> None:
        said = [(e.get("metadata") or {}).get("intent") or {} for e in examples.messages]
        self.examples = examples
        self.complaint = np.array(
            [str(e.get(INTENT)).startswith("report_") for e in examples.messages]
        )
        self.sentiment = np.array([str(one.get("sentiment", "")) for one in said])
        self.read_by_someone = self.sentiment != ""
        self.flags = [frozenset(one.get("flags", [])) for one in said]

    def flag(self, name: str) -> np.ndarray:
        return np.array([name in flags for flags in self.flags])

    def flag_names(self) -> list[str]:
        return sorted(frozenset().union(*self.flags))


def _bank(design: csr_matrix, truth: Truth, language: str, fitting: Fitting) -> Linear:
    """Fit all signals of a language and put them side by side."""
    rows = truth.examples.read_for(language)
    every = _Rows(design, truth, language, rows)
    read = _Rows(design, truth, language, rows & truth.read_by_someone)
    asked = {COMPLAINT: (truth.complaint, every)}
    asked |= {name: (truth.flag(name), read) for name in truth.flag_names()}
    asked = {name: (said, of) for name, (said, of) in asked.items() if _enough(said[of.rows])}

    def fit(name: str) -> Linear:
        said, of = asked[name]
        return _one_column(name, of.fit(fitting, said))

    parts = on_all_cores(fit, list(asked))
    if set(truth.sentiment[read.rows]) == set(SENTIMENTS):
        parts.append(read.fit(fitting, truth.sentiment))
    return _side_by_side(parts, design.shape[1])


class _Rows:
    """Some of the examples, cut out once for all the signals that are fitted on them."""

    def __init__(self, design: csr_matrix, truth: Truth, language: str, rows: np.ndarray) -> None:
        self.rows, self._design = rows, design[rows]
        self._own = (truth.examples.language == language)[rows]
        self._unseen = truth.examples.unseen[rows]

    def fit(self, fitting: Fitting, said: np.ndarray) -> Linear:
        return fitting.fit(self._design, said[self.rows], self._own, self._unseen)


def _enough(raised: np.ndarray) -> bool:
    return min(int(raised.sum()), int((~raised).sum())) >= FEWEST


def _one_column(name: str, machine: Linear) -> Linear:
    """Keep the difference of a machine's columns for False and True, under the signal's name."""
    no, yes = machine.weights.T.astype(np.float32)
    bias = machine.bias[1:] - machine.bias[:1]
    return Linear(np.array([name]), (yes - no)[:, None], bias, machine.temperature)


def _side_by_side(parts: Sequence[Linear], width: int) -> Linear:
    if not parts:
        return Linear(np.array([], dtype=str), np.zeros((width, 0)), np.zeros(0))
    return Linear(
        np.concatenate([part.classes for part in parts]),
        np.hstack([part.weights for part in parts]),
        np.concatenate([part.bias for part in parts]),
        np.concatenate([np.full(len(part.classes), part.temperature) for part in parts]),
    )


def _sigmoid(margin: float) -> float:
    return float(1.0 / (1.0 + np.exp(-margin)))
