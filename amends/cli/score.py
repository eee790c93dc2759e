"""`amends score`: how satisfied the customer of each dialogue probably is, and why.

With `--fit` it makes the weights anew that this is predicted by.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from amends.cli.dialogues import Dialogue, read_dialogue
from amends.cli.errors import UsageError
from amends.cli.nlu import understand
from amends.cli.rows import as_line, read_numbered_rows
from amends.cli.stored import reading
from amends.cli.train import train_if_stale
from amends.satisfaction import use_cases as satisfaction
from amends.satisfaction.features import features
from amends.satisfaction.fitting import FOLDS, Rated, fit, quality
from amends.satisfaction.model import Journey, Weights
from amends.satisfaction.scoring import score
from amends.values import Json
from amends.wiring.settings import PROJECT_DIR, Settings, load_settings
from amends.wiring.weights import WeightsError, fitted_path, load_weights, save_weights

ROW: dict[str, type | tuple[type, ...]] = {"id": (str, int), "turns": list}
Readings = dict[int, dict[int, Json]]
"""What was read in each customer's turn: by dialogue, then by turn."""

CONVERSATIONS = PROJECT_DIR / "amends" / "satisfaction" / "conversations"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Reads dialogues {id, turns: [{role: user|system, text, at?}], survey?: {csat}} from "
        "standard input, one JSON object a line, and writes for each the predicted satisfaction "
        "(1 to 5), its confidence, its dimensions and what drives it. Trains the model first if "
        "it is stale."
    )
    parser.add_argument("--model", type=Path, help="model to use instead of the current one")
    parser.add_argument(
        "--fit",
        action="store_true",
        help="make the weights anew, from the labelled conversations and all ratings in the log",
    )


def run(arguments: argparse.Namespace) -> int:
    settings = load_settings()
    model = arguments.model or train_if_stale(settings)[0]
    if not model.is_file():
        raise UsageError(f"{model} is not a model file.")
    if arguments.fit:
        print(as_line(fitted(settings, model)))
        return 0
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    weights = _weights(settings)
    dialogues = list(read_dialogues(sys.stdin))
    readings = read_turns(settings, model, dialogues)
    for place, dialogue in enumerate(dialogues):
        print(as_line(scored(dialogue, readings[place], weights)), flush=True)
    return 0


def read_dialogues(lines: Iterable[str]) -> Iterator[Dialogue]:
    """Yield each dialogue. Raises: RowError, DialogueError; both name the line."""
    for number, row in read_numbered_rows(lines, ROW):
        yield read_dialogue(number, row)


def read_turns(settings: Settings, model: Path, dialogues: Sequence[Dialogue]) -> Readings:
    """Let the engine's reader read all customers' turns at once: loading it takes longest."""
    words = [
        (place, turn, text)
        for place, dialogue in enumerate(dialogues)
        for turn, text in dialogue.words().items()
    ]
    rows: list[Json] = [{"id": i, "text": text} for i, (_, _, text) in enumerate(words)]
    found: Readings = defaultdict(dict)
    if rows:
        for answer in understand(settings, model, rows):
            place, turn, _ = words[answer["id"]]
            found[place][turn] = answer
    return found


def scored(dialogue: Dialogue, readings: dict[int, Json], weights: Weights) -> Json:
    """Return the public object of one dialogue."""
    result = score(dialogue.with_readings(readings), dialogue.journey(), weights)
    return {
        "id": dialogue.id,
        "satisfaction": result.satisfaction,
        "confidence": result.confidence,
        "dimensions": result.dimensions,
        "drivers": list(result.drivers),
    }


def fitted(settings: Settings, model: Path) -> Json:
    """Fit the weights on all that is rated, keep them, and say how well they predict."""
    labelled, said = _labelled(settings, model), _surveyed(settings)
    rated = [*labelled, *said]
    weights = fit(rated, f"fitted-{len(labelled)}-{len(said)}")
    save_weights(weights, fitted_path(settings))
    return {
        "weights": str(fitted_path(settings)),
        "labelled": len(labelled),
        "surveys": len(said),
        **asdict(quality(rated)),
        "of_surveys": asdict(quality(said)) if len(said) >= FOLDS else None,
    }


def _labelled(settings: Settings, model: Path) -> list[Rated]:
    lines = [line for path in sorted(CONVERSATIONS.glob("*.jsonl")) for line in _lines(path)]
    rows = [row for _, row in read_numbered_rows(lines, ROW | {"satisfaction": (int, float)})]
    dialogues = [read_dialogue(number, row) for number, row in enumerate(rows, 1)]
    readings = read_turns(settings, model, dialogues)
    return [
        Rated(features(one.with_readings(readings[place]), Journey()), row["satisfaction"])
        for place, (one, row) in enumerate(zip(dialogues, rows, strict=True))
    ]


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()


def _surveyed(settings: Settings) -> list[Rated]:
    """Return what customers rated themselves, with what the log tells of it."""
    with reading(settings) as uow:
        return [
            Rated(features(*satisfaction.told(uow, survey.conversation_id)), survey.csat)
            for survey in uow.surveys.latest()
            if survey.csat is not None
        ]


def _weights(settings: Settings) -> Weights:
    try:
        return load_weights(settings)
    except WeightsError as error:
        raise UsageError(str(error)) from error
