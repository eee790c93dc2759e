"""The engine's side of an evaluation: cross-validation, and when the assistant asks back.

CrossValidationError
"""

import json
import subprocess
import tempfile
from collections.abc import Iterator

from ruamel.yaml import YAML

from amends.cli.errors import UsageError
from amends.training.model import FoldPrediction
from amends.wiring.engine import engine_environment
from amends.wiring.reading import last_lines
from amends.wiring.settings import Settings
from amends.wiring.supervisor import end_with_parent

FALLBACK_COMPONENT = "FallbackClassifier"


class CrossValidationError(UsageError):
    """The engine's environment could not train or read a fold."""


def fold_predictions(settings: Settings, folds: int) -> Iterator[FoldPrediction]:
    """Yield each of our own lines as read by a model trained without it, fold by fold.

    Raises:
        CrossValidationError: The folds could not be trained.
    """
    command = [str(settings.engine_python), "-m", "bot.cross_validation", "--folds", str(folds)]
    with tempfile.TemporaryFile() as noise:
        with subprocess.Popen(
            command,
            cwd=settings.project_dir,
            env=engine_environment(serving=False),
            stdout=subprocess.PIPE,
            stderr=noise,
            text=True,
            encoding="utf-8",
            preexec_fn=end_with_parent(),
        ) as process:
            for line in process.stdout or ():
                yield FoldPrediction(**json.loads(line))
        if process.returncode != 0:
            raise CrossValidationError(
                f"the cross-validation ended with code {process.returncode}.\n  {last_lines(noise)}"
            )


def asks_back_below(settings: Settings) -> float:
    """Return the confidence below which the assistant asks back; 0 if it never does."""
    config = settings.project_dir / "config.yml"
    try:
        pipeline = (YAML(typ="safe").load(config) or {}).get("pipeline") or ()
    except FileNotFoundError:
        raise UsageError(f"{config} is missing; put it back from git.") from None
    for component in pipeline:
        if component.get("name", "").endswith(FALLBACK_COMPONENT):
            return float(component.get("threshold", 0.0))
    return 0.0
