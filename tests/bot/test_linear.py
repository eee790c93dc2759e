"""Confidences are calibrated by the machine that a plain fit without the held-out texts gives."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from bot.components.linear import FOREIGN_WEIGHT, Fitting, fit_temperature


def texts(centres: list[tuple[float, float]], each: list[int]) -> tuple[csr_matrix, np.ndarray]:
    """Make up texts as points around a centre for each class."""
    random = np.random.default_rng(1)
    points = [
        random.normal(centre, 1.0, (count, 2)) for centre, count in zip(centres, each, strict=True)
    ]
    return csr_matrix(np.vstack(points)), np.repeat(list("abcd")[: len(each)], each)


@pytest.mark.parametrize(
    ("centres", "each"),
    [
        ([(0, 0), (3, 0), (0, 3), (3, 3)], [300, 200, 100, 40]),
        ([(0, 0), (3, 0)], [600, 40]),
        ([(0, 0), (6, 0)], [200, 100]),
    ],
    ids=["four classes", "two classes", "far apart"],
)
def test_given_texts_held_out_then_temperature_is_that_of_a_plain_fit(
    centres: list[tuple[float, float]], each: list[int]
) -> None:
    design, truth = texts(centres, each)
    own = np.random.default_rng(2).random(len(truth)) < 0.8
    unseen = np.random.default_rng(3).random(len(truth)) < 0.3
    fitting = Fitting(C=0.1)

    fitted = fitting.fit(design, truth, own, unseen)

    held = fitting._held_out(truth, own, unseen)
    plain = LinearSVC(C=0.1, class_weight="balanced", tol=1e-4, random_state=42)
    weights = np.where(own, 1.0, FOREIGN_WEIGHT)
    plain.fit(design[~held], truth[~held], sample_weight=weights[~held])
    scores = plain.decision_function(design[held])
    if scores.ndim == 1:
        scores = np.column_stack([-scores / 2, scores / 2])
    expected = fit_temperature(scores, np.searchsorted(plain.classes_, truth[held]))
    assert float(fitted.temperature) == pytest.approx(expected, rel=0.01)


def test_given_border_texts_of_one_side_all_held_out_then_fitted_on_the_others() -> None:
    """Only the text nearest to the other side is near its border, and it is held out."""
    design = csr_matrix([[-2.0]] * 4 + [[-1.5]] + [[1.0]] * 5)
    truth = np.array(["a"] * 5 + ["b"] * 5)
    held = np.array([False] * 4 + [True] + [False] * 5)
    whole = np.where(truth == "b", 1.2, -3.0)[:, None]

    scores = Fitting(C=1.0)._without(held, design, truth, np.ones(10), whole)

    assert scores.shape == (1, 1)
    assert scores[0, 0] < 0
