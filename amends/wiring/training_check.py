"""Look all examples over in a process of its own: it takes seconds, and nobody at the desk waits.

    python -m amends.wiring.training_check PROJECT

prints the findings as JSON.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from amends.training.data_check import check_corpus
from amends.training.data_model import Finding, Level, Place
from amends.training.data_reader import read_corpus

SECONDS = 600.0


def check_apart(project: Path) -> Sequence[Finding]:
    """Return what is wrong with a project's examples, errors first.

    Raises:
        subprocess.SubprocessError: the other process failed, or took too long.
    """
    done = subprocess.run(
        [sys.executable, "-m", __name__, str(project)],
        capture_output=True, check=True, timeout=SECONDS,
    )  # fmt: skip
    return [
        Finding(
            one["check"],
            Level(one["level"]),
            one["message"],
            tuple(Place(**place) for place in one["places"]),
        )
        for one in json.loads(done.stdout)
    ]


def main() -> None:
    project = Path(sys.argv[1]).resolve()
    found = check_corpus(read_corpus(project / "data" / "nlu", project))
    json.dump([asdict(one) for one in found], sys.stdout)


if __name__ == "__main__":
    main()
