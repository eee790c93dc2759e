"""`python -m bot.nlu`: rows in, parses out, one sentence for what cannot be read."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot import nlu


class TestRows:
    def test_ids_of_any_kind_and_empty_lines_are_fine(self) -> None:
        lines = ['{"id": 1, "text": "a"}\n', "\n", '{"id": "x", "text": "", "lang": "en"}\n']

        assert list(nlu.read_rows(lines)) == [(1, "a"), ("x", "")]

    @pytest.mark.parametrize(
        ("line", "sentence"),
        [
            ("{oops", "Line 1 is not valid JSON."),
            ("[1]", "Line 1 must be an object with an 'id' and a 'text'."),
            ('{"text": "a"}', "Line 1 must be an object with an 'id' and a 'text'."),
            ('{"id": 7}', "Line 1 (id 7) needs a 'text' that is a string."),
            ('{"id": 7, "text": null}', "Line 1 (id 7) needs a 'text' that is a string."),
        ],
    )
    def test_a_bad_line_is_named(self, line: str, sentence: str) -> None:
        with pytest.raises(nlu.BadRowError) as refusal:
            list(nlu.read_rows([line]))

        assert str(refusal.value) == sentence


def run(model: Path, rows: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot.nlu", "--model", str(model)],
        input=rows, capture_output=True, text=True,
    )  # fmt: skip


def test_each_row_gets_what_the_engine_returns(small_model: Path, understand: Any) -> None:
    texts = ["my parcel never came", "😡", "\x00", "\u200b", "yes", ""]
    rows = "".join(json.dumps({"id": i, "text": text}) + "\n" for i, text in enumerate(texts))

    result = run(small_model, rows)

    assert result.returncode == 0, result.stderr
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert answers == [{"id": i, "parse": understand(text)} for i, text in enumerate(texts)]


def test_a_bad_row_ends_the_run_with_one_sentence(small_model: Path) -> None:
    result = run(small_model, '{"id": 1, "text": "hello"}\n{"id": 2}\n{"id": 3, "text": "x"}\n')

    assert result.returncode == 2
    assert result.stderr == "Line 2 (id 2) needs a 'text' that is a string.\n"
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == [1]


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(nlu.BadRowError, match="There is no model at"):
        nlu.run(tmp_path / "none.tar.gz", [], io.StringIO())
