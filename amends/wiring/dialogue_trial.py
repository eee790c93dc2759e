"""Playing one test conversation with a model, as `make test` plays all of them."""

import os
import re
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from amends.training.dialogues.model import Dialogue, DialogueKind, Step, StepKind
from amends.training.dialogues.write import with_dialogue
from amends.wiring.engine import engine_environment
from amends.wiring.settings import Settings

LONGEST_SECONDS = 240
NICENESS = 15
_FAILED = "failed_test_stories.yml"
_PREDICTED = re.compile(
    r"^\s*- (?P<kind>intent|action): (?P<name>\S+)(?:\s+# predicted: (?P<other>.*))?$"
)


class TrialFailed(Exception):
    """The model could not be asked; the text is one sentence."""


@dataclass(frozen=True, slots=True)
class Differs:
    """What the model makes of a step; steps count from 0, one past the last is its end."""

    step: int
    predicted: str
    is_reading: bool  # of a message; else of what is done next


@dataclass(frozen=True, slots=True)
class Trial:
    model: str
    differs: Sequence[Differs]

    @property
    def passed(self) -> bool:
        return not self.differs


def try_dialogue(settings: Settings, model: Path, dialogue: Dialogue) -> Trial:
    """Play a test conversation and return where the model differs; takes about half a minute.

    Raises:
        TrialFailed: there is no model or no engine, it took too long, or it could not be read.
    """
    if not model.is_file():
        raise TrialFailed(f"There is no model {model.name}; train one with `amends train`.")
    path = f"tests/conversations/test_{DialogueKind.TEST}.yml"
    with tempfile.TemporaryDirectory(prefix="amends-dialogue-") as folder:
        file, out = Path(folder) / "test_one.yml", Path(folder) / "out"
        file.write_text(with_dialogue(None, path, dialogue), encoding="utf-8")
        _run(settings, model, file, out)
        failed = out / _FAILED
        if not failed.is_file():
            raise TrialFailed("The engine said nothing about this conversation; see its log.")
        return Trial(model.name, differences(dialogue.steps, failed.read_text("utf-8")))


def differences(steps: Sequence[Step], failed: str) -> list[Differs]:
    """Return where the model differed, from Rasa's file of what failed.

    Rasa writes the messages and actions in the order of the dialogue; after a wrong action it
    adds what would have come next, which is not part of it.
    """
    asked = [
        (at, step)
        for at, step in enumerate(steps)
        if step.kind in (StepKind.CUSTOMER, StepKind.ACTION)
    ]
    found, place = [], 0
    for line in failed.splitlines():
        told = _PREDICTED.match(line)
        if told is None:
            continue
        is_reading = told["kind"] == "intent"
        kind = StepKind.CUSTOMER if is_reading else StepKind.ACTION
        if (
            place < len(asked)
            and asked[place][1].kind is kind
            and asked[place][1].name == told["name"]
        ):
            at = asked[place][0]
            place += 1
        elif told["name"] == "action_listen":
            at = asked[place][0] if place < len(asked) else len(steps)
        else:
            break
        if told["other"]:
            found.append(Differs(at, told["other"].strip(), is_reading))
            if not is_reading:
                break  # whatever follows goes back to this
    return found


def _run(settings: Settings, model: Path, file: Path, out: Path) -> None:
    command = [
        *(str(settings.engine_python), "-m", "rasa", "test", "core", "--e2e", "--no-plot"),
        *("--stories", str(file), "--model", str(model), "--out", str(out)),
    ]
    environment = engine_environment(serving=True)
    try:
        process = subprocess.Popen(
            command,
            cwd=settings.project_dir,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    except OSError as error:
        raise TrialFailed(f"The engine cannot be started: {error}.") from None
    with process:
        told = _told(process)
    if process.returncode != 0:
        last = told.decode("utf-8", "replace").strip().splitlines()[-1:] or [""]
        raise TrialFailed(f"The engine could not play it: {last[0][:200]}")


def _told(process: subprocess.Popen[bytes]) -> bytes:
    os.setpriority(os.PRIO_PROCESS, process.pid, NICENESS)  # who answers customers comes first
    try:
        return process.communicate(timeout=LONGEST_SECONDS)[0]
    except subprocess.TimeoutExpired:
        process.kill()
        raise TrialFailed(
            f"The engine took more than {LONGEST_SECONDS} seconds; try again when it is less busy."
        ) from None
