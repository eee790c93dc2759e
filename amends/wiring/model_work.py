"""Trainings and examinations in the background: one at a time, in a process of its own.

The process is the `amends` command itself, behind all others for the processor. It ends with the
thread that started it, and so with the gateway; whoever comes next finds the lease lapsed and
begins anew. Its steps are stored as it tells them, so that every desk page can show them.
"""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import IO

import structlog

from amends.training.promotion.model import Work, WorkState
from amends.training.promotion.record import step_of
from amends.training.promotion.use_cases import LEASE, claim_work, ended
from amends.values import Json, new_id
from amends.wiring.app import App
from amends.wiring.reading import niced_end_with_parent

log = structlog.get_logger()

LANE = "model-work"
LOOK_SECONDS = 2.0
"""How often a holder renews its lease and looks whether it is to stop."""
STOP_SECONDS = 5.0
LONGEST_ERROR = 4000


def do_model_work(app: App) -> int:
    """Begin the work that nobody does, beside the jobs; 1 when there was any."""
    with app.db.read() as uow:
        work = uow.model_work.latest()
    if work is None or not work.state.is_open:
        return 0
    if work.state is WorkState.RUNNING and work.lease_until and work.lease_until > app.clock():
        return 0
    return int(app.lanes.start(LANE, LANE, lambda: work_once(app)))


def work_once(app: App) -> None:
    """Claim the open work and see it through; does nothing when somebody else has it."""
    with app.db.write() as uow:
        work = claim_work(uow, new_id(), app.clock())
        uow.commit()
    if work is None:
        return
    log.info("models.work.began", work=work.id, model=work.model, attempt=work.attempts)
    done = _Follower(app, work).follow(command_of(work))
    log.info("models.work.ended", work=work.id, state=done.state.value, result=done.result)


def command_of(work: Work) -> list[str]:
    """Return the command that does this work and tells of it line by line."""
    command = [sys.executable, "-m", "amends.cli.main", "models", "examine"]
    command += [work.model] if work.model else []
    folds = ["--folds", str(work.folds)] if work.folds else ["--skip-cross-validation"]
    return [*command, *folds, "--by", work.asked_by, "--progress"]


class _Follower:
    """Runs the command, keeps the lease, and stores what is told."""

    def __init__(self, app: App, work: Work) -> None:
        self._app = app
        self._work = work
        self._lines: queue.Queue[str | None] = queue.Queue()

    def follow(self, command: Sequence[str]) -> Work:
        self._app.settings.log_dir.mkdir(parents=True, exist_ok=True)
        with (self._app.settings.log_dir / "models.log").open("w+b") as noise:
            with _started(command, noise) as process:
                reading = threading.Thread(target=self._read, args=(process,), daemon=True)
                reading.start()
                try:
                    cancelled = not self._keep_up()
                finally:
                    _end(process)
                    reading.join()
            return self._finish(process.returncode, cancelled, noise)

    def _read(self, process: "subprocess.Popen[str]") -> None:
        for line in process.stdout or ():
            self._lines.put(line)
        self._lines.put(None)

    def _keep_up(self) -> bool:
        """Store what is told until the process says no more; False when it is to stop."""
        while True:
            try:
                line = self._lines.get(timeout=LOOK_SECONDS)
            except queue.Empty:
                line = ""
            if line is None:
                return True
            self._hear(line)
            if not self._store():
                return False

    def _hear(self, line: str) -> None:
        told = _json_of(line)
        if "steps" in told:
            self._work = replace(self._work, steps=tuple(step_of(one) for one in told["steps"]))
        if "examination" in told:
            self._work = replace(self._work, result=told["model"], examination=told["examination"])

    def _store(self) -> bool:
        now = self._app.clock()
        self._work = replace(self._work, lease_until=now + LEASE)
        with self._app.db.write() as uow:
            is_ours = uow.model_work.save(self._work)
            stored = uow.model_work.get(self._work.id)
            uow.commit()
        return is_ours and stored is not None and not stored.cancel_wanted

    def _finish(self, code: int | None, cancelled: bool, noise: IO[bytes]) -> Work:
        state, error = WorkState.DONE, ""
        if cancelled:
            state = WorkState.CANCELLED
        elif code != 0 or self._work.examination is None:
            state, error = WorkState.FAILED, _tail(noise) or f"It ended with code {code}."
        done = ended(self._work, state, self._app.clock(), error)
        with self._app.db.write() as uow:
            uow.model_work.save(done)
            uow.commit()
        return done


def _started(command: Sequence[str], noise: IO[bytes]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=noise,
        text=True,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,  # so that all of it can be ended at once
        preexec_fn=niced_end_with_parent(),
    )


def _end(process: "subprocess.Popen[str]") -> None:
    """End the process and all that it started; does nothing once it has ended."""
    if process.poll() is None:
        with suppress(subprocess.TimeoutExpired):
            # said no more, and is on its way out by itself; or is to be stopped
            process.terminate()
            process.wait(STOP_SECONDS)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _json_of(line: str) -> Json:
    try:
        told = json.loads(line)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _tail(noise: IO[bytes]) -> str:
    noise.seek(0)
    said = noise.read().decode("utf-8", "replace").strip()
    return said.removeprefix("amends: ")[-LONGEST_ERROR:]
