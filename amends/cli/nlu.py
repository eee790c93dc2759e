"""`amends nlu`: what the running engine would make of each row's text.

UnderstandingError (of `amends.wiring.reading`)
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from amends.cli.checks import read_thresholds
from amends.cli.errors import UsageError
from amends.cli.live import model_to_use
from amends.cli.rows import as_line, read_rows
from amends.values import Json
from amends.wiring.reading import (
    UnderstandingError,
    flatten,
    handoff_of,
    parses,
    signal_of,
)
from amends.wiring.settings import Settings, load_settings

__all__ = ["UnderstandingError", "flatten", "handoff_of", "parses", "signal_of", "understand"]

ROW: dict[str, type | tuple[type, ...]] = {"id": (str, int), "text": str}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Reads rows {id, text, lang?} from standard input, one JSON object a line, and writes "
        "for each what the engine understands: with the model that was promoted, else with that "
        "of the present files, which is trained first if it is stale."
    )
    parser.add_argument("--model", type=Path, help="model to use instead of the live one")


def run(arguments: argparse.Namespace) -> int:
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    rows = list(read_rows(sys.stdin, ROW))
    settings = load_settings()
    model = arguments.model or model_to_use(settings)
    if not model.is_file():
        raise UsageError(f"{model} is not a model file.")
    for understood in understand(settings, model, rows):
        print(as_line(understood), flush=True)
    return 0


def understand(settings: Settings, model: Path, rows: list[Json]) -> Iterator[Json]:
    """Yield, in order, one object per row, as DESIGN's public contract words it.

    Raises:
        UnderstandingError: The engine's reader failed.
    """
    thresholds = read_thresholds(settings)
    for row_id, parse in parses(settings, model, rows):
        yield flatten(row_id, parse, thresholds)
