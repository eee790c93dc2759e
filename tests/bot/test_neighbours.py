"""Nearest texts by the encoder that the pipeline uses."""

from __future__ import annotations

import io
import json
import sys

import numpy as np
import pytest

from bot import neighbours


def test_given_vectors_then_the_nearest_first_and_never_itself():
    vectors = np.array([[1, 0], [0.9, 0.1], [0, 1], [0, 0]], dtype=np.float32)

    near = list(neighbours.nearest(vectors, 2))

    assert [one[0] for one in near[0]] == [1, 2]
    assert near[0][0][1] == pytest.approx(0.9939, abs=1e-3)
    assert all(at != own for own, row in enumerate(near) for at, _ in row)


def test_given_more_rows_than_fit_at_once_then_as_if_all_were_compared(monkeypatch):
    vectors = np.random.default_rng(1).normal(size=(20, 8))
    whole = list(neighbours.nearest(vectors, 3))

    monkeypatch.setattr(neighbours, "ROWS_AT_ONCE", 6)

    assert list(neighbours.nearest(vectors, 3)) == whole


def test_given_texts_then_a_line_for_each_and_like_means_near(monkeypatch, capsys):
    texts = ["my parcel never came", "the package has not arrived", "what a lovely song"]
    lines = "".join(json.dumps(text) + "\n" for text in texts)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines.encode())))

    assert neighbours.main(["--count", "1"]) == 0

    near = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row[0][0] for row in near[:2]] == [1, 0]


def test_given_the_project_then_its_pipeline_names_an_encoder():
    assert neighbours.configured_encoder()
