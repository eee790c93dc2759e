"""Ask the engine's encoder which texts are near each other.

NeighboursError
"""

import json
import subprocess
from collections.abc import Sequence

from amends.cli.errors import UsageError
from amends.training.data_near import NEIGHBOURS, Neighbours
from amends.wiring.engine import engine_environment
from amends.wiring.settings import Settings
from amends.wiring.supervisor import end_with_parent


class NeighboursError(UsageError):
    """The engine's encoder could not read the texts."""


def neighbours_of(settings: Settings, texts: Sequence[str]) -> Neighbours:
    """Return for each text the nearest others.

    Raises:
        NeighboursError: The encoder failed.
    """
    done = subprocess.run(
        [str(settings.engine_python), "-m", "bot.neighbours", "--count", str(NEIGHBOURS)],
        cwd=settings.project_dir,
        env=engine_environment(serving=True),
        input="".join(json.dumps(text) + "\n" for text in texts),
        capture_output=True,
        encoding="utf-8",
        check=False,
        preexec_fn=end_with_parent(),
    )
    near = [_pairs(line) for line in done.stdout.splitlines()]
    if done.returncode != 0 or len(near) != len(texts):
        said = done.stderr.strip().splitlines()
        raise NeighboursError(
            f"the encoder ended with code {done.returncode}; run `amends doctor`, or leave this "
            f"out with --quick.\n  {said[-1] if said else 'It said nothing.'}"
        )
    return near


def _pairs(line: str) -> list[tuple[int, float]]:
    return [(int(at), float(likeness)) for at, likeness in json.loads(line)]
