"""Find the nearest texts of each text: `python -m bot.neighbours < texts.jsonl > near.jsonl`.

Each line in is a JSON string. Each line out is a list of `[line, likeness]`, nearest first: lines
count from 0, likeness is the cosine of the sentence vectors that the model in `config.yml` uses.
`amends data check` asks this which examples sit among those of another intent.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from ruamel.yaml import YAML

from bot.components import encoders
from bot.components.languages import readable

CONFIG = Path(__file__).parent.parent / "config.yml"
ROWS_AT_ONCE = 256  # against all others: some ten megabytes


def configured_encoder(config: Path = CONFIG) -> str:
    """Return the name of the encoder that the pipeline uses."""
    pipeline = YAML(typ="safe").load(config)["pipeline"]
    return next(
        str(one["model"]) for one in pipeline if one["name"].endswith(".SentenceEncoder")
    )  # fmt: skip


def nearest(vectors: np.ndarray, count: int) -> Iterator[list[tuple[int, float]]]:
    """Yield for each vector the nearest others, nearest first."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    units = (vectors / np.where(length == 0, 1, length)).astype(np.float32)
    count = min(count, len(units) - 1)
    for begin in range(0, len(units), ROWS_AT_ONCE):
        likeness = units[begin : begin + ROWS_AT_ONCE] @ units.T
        for row, own in zip(likeness, range(begin, len(units)), strict=False):
            row[own] = -np.inf
            best = np.argsort(-row, kind="stable")[:count]
            yield [(int(one), round(float(row[one]), 4)) for one in best]


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bot.neighbours", description=__doc__)
    parser.add_argument("--count", type=int, default=10, help="neighbours of each text (10)")
    asked = parser.parse_args(arguments)
    sys.stdin.reconfigure(encoding="utf-8")
    texts = [readable(json.loads(line)) for line in sys.stdin if line.strip()]
    if not texts:
        return 0
    vectors = encoders.load(configured_encoder()).encode(texts)
    for near in nearest(vectors, asked.count):
        sys.stdout.write(json.dumps(near) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
