"""`python -m bot.cross_validation`: each line read by a model trained without it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest
from conftest import FIXTURES, REPOSITORY

from bot import cross_validation


def run(folds: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            *(sys.executable, "-m", "bot.cross_validation", "--folds", str(folds)),
            *("--data", str(FIXTURES / "nlu.yml"), "--config", str(REPOSITORY / "config.yml")),
        ],
        capture_output=True,
        text=True,
    )


class TestFolds:
    def test_each_example_is_left_out_once_and_never_learnt_then(self, training_data: Any) -> None:
        left_out = []
        for training, others in cross_validation.folds_of(training_data, 2):
            learnt = {example.get("text") for example in training.intent_examples}
            assert learnt.isdisjoint(example.get("text") for example in others)
            left_out += [example.get("text") for example in others]

        texts = [example.get("text") for example in training_data.intent_examples]
        assert Counter(left_out) == Counter(texts)

    def test_the_folds_are_the_same_each_time(self, training_data: Any) -> None:
        def texts() -> list[list[str]]:
            folds = cross_validation.folds_of(training_data, 2)
            return [[example.get("text") for example in others] for _, others in folds]

        assert texts() == texts()

    def test_more_folds_than_lines_name_the_intent(self, training_data: Any) -> None:
        with pytest.raises(cross_validation.TooFewError, match="lines, too few for 50 folds"):
            list(cross_validation.folds_of(training_data, 50))


class TestAnswer:
    def test_the_best_guess_is_kept_where_the_assistant_asks_back(self) -> None:
        back = {"name": "nlu_fallback", "confidence": 0.3}
        guess = {"name": "greet", "confidence": 0.25}

        found = cross_validation.answer_of({"intent": back, "intent_ranking": [back, guess]})

        assert (found["predicted"], found["confidence"]) == ("greet", 0.25)
        assert found["asks_back"]

    def test_a_message_without_words_counts_as_not_understood(self) -> None:
        nothing = {"name": None, "confidence": 0.0}

        found = cross_validation.answer_of({"intent": nothing, "intent_ranking": []})

        assert found["predicted"] == "nlu_fallback"


def test_every_line_is_answered_and_none_is_quoted(training_data: Any) -> None:
    result = run(folds=2)

    assert result.returncode == 0, result.stderr
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert Counter(row["intent"] for row in rows) == Counter(
        example.get("intent") for example in training_data.intent_examples
    )
    assert {row["fold"] for row in rows} == {1, 2}
    assert all(
        set(row) == {"intent", "predicted", "confidence", "asks_back", "language", "fold"}
        for row in rows
    )


def test_too_many_folds_end_the_run_with_one_sentence() -> None:
    result = run(folds=50)

    assert result.returncode == 2
    assert "too few for 50 folds" in result.stderr.strip().splitlines()[-1]
