"""Two models read the same messages: each as `bot.nlu` reads with it, with its time."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.side_by_side import run

TEXTS = ("my parcel never came", "hello", "the vase is broken")


def lines(*texts: str) -> list[str]:
    return [json.dumps({"id": number, "text": text}) for number, text in enumerate(texts)]


def test_given_two_models_then_both_readings_and_both_times_come_in_order(
    small_model: Path, understand: Callable[[str], dict[str, Any]]
) -> None:
    out = io.StringIO()

    run(small_model, small_model, lines(*TEXTS), out)

    rows = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [row["id"] for row in rows] == [0, 1, 2]
    for row, text in zip(rows, TEXTS, strict=True):
        expected = json.loads(json.dumps(understand(text)))
        assert row["parse"] == row["against"] == expected
        assert row["ms"] > 0
        assert row["against_ms"] > 0


def test_given_one_model_then_the_other_side_stays_empty(small_model: Path) -> None:
    out = io.StringIO()

    run(small_model, None, lines("hello"), out)

    row = json.loads(out.getvalue())
    assert row["parse"]["intent"]["name"]
    assert row["against"] is row["against_ms"] is None


def test_given_no_such_model_then_one_sentence_says_so(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bot.side_by_side", "--model", str(tmp_path / "none.tar.gz")]

    done = subprocess.run(command, input="", capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert done.stderr.strip().endswith(f"There is no model at '{tmp_path / 'none.tar.gz'}'.")
