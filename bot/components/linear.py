"""A linear machine over counts and sentence vectors, with calibrated confidences.

Counts are weighed by tf-idf, so that a rare word ("courier") says more than a frequent one, and
stand beside the unit sentence vectors in one support vector machine: as accurate as a logistic
regression on the same features and fifteen times quicker to train. Its margins become confidences
by one temperature, stored with the machine.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.message import Message
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

FOREIGN_WEIGHT = 0.3
"""What an example in another language counts."""

TOLERANCE = 1e-2
"""By how much the solver may be wrong about a margin."""

NEAR = 0.25
"""Texts so far outside the border of one machine may be inside that of another much like it."""

Asked = TypeVar("Asked")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Features:
    """Sentence features of some texts: counts (texts, n), sparse, and vectors (texts, m)."""

    counts: csr_matrix
    vectors: np.ndarray

    @classmethod
    def of(cls, message: Message) -> Features | None:
        """Return the features of one message; None if it has no words."""
        sparse = message.get_sparse_features(TEXT)[1]
        dense = message.get_dense_features(TEXT)[1]
        if sparse is None and dense is None:
            return None
        counts = csr_matrix(sparse.features) if sparse else csr_matrix((1, 0))
        vector = dense.features if dense else np.zeros((1, 0))
        return cls(counts, np.asarray(vector, dtype=np.float32))

    @classmethod
    def gathered(cls, messages: Sequence[Message]) -> tuple[Features, np.ndarray]:
        """Return the features of many messages at once, and which of them have words."""
        sparse = [_of_sentence(message, dense=False) for message in messages]
        dense = [_of_sentence(message, dense=True) for message in messages]
        worded = np.array([bool(a or b) for a, b in zip(sparse, dense, strict=True)], dtype=bool)
        counts = _stacked([one for one, has in zip(sparse, worded, strict=True) if has])
        rows = [np.hstack(one) if one else np.zeros((1, 0)) for one in dense]
        vectors = [row for row, has in zip(rows, worded, strict=True) if has]
        return cls(counts, np.vstack(vectors).astype(np.float32)), worded


def _of_sentence(message: Message, dense: bool) -> list[Any]:
    """Return a message's sentence features of one kind, in the order of their featurizers."""
    return [
        one.features
        for one in message.features
        if one.attribute == TEXT and one.type == FEATURE_TYPE_SENTENCE and one.is_dense() == dense
    ]


def _stacked(rows: Sequence[Sequence[Any]]) -> csr_matrix:
    """Return rows of sparse parts as one matrix; row by row takes twenty times as long."""
    kinds = len(rows[0]) if rows else 0
    columns = [vstack([row[kind] for row in rows], format="csr") for kind in range(kinds)]
    return hstack(columns, format="csr") if columns else csr_matrix((len(rows), 0))


class Weighing:
    """Tf-idf weights of counts."""

    def __init__(self, idf: np.ndarray) -> None:
        self.idf = idf

    @classmethod
    def fit(cls, counts: csr_matrix) -> Weighing:
        idf = TfidfTransformer(norm=None).fit(counts).idf_ if counts.shape[1] else np.zeros(0)
        return cls(idf.astype(np.float32))

    def __call__(self, counts: csr_matrix) -> csr_matrix:
        """Weigh counts by sublinear tf-idf and scale each row to length one.

        All in single precision, like the weights: a product of two precisions would first copy
        the whole matrix of weights, once per message.
        """
        rows = csr_matrix(counts, dtype=np.float32)
        rows.data = (np.log(rows.data) + 1.0) * self.idf[rows.indices]
        return normalize(rows, copy=False) if rows.shape[1] else rows

    def design(self, features: Features) -> csr_matrix:
        """Return weighed counts and vectors side by side, as scikit-learn wants them.

        In double precision: each fit would otherwise make itself such a copy.
        """
        both = hstack([self(features.counts), csr_matrix(features.vectors)])
        return csr_matrix(both, dtype=np.float64)


class Linear:
    """The fitted numbers, and nothing else: they are stored as plain arrays, not as code.

    Weights are kept in half precision: they are the largest thing in the engine's memory, and a
    message touches few of their rows.
    """

    def __init__(
        self, classes: np.ndarray, weights: np.ndarray, bias: np.ndarray, temperature: Any = 1.0
    ) -> None:
        """`weights` has shape (counts + vectors, classes); `temperature` is one or one a class."""
        self.classes, self.bias = classes.astype(str), bias.astype(np.float32)
        self.weights = np.ascontiguousarray(weights, dtype=np.float16)
        self.temperature = np.asarray(temperature, dtype=np.float32)

    def scores(self, weighed: csr_matrix, vector: np.ndarray) -> np.ndarray:
        """Return the margins of one text, shape (classes,).

        Args:
            weighed: its weighed counts, shape (1, counts).
            vector: its sentence vectors, shape (1, vectors).
        """
        of_counts = weighed.data @ self.weights[weighed.indices].astype(np.float32)
        of_vectors = vector[0] @ self.weights[weighed.shape[1] :].astype(np.float32)
        return np.asarray((of_counts + of_vectors + self.bias) / self.temperature)

    def arrays(self, name: str) -> dict[str, Any]:
        """Return what is stored of this machine, under its name."""
        return {
            f"{name}/classes": self.classes,
            f"{name}/weights": self.weights,
            f"{name}/bias": self.bias,
            f"{name}/temperature": self.temperature,
        }

    @classmethod
    def restored(cls, name: str, stored: Mapping[str, Any]) -> Linear:
        parts = ("classes", "weights", "bias", "temperature")
        return cls(*(stored[f"{name}/{part}"] for part in parts))


