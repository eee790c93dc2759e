"""An installation of Amends made for the benchmark: own folder, own ports, trained from nothing."""

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from amends.wiring.settings import PROJECT_DIR
from benchmarks.processes import (
    Json,
    children,
    has_loaded,
    resident_mb,
    run_timed,
    running,
    wait_until_ready,
)

NO_LIMIT = "1000000"
PARTS = {"engine": "--credentials", "gateway": "amends.gateway", "desk": "amends.desk"}
"""Processes of an installation, and what tells each by its command line."""


@dataclass(frozen=True)
class Installation:
    folder: Path
    first_port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.first_port}"

    @property
    def engine_url(self) -> str:
        return f"http://127.0.0.1:{self.first_port + 2}"

    @property
    def actions_url(self) -> str:
        return f"http://127.0.0.1:{self.first_port + 3}/webhook"

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.folder / 'var' / 'amends.db'}"

    @property
    def log(self) -> Path:
        return self.folder / "amends.log"

    def environment(self) -> dict[str, str]:
        others = {k: v for k, v in os.environ.items() if not k.startswith("AMENDS_")}
        own = {
            "VAR_DIR": str(self.folder / "var"),
            "MODELS_DIR": str(self.folder / "models"),
            "GATEWAY_PORT": str(self.first_port),
            "DESK_PORT": str(self.first_port + 1),
            "ENGINE_PORT": str(self.first_port + 2),
            "ACTIONS_PORT": str(self.first_port + 3),
            "MESSAGES_PER_MINUTE": NO_LIMIT,
            "CONVERSATIONS_PER_MINUTE": NO_LIMIT,
            # On a busy machine a slow answer is to be measured, not cut off.
            "ENGINE_TIMEOUT_SECONDS": "30",
        }
        return {**others, **{f"AMENDS_{name}": value for name, value in own.items()}}

    def train(self) -> Json:
        """Train the model without any cache; return what that took."""
        command = [sys.executable, "-m", "amends.cli.main", "train", "--force"]
        return run_timed(command, self.environment(), PROJECT_DIR, self.log)

    @contextlib.contextmanager
    def up(self) -> Iterator["Running"]:
        """Start engine, gateway and desk, and stop them when the block ends."""
        began = time.perf_counter()
        command = [sys.executable, "-m", "amends.cli.main", "up"]
        with running(command, self.environment(), PROJECT_DIR, self.log) as pid:
            ready = [
                f"http://127.0.0.1:{self.first_port + offset}{path}"
                for offset, path in enumerate(("/readyz", "/healthz", "/webhooks/amends/health"))
            ]
            wait_until_ready(ready, pid, self.log)
            yield Running(_pids(pid), round(time.perf_counter() - began, 1))


@dataclass(frozen=True)
class Running:
    """Process ids by name, and how long it took until all of them served."""

    pids: dict[str, int]
    ready_seconds: float

    @property
    def answering(self) -> dict[str, int]:
        """The processes that a customer's turn passes."""
        return {name: self.pids[name] for name in ("engine", "gateway")}

    def resident_mb(self) -> dict[str, float]:
        return {name: resident_mb(pid) for name, pid in self.pids.items()}

    def engine_has_tensorflow(self) -> bool:
        return has_loaded(self.pids["engine"], "tensorflow")


def _pids(supervisor: int) -> dict[str, int]:
    found = {
        name: pid
        for pid, command in children(supervisor).items()
        for name, mark in PARTS.items()
        if mark in command
    }
    if found.keys() != PARTS.keys():
        raise RuntimeError(f"expected the processes {sorted(PARTS)}, found {sorted(found)}")
    return found
