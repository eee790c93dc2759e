"""What Rasa itself checks: the training data, and the test conversations with one model."""

import re
import subprocess
import tempfile
from pathlib import Path

from amends.cli.examination.steps import StepFailed
from amends.wiring.engine import engine_environment
from amends.wiring.settings import Settings
from amends.wiring.supervisor import end_with_parent

TAIL_LINES = 25
CONVERSATIONS = Path("tests/conversations")
# Rasa calls each response that only actions say unused; they are said all the same.
_SAID_BY_ACTIONS = re.compile(r"The utterance 'say_.*' is not used")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def validate(settings: Settings) -> None:
    """Let Rasa check the training data of the present files.

    Raises:
        StepFailed: It finds something wrong; with the end of what it says.
    """
    _rasa(
        settings,
        [
            *("data", "validate", "--fail-on-warnings"),
            *("--domain", "domain.yml", "--config", "config.yml", "--data", "data"),
        ],
        "the training data do not pass Rasa's own check",
    )


def test_conversations(settings: Settings, model: Path) -> None:
    """Play the test conversations with a model.

    Raises:
        StepFailed: A step was predicted otherwise; with the end of what Rasa says.
    """
    with tempfile.TemporaryDirectory(prefix="amends-test-") as out:
        _rasa(
            settings,
            [
                *("test", "core", "--stories", str(CONVERSATIONS)),
                *("--fail-on-prediction-errors", "--no-plot"),
                *("--model", str(model.resolve()), "--out", out),
            ],
            "not every test conversation went as it should",
            Path(out) / "failed_test_stories.yml",
        )


def _rasa(
    settings: Settings, arguments: list[str], otherwise: str, also: Path | None = None
) -> None:
    done = subprocess.run(
        [str(settings.engine_python), "-m", "rasa", *arguments],
        cwd=settings.project_dir,
        env=engine_environment(serving=False),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
        preexec_fn=end_with_parent(),
    )
    if done.returncode != 0:
        told = also.read_text("utf-8", "replace") if also and also.is_file() else ""
        raise StepFailed(f"{otherwise} (code {done.returncode}).", tail(done.stdout + told))


def tail(output: str) -> str:
    """Return the end of what a command said, without colours, progress and what is no fault."""
    lines = [_COLOUR.sub("", line.rsplit("\r", 1)[-1]) for line in output.splitlines()]
    said = [line for line in lines if line.strip() and not _SAID_BY_ACTIONS.search(line)]
    return "\n".join(said[-TAIL_LINES:])
