"""Read messages in bulk: `python -m bot.nlu --model MODEL.tar.gz < rows.jsonl > out.jsonl`.

Each line in is `{"id": ..., "text": str, "lang"?: str}`, each line out
`{"id": ..., "parse": {...}}` with exactly what the running engine's /understand returns, in the
same order, as it comes. `lang` is accepted and not used: the engine tells languages apart by
itself, here as in a conversation. A line that cannot be read ends the run with one sentence on
stderr and exit code 2.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO


class BadRowError(Exception):
    """A line of input, or the model asked for, cannot be used."""


def read_rows(lines: Iterable[str]) -> Iterator[tuple[Any, str]]:
    """Yield id and text of each line, skipping empty ones.

    Raises:
        BadRowError: Naming the line and what is wrong with it.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            raise BadRowError(f"Line {number} is not valid JSON.") from None
        if not isinstance(row, dict) or "id" not in row:
            raise BadRowError(f"Line {number} must be an object with an 'id' and a 'text'.")
        if not isinstance(row.get("text"), str):
            raise BadRowError(f"Line {number} (id {row['id']!r}) needs a 'text' that is a string.")
        yield row["id"], row["text"]


def reader_of(model: Path) -> Callable[[str], dict[str, Any]]:
    """Load a model and return the function that parses one text with it.

    Raises:
        BadRowError: If there is no such model.
    """
    if not model.is_file():
        raise BadRowError(f"There is no model at '{model}'.")
    from rasa.core.agent import Agent

    from bot.channel import understand

    agent = Agent.load(str(model))
    loop = asyncio.new_event_loop()
    return lambda text: loop.run_until_complete(understand(agent, text))


def run(model: Path, lines: Iterable[str], out: TextIO) -> None:
    """Parse every line and write the answers, each as soon as it is known."""
    read = reader_of(model)
    for row_id, text in read_rows(lines):
        out.write(json.dumps({"id": row_id, "parse": read(text)}) + "\n")
        out.flush()


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bot.nlu", description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="a trained model (.tar.gz)")
    asked = parser.parse_args(arguments)
    out = quieten()
    try:
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
        run(asked.model, sys.stdin, out)
    except BadRowError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except BrokenPipeError:
        # the reader has seen enough; keep Python from complaining about it at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
    return 0


def quieten() -> TextIO:
    """Silence Rasa and its libraries, which print what they read, and return the real stdout."""
    warnings.showwarning = lambda *args, **kwargs: None
    logging.disable(logging.WARNING)
    out, sys.stdout = sys.stdout, sys.stderr
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.ERROR)
    return out


if __name__ == "__main__":
    sys.exit(main())
