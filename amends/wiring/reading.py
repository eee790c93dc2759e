"""Messages in bulk as the engine's components read them, in a process of its own.

UnderstandingError
"""

import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from amends.handoff.assess import assess
from amends.handoff.decide import rows_fired
from amends.handoff.model import Severity, Signal
from amends.handoff.thresholds import Thresholds
from amends.training.promotion.model import Reading
from amends.values import Json
from amends.wiring.engine import engine_environment
from amends.wiring.errors import NotPossible
from amends.wiring.settings import Settings
from amends.wiring.supervisor import end_with_parent

TAIL_LINES = 5
BACKGROUND_NICENESS = 10
"""Of what may take its time, so that a customer never waits for it."""


class UnderstandingError(NotPossible):
    """The engine's reader stopped before the last row; the text is for a person."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One text as two models read it; without a second model its parts are None."""

    id: str | int
    parse: Json
    ms: float
    against: Json | None
    against_ms: float | None


def parses(
    settings: Settings, model: Path, rows: list[Json], *, niced: bool = False
) -> Iterator[tuple[str | int, Json]]:
    """Yield, in order, each row's id and what the running engine would return for its text.

    Raises:
        UnderstandingError: The engine's reader failed.
    """
    arguments = ["bot.nlu", "--model", str(model.resolve())]
    for answer in _answers(settings, arguments, rows, niced=niced):
        yield answer["id"], answer["parse"]


def side_by_side(
    settings: Settings, model: Path, against: Path | None, rows: list[Json]
) -> Iterator[Compared]:
    """Yield, in order, what two models make of each row's text, and how long each took.

    Raises:
        UnderstandingError: The engine's reader failed.
    """
    arguments = ["bot.side_by_side", "--model", str(model.resolve())]
    arguments += ["--against", str(against.resolve())] if against else []
    for answer in _answers(settings, arguments, rows):
        yield Compared(**answer)


def _answers(
    settings: Settings, arguments: list[str], rows: list[Json], *, niced: bool = False
) -> Iterator[Json]:
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as feed,
        tempfile.TemporaryFile() as noise,
    ):
        # Escaped, so that half a surrogate pair in a row cannot break the stream.
        feed.writelines(json.dumps(row) + "\n" for row in rows)
        feed.seek(0)
        answered = 0
        with _reader(settings, arguments, feed, noise, niced=niced) as process:
            try:
                for line in process.stdout or ():
                    answered += 1
                    yield json.loads(line)
            finally:
                process.terminate()  # does nothing once it has ended
        if process.returncode != 0 or answered != len(rows):
            raise UnderstandingError(
                f"the engine understood {answered} of {len(rows)} rows and ended with code "
                f"{process.returncode}; run `amends doctor`.\n  {last_lines(noise)}"
            )


def _reader(
    settings: Settings, arguments: list[str], feed: IO[str], noise: IO[bytes], *, niced: bool
) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [str(settings.engine_python), "-m", *arguments],
        cwd=settings.project_dir,
        env=engine_environment(serving=True),
        stdin=feed,
        stdout=subprocess.PIPE,
        stderr=noise,
        text=True,
        encoding="utf-8",
        preexec_fn=niced_end_with_parent() if niced else end_with_parent(),
    )


def niced_end_with_parent() -> Callable[[], None]:
    """Return what a child does before it becomes its program: yield the processor to others, and
    tie its life to this process (`end_with_parent`)."""
    tie = end_with_parent()

    def prepare() -> None:
        os.nice(BACKGROUND_NICENESS)
        if tie is not None:
            tie()

    return prepare


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


def reading_of_parse(parse: Mapping[str, Any], thresholds: Thresholds) -> Reading:
    """Return what a model makes of one message, as two models are compared."""
    public = flatten("", dict(parse), thresholds)
    return Reading(
        intent=public["intent"] or "",
        category=public["category"],
        complaint=public["complaint"],
        handoff=public["handoff"],
        confidence=public["confidence"],
    )
