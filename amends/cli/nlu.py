"""`amends nlu`: what the running engine would make of each row's text.

UnderstandingError
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from amends.cli.checks import read_thresholds
from amends.cli.errors import UsageError
from amends.cli.rows import as_line, read_rows
from amends.cli.supervisor import end_with_parent
from amends.cli.train import train_if_stale
from amends.handoff.assess import assess
from amends.handoff.decide import rows_fired
from amends.handoff.model import Severity, Signal
from amends.handoff.thresholds import Thresholds
from amends.values import Json
from amends.wiring.engine import engine_environment
from amends.wiring.settings import Settings, load_settings

ROW: dict[str, type | tuple[type, ...]] = {"id": (str, int), "text": str}
TAIL_LINES = 5


class UnderstandingError(UsageError):
    """The engine's reader stopped before the last row."""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Reads rows {id, text, lang?} from standard input, one JSON object a line, and writes "
        "for each what the engine understands. Trains the model first if it is stale."
    )
    parser.add_argument("--model", type=Path, help="model to use instead of the current one")


def run(arguments: argparse.Namespace) -> int:
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    rows = list(read_rows(sys.stdin, ROW))
    settings = load_settings()
    model = arguments.model or train_if_stale(settings)[0]
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


def parses(settings: Settings, model: Path, rows: list[Json]) -> Iterator[tuple[str | int, Json]]:
    """Yield, in order, each row's id and what the running engine would return for its text.

    Raises:
        UnderstandingError: The engine's reader failed.
    """
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as feed,
        tempfile.TemporaryFile() as noise,
    ):
        feed.writelines(as_line(row) + "\n" for row in rows)
        feed.seek(0)
        answered = 0
        with _reader(settings, model, feed, noise) as process:
            for line in process.stdout or ():
                answer = json.loads(line)
                answered += 1
                yield answer["id"], answer["parse"]
        if process.returncode != 0 or answered != len(rows):
            raise UnderstandingError(
                f"the engine understood {answered} of {len(rows)} rows and ended with code "
                f"{process.returncode}; run `amends doctor`.\n  {last_lines(noise)}"
            )


def _reader(
    settings: Settings, model: Path, feed: IO[str], noise: IO[bytes]
) -> subprocess.Popen[str]:
    command = [str(settings.engine_python), "-m", "bot.nlu", "--model", str(model.resolve())]
    return subprocess.Popen(
        command,
        cwd=settings.project_dir,
        env=engine_environment(serving=True),
        stdin=feed,
        stdout=subprocess.PIPE,
        stderr=noise,
        text=True,
        encoding="utf-8",
        preexec_fn=end_with_parent(),
    )


def last_lines(noise: IO[bytes]) -> str:
    """Return what a process of the engine said last, for the person at the terminal."""
    noise.seek(0)
    return "\n  ".join(noise.read().decode(errors="replace").strip().splitlines()[-TAIL_LINES:])


def flatten(row_id: str | int, parse: Json, thresholds: Thresholds) -> Json:
    """Return the public object of one parse."""
    assessment, intent = parse["assessment"], parse["intent"]
    return {
        "id": row_id,
        "complaint": bool(assessment["complaint"]),
        "category": assessment["category"],
        "secondary": list(assessment["secondary"]),
        "intent": intent["name"],
        "confidence": round(float(intent["confidence"]), 4),
        "sentiment": round(float(assessment["sentiment"]), 4),
        "sentiment_label": assessment["sentiment_label"],
        "flags": sorted(assessment["flags"]),
        "severity": assessment["severity"],
        "handoff": handoff_of(thresholds, parse),
        "language": assessment["language"],
    }


def handoff_of(thresholds: Thresholds, parse: Json) -> bool:
    """Return whether a person would take over after a first message understood like this."""
    return bool(rows_fired(thresholds, assess([signal_of(parse)])))


def signal_of(parse: Json) -> Signal:
    """Return what the handoff room needs to know of one message."""
    assessment, intent = parse["assessment"], parse["intent"]
    return Signal(
        sentiment=float(assessment["sentiment"]),
        sentiment_label=assessment["sentiment_label"],
        flags=frozenset(assessment["flags"]),
        severity=Severity(assessment["severity"]),
        complaint=bool(assessment["complaint"]),
        category=assessment["category"],
        secondary_count=len(assessment["secondary"]),
        waiting_hours=assessment["waiting_hours"],
        intent=intent["name"],
        confidence=float(intent["confidence"]),
    )