@dataclass(frozen=True)
class Fitting:
    """How a machine is fitted."""

    C: float = 0.3
    held_out: float = 0.2
    random_state: int = 42

    def machine(self) -> LinearSVC:
        return LinearSVC(
            C=self.C, class_weight="balanced", tol=TOLERANCE, random_state=self.random_state
        )

    def fit(
        self, design: csr_matrix, truth: np.ndarray, own: np.ndarray, unseen: np.ndarray
    ) -> Linear:
        """Fit a machine and its temperature.

        The temperature comes from another machine, fitted without a part of the texts and asked
        about these; they are texts that no encoder has learned from, where there are enough, for
        only there are margins as uncertain as they will be for customers.

        Args:
            design: shape (texts, counts + vectors).
            truth: the class of each text, of at least two kinds.
            own: which texts are of the machine's own language; the others count for less.
            unseen: which texts no encoder has learned from.
        """
        weights = np.where(own, 1.0, FOREIGN_WEIGHT)
        machine = self.machine().fit(design, truth, sample_weight=weights)
        temperature = 1.0
        held = self._held_out(truth, own, unseen)
        if held.any():
            margins = machine.decision_function(design).reshape(len(truth), -1)
            scores = _two_columns(self._without(held, design, truth, weights, margins))
            temperature = fit_temperature(scores, np.searchsorted(machine.classes_, truth[held]))
        columns, bias = _two_rows(machine.coef_, machine.intercept_)
        return Linear(machine.classes_, columns.T, bias, temperature)

    def _without(
        self,
        held: np.ndarray,
        design: csr_matrix,
        truth: np.ndarray,
        weights: np.ndarray,
        margins: np.ndarray,
    ) -> np.ndarray:
        """Return what a machine without the held-out texts says of these.

        It is fitted class by class on the texts near the border of the machine with all texts, a
        tenth: the others decide nothing, and reading them takes most of the time.

        Args:
            margins: what the machine with all texts said, shape (texts, classes), of two classes
                the second alone.
        """
        classes, counts = np.unique(truth[~held], return_counts=True)
        balance = (~held).sum() / (len(classes) * counts)  # as scikit-learn's "balanced"
        first = len(classes) - margins.shape[1]

        def scores(number: int) -> np.ndarray:
            inside = truth == classes[first + number]
            cost = weights * np.where(inside, balance[first + number], balance[0] if first else 1.0)
            near = ~held & (np.where(inside, 1.0, -1.0) * margins[:, number] < 1.0 + NEAR)
            if len(np.unique(inside[near])) < 2:  # a side of very few texts, all held out
                near = ~held
            machine = LinearSVC(C=self.C, tol=TOLERANCE, random_state=self.random_state)
            machine.fit(design[near], inside[near], sample_weight=cost[near])
            return np.asarray(machine.decision_function(design[held]))

        return np.column_stack(on_all_cores(scores, range(margins.shape[1])))

    def _held_out(self, truth: np.ndarray, own: np.ndarray, unseen: np.ndarray) -> np.ndarray:
        """Choose of each class its share, unseen texts first; of a class of few, none."""
        chance = np.random.default_rng(self.random_state).random(len(truth)) - unseen
        held = np.zeros(len(truth), dtype=bool)
        for name in np.unique(truth):
            rows = np.flatnonzero((truth == name) & own)
            held[rows[np.argsort(chance[rows])][: int(len(rows) * self.held_out)]] = True
        return held


def softmax(scores: np.ndarray) -> np.ndarray:
    """Turn scores into probabilities along the last axis."""
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True))


def fit_temperature(scores: np.ndarray, truth: np.ndarray) -> float:
    """Return the divisor of the scores that makes the true classes most likely."""

    def loss(log_temperature: float) -> float:
        probabilities = softmax(scores / np.exp(log_temperature))
        return float(-np.log(probabilities[np.arange(len(truth)), truth] + 1e-12).mean())

    best = minimize_scalar(loss, bounds=(np.log(0.02), np.log(10.0)), method="bounded")
    return float(np.exp(best.x))


def _two_columns(scores: np.ndarray) -> np.ndarray:
    """Give a two-class decision function, a single column, the form of the many-class one."""
    return scores if scores.shape[1] > 1 else np.hstack([-scores / 2, scores / 2])


def _two_rows(weights: np.ndarray, bias: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give a two-class machine, a single row of weights, the form of the many-class one."""
    if len(weights) > 1:
        return weights, bias
    return np.vstack([-weights / 2, weights / 2]), np.concatenate([-bias / 2, bias / 2])


def on_all_cores(work: Callable[[Asked], Result], each: Iterable[Asked]) -> list[Result]:
    """Do independent work in threads; fitting a machine leaves Python's lock alone."""
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return list(threads.map(work, each))
