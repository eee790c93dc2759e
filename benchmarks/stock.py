"""The baseline: Rasa as it comes, with its default pipeline and policies, on the same data."""

import contextlib
import hashlib
import json
import os
import re
import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from amends.wiring.engine import ENGINE_ENVIRONMENT
from amends.wiring.processor import blas_environment
from amends.wiring.settings import PROJECT_DIR
from benchmarks.processes import Json, resident_mb, run_timed, running, wait_until_ready

PYTHON = PROJECT_DIR / ".venv-stock" / "bin" / "python"
OWN = PROJECT_DIR / "benchmarks" / "stock"
CONFIG = OWN / "config.yml"
STORIES = OWN / "stories.yml"
SHAPING = ("data", "domain.yml", "benchmarks/stock", "requirements/stock.lock")
DEFAULT_EPOCHS = 100


@dataclass(frozen=True)
class Model:
    """A trained baseline and what its training took."""

    path: Path
    facts: Json


def set_up() -> None:
    """Install stock Rasa into `.venv-stock` when it is not there yet."""
    command = [sys.executable, "scripts/setup.py", "--stock"]
    run_timed(command, os.environ, PROJECT_DIR, PROJECT_DIR / "var" / "log" / "setup.log")


def trained(models: Path, epochs: int) -> Model:
    """Return the baseline for the data as they are, trained now if there is none yet."""
    path = models / f"stock-{_fingerprint()}-{epochs}.tar.gz"
    about = path.with_suffix(".json")
    if not about.is_file():
        about.write_text(json.dumps(_train(path, epochs), indent=2), encoding="utf-8")
    return Model(path, json.loads(about.read_text(encoding="utf-8")))


def _train(model: Path, epochs: int) -> Json:
    """Train in a folder of its own: Rasa's cache there makes a second run cheap, not this one."""
    folder = model.with_suffix(".training")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    config = folder / "config.yml"
    config.write_text(with_epochs(CONFIG.read_text(encoding="utf-8"), epochs), encoding="utf-8")
    log = folder / "train.log"
    command = [
        *("nice", str(PYTHON), "-m", "rasa", "train", "--skip-validation"),
        *("--domain", str(PROJECT_DIR / "domain.yml")),
        *("--data", str(PROJECT_DIR / "data"), str(STORIES)),
        *("--config", str(config), "--out", str(folder)),
        *("--fixed-model-name", "stock"),
    ]
    taken = run_timed(command, _environment(folder), folder, log)
    (folder / "stock.tar.gz").replace(model)
    text = log.read_text(encoding="utf-8", errors="replace")
    shutil.rmtree(folder)
    return {
        **taken,
        "epochs": epochs,
        "epochs_by_default": DEFAULT_EPOCHS,
        "trained_in_vain": sorted(set(re.findall(r"Skipped training (?:of )?[`'](\w+)[`']", text))),
    }


def with_epochs(config: str, epochs: int) -> str:
    """Return the configuration with another number of epochs; that changes no latency."""
    return re.sub(rf"epochs: {DEFAULT_EPOCHS}\b", f"epochs: {epochs}", config)


@dataclass(frozen=True)
class Server:
    pid: int
    url: str
    ready_seconds: float

    def resident_mb(self) -> float:
        return resident_mb(self.pid)


@contextlib.contextmanager
def served(model: Path, folder: Path, port: int, actions_url: str) -> Iterator[Server]:
    """Run the baseline with REST channel, SQL tracker store on disk, and Amends' own actions."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "credentials.yml").write_text("rest:\n", encoding="utf-8")
    (folder / "endpoints.yml").write_text(
        f"action_endpoint:\n  url: {actions_url}\n"
        f"tracker_store:\n  type: SQL\n  dialect: sqlite\n  db: {folder / 'stock.db'}\n",
        encoding="utf-8",
    )
    command = [
        *(str(PYTHON), "-m", "rasa", "run", "-i", "127.0.0.1", "--port", str(port)),
        *("--model", str(model), "--credentials", "credentials.yml"),
        *("--endpoints", "endpoints.yml"),
    ]
    log, began = folder / "stock.log", time.perf_counter()
    with running(command, _environment(folder), folder, log) as pid:
        url = f"http://127.0.0.1:{port}"
        # The server opens its port once the model is loaded.
        wait_until_ready([f"{url}/webhooks/rest/"], pid, log)
        yield Server(pid, url, round(time.perf_counter() - began, 1))


def _environment(folder: Path) -> dict[str, str]:
    others = {k: v for k, v in os.environ.items() if k not in {"SANIC_WORKERS", "PYTHONPATH"}}
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "2", "LOG_LEVEL": "INFO"}
    return {
        **others,
        **ENGINE_ENVIRONMENT,
        **blas_environment(others),
        **quiet,
        "RASA_CACHE_DIRECTORY": str(folder / ".cache"),
    }


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for name in SHAPING:
        place = PROJECT_DIR / name
        for path in [place] if place.is_file() else sorted(place.rglob("*.yml")):
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]
