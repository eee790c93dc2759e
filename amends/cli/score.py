"""`amends score`: how satisfied the customer of each dialogue probably is, and why."""

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from amends.cli.dialogues import Dialogue, read_dialogue
from amends.cli.errors import UsageError
from amends.cli.nlu import understand
from amends.cli.rows import as_line, read_numbered_rows
from amends.cli.train import train_if_stale
from amends.satisfaction.scoring import score
from amends.values import Json
from amends.wiring.settings import Settings, load_settings

ROW: dict[str, type | tuple[type, ...]] = {"id": (str, int), "turns": list}
Sentiments = dict[int, dict[int, float]]
"""Sentiment of each customer's turn that was read: by dialogue, then by turn."""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Reads dialogues {id, turns: [{role: user|system, text, at?}], survey?: {csat}} from "
        "standard input, one JSON object a line, and writes for each the predicted satisfaction "
        "(1 to 5), its confidence, its dimensions and what drives it. Trains the model first if "
        "it is stale."
    )
    parser.add_argument("--model", type=Path, help="model to use instead of the current one")


def run(arguments: argparse.Namespace) -> int:
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    dialogues = list(read_dialogues(sys.stdin))
    settings = load_settings()
    model = arguments.model or train_if_stale(settings)[0]
    if not model.is_file():
        raise UsageError(f"{model} is not a model file.")
    sentiments = read_sentiments(settings, model, dialogues)
    for place, dialogue in enumerate(dialogues):
        print(as_line(scored(dialogue, sentiments[place])), flush=True)
    return 0


def read_dialogues(lines: Iterable[str]) -> Iterator[Dialogue]:
    """Yield each dialogue. Raises: RowError, DialogueError; both name the line."""
    for number, row in read_numbered_rows(lines, ROW):
        yield read_dialogue(number, row)


def read_sentiments(settings: Settings, model: Path, dialogues: Sequence[Dialogue]) -> Sentiments:
    """Let the engine's reader read all customers' turns at once: loading it takes longest."""
    words = [
        (place, turn, text)
        for place, dialogue in enumerate(dialogues)
        for turn, text in dialogue.words().items()
    ]
    rows: list[Json] = [{"id": i, "text": text} for i, (_, _, text) in enumerate(words)]
    found: Sentiments = defaultdict(dict)
    if rows:
        for answer in understand(settings, model, rows):
            place, turn, _ = words[answer["id"]]
            found[place][turn] = answer["sentiment"]
    return found


def scored(dialogue: Dialogue, sentiments: dict[int, float]) -> Json:
    """Return the public object of one dialogue."""
    result = score(dialogue.with_sentiments(sentiments), dialogue.journey())
    return {
        "id": dialogue.id,
        "satisfaction": result.satisfaction,
        "confidence": result.confidence,
        "dimensions": result.dimensions,
        "drivers": list(result.drivers),
    }
