"""Read messages with two models at once: `python -m bot.side_by_side --model A --against B`.

Each line in is `{"id": ..., "text": str}`, each line out `{"id": ..., "parse": {...}, "ms": n,
"against": {...} | null, "against_ms": n | null}`, in the same order. Both models are in one
process, on one core, and take turns in being first, so that their times compare. Without
`--against` only the one model reads.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from bot.nlu import BadRowError, quieten, read_rows, reader_of

Read = Callable[[str], "dict[str, Any]"]
WARMING_TEXT = "My parcel has not arrived and nobody answers"
WARMING_TURNS = 3


def keep_to_one_core() -> None:
    """Stay on one core, where the system lets us, so that no other process's load decides."""
    with suppress(AttributeError, OSError):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def timed(read: Read | None, text: str) -> tuple[dict[str, Any] | None, float | None]:
    """Return what a model reads in a text, and the milliseconds it took."""
    if read is None:
        return None, None
    began = time.perf_counter()
    parse = read(text)
    return parse, round((time.perf_counter() - began) * 1000, 3)


def run(model: Path, against: Path | None, lines: Iterable[str], out: TextIO) -> None:
    """Read every line with both models and write what came out, each as soon as it is known."""
    first, second = reader_of(model), reader_of(against) if against else None
    for _ in range(WARMING_TURNS):
        timed(first, WARMING_TEXT)
        timed(second, WARMING_TEXT)
    for number, (row_id, text) in enumerate(read_rows(lines)):
        if number % 2:
            other, other_ms = timed(second, text)
            parse, ms = timed(first, text)
        else:
            parse, ms = timed(first, text)
            other, other_ms = timed(second, text)
        row = {"id": row_id, "parse": parse, "ms": ms, "against": other, "against_ms": other_ms}
        out.write(json.dumps(row) + "\n")
        out.flush()


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bot.side_by_side", description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="a trained model (.tar.gz)")
    parser.add_argument("--against", type=Path, help="the model to compare with")
    asked = parser.parse_args(arguments)
    out = quieten()
    keep_to_one_core()
    try:
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
        run(asked.model, asked.against, sys.stdin, out)
    except BadRowError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
