"""`amends train`: train the model that belongs to the files as they are now, if it is missing.

TrainingError
"""

import argparse
import contextlib
import fcntl
import getpass
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from ruamel.yaml import YAML

from amends.cli.errors import UsageError
from amends.wiring.engine import engine_environment
from amends.wiring.model import current_model
from amends.wiring.models import prepare_training, write_training
from amends.wiring.settings import Settings, load_settings
from amends.wiring.supervisor import end_with_parent, unwind_on_sigterm

STEP = re.compile(r"(?:Starting to train component|Restored component) '(?P<name>\w+)'")
Progress = Callable[[str], None]
TAIL_LINES = 15


class TrainingError(UsageError):
    """Rasa refused the training data; the text says where its reasons are."""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--force", action="store_true", help="train from scratch although the model exists"
    )


def run(arguments: argparse.Namespace) -> int:
    unwind_on_sigterm()
    settings = load_settings()
    model, trained = train_if_stale(settings, force=arguments.force)
    print(f"{'Trained' if trained else 'Up to date:'} {_shown(model)}")
    _tell_next_step(settings)
    return 0


def _tell_next_step(settings: Settings) -> None:
    """Where a model was promoted, training alone changes nothing for customers: say so."""
    from amends.cli.live import newer_files, promoted

    live = promoted(settings)
    note = newer_files(live) if live else ""
    if note:
        print(note)


def train_if_stale(
    settings: Settings,
    force: bool = False,
    progress: Progress | None = None,
    by: str | None = None,
) -> tuple[Path, bool]:
    """Return the current model, trained now if it was missing, and whether it was.

    Args:
        progress: Hears of each component the training comes to; None: shown at the terminal.
        by: Who trains, for the record beside the model; None: the user of this process.

    Raises:
        TrainingError: Rasa could not train.
    """
    model = current_model(settings)
    if model.is_file() and not force:
        return model, False
    with _only_one(settings.models_dir):
        if model.is_file() and not force:  # another process trained it while we waited
            return model, False
        made = prepare_training(settings, by or user_name())
        began = time.monotonic()
        with _shown_progress(settings, progress) as each:
            _train(settings, model, force, each)
        write_training(model, replace(made, seconds=round(time.monotonic() - began, 1)))
    return model, True


@contextlib.contextmanager
def _shown_progress(settings: Settings, progress: Progress | None) -> Iterator[Progress]:
    if progress is not None:
        yield progress
        return
    with _display(steps_of(settings.project_dir / "config.yml")) as display:
        yield display


def user_name() -> str:
    """Return the name of the user whom this process runs as."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a number without a name, as in containers
        return f"user {os.getuid()}"


def steps_of(config: Path) -> int:
    """Return how many components a training passes, for the length of the progress bar."""
    content = YAML(typ="safe").load(config) or {}
    return max(1, len(content.get("pipeline") or []) + len(content.get("policies") or []))


def _train(settings: Settings, model: Path, force: bool, progress: Progress) -> None:
    settings.log_dir.mkdir(parents=True, exist_ok=True)
    log = settings.log_dir / "train.log"
    with tempfile.TemporaryDirectory(prefix=".training-", dir=settings.models_dir) as folder:
        command = _command(settings, Path(folder), model.name.removesuffix(".tar.gz"), force)
        code = _follow(command, settings, log, progress)
        made = Path(folder) / model.name
        if code != 0 or not made.is_file():
            raise TrainingError(_failure(log))
        os.replace(made, model)


def _command(settings: Settings, out: Path, name: str, force: bool) -> list[str]:
    project = settings.project_dir
    command = [
        *(str(settings.engine_python), "-m", "bot.train", "train"),
        *("--domain", str(project / "domain.yml"), "--config", str(project / "config.yml")),
        *("--data", str(project / "data"), "--out", str(out), "--fixed-model-name", name),
        # Its search for story conflicts, without a bound on history, outlasts everything else.
        # Rules that contradict each other stop the training itself.
        "--skip-validation",
        # Neither of our policies learns from stories glued together; making them takes minutes.
        *("--augmentation", "0"),
    ]
    return [*command, "--force"] if force else command


def _follow(command: list[str], settings: Settings, log: Path, progress: Progress) -> int:
    """Run the training, its output to the log, and report each component it comes to."""
    environment = {**engine_environment(serving=False), "LOG_LEVEL": "INFO"}
    # Beside the models, so that two installations never share one.
    environment["RASA_CACHE_DIRECTORY"] = str(settings.models_dir / ".cache")
    with (
        log.open("w", encoding="utf-8", buffering=1) as file,
        subprocess.Popen(
            command,
            cwd=settings.project_dir,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            preexec_fn=end_with_parent(),
        ) as process,
    ):
        try:
            for line in process.stdout or ():
                file.write(line)
                step = STEP.search(line)
                if step:
                    progress(step["name"])
            return process.wait()
        finally:
            process.terminate()  # does nothing once it has ended


@contextlib.contextmanager
def _only_one(models_dir: Path) -> Iterator[None]:
    """Let one process at a time train into this folder."""
    models_dir.mkdir(parents=True, exist_ok=True)
    with (models_dir / ".training.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def _display(steps: int) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task("Training the model: reading the examples", total=steps)

        def advance(component: str) -> None:
            bar.update(task, advance=1, description=f"Training the model: {component}")

        yield advance


def _failure(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    tail = "\n  ".join(lines[-TAIL_LINES:])
    return f"the model could not be trained; Rasa's reasons are in {log}.\n  {tail}"


def _shown(path: Path) -> str:
    with contextlib.suppress(ValueError):
        return str(path.relative_to(Path.cwd()))
    return str(path)
