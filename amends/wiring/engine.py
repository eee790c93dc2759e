"""How the engine is started: its environment variables and the files made for it."""

import os
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from amends.wiring.processor import blas_environment
from amends.wiring.settings import Settings

LOCK_STORE = "bot.lock_store.RedisLocks"
"""Rasa's lock store over several engines; without Redis it is Rasa's own, in memory."""

MAX_REQUEST_BYTES = 65536
"""Sanic would read 100 MB into memory before the channel could refuse it."""

ENGINE_ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SANIC_REQUEST_MAX_SIZE": str(MAX_REQUEST_BYTES),
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONUNBUFFERED": "1",
}
ONE_THREAD = {
    # One message at a time: more threads only fight over the cores.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


def engine_environment(serving: bool) -> dict[str, str]:
    """Return the environment of a Rasa process; a server also keeps to one thread."""
    own = {**ENGINE_ENVIRONMENT, **(ONE_THREAD if serving else {})}
    # Two workers on one engine lose messages.
    inherited = {key: value for key, value in os.environ.items() if key != "SANIC_WORKERS"}
    return {**inherited, **own, **blas_environment(inherited)}


def engine_command(settings: Settings, model: Path, endpoints: Path) -> list[str]:
    credentials = settings.project_dir / "credentials.yml"
    return [
        *(str(settings.engine_python), "-m", "bot.serve", "run"),
        *("-i", settings.engine_host, "--port", str(settings.engine_port)),
        *("--model", str(model)),
        *("--credentials", str(credentials)),
        *("--endpoints", str(endpoints)),
    ]


def write_endpoints(settings: Settings) -> Path:
    """Write the engine's endpoints for these settings; return the file.

    The project's own `endpoints.yml` is the pattern; addresses come from the settings. Only
    its owner may read the file, for a database address can hold a password.
    """
    yaml = YAML(typ="safe")
    yaml.default_flow_style = False  # the engine's parser refuses an address inside braces
    pattern = settings.project_dir / "endpoints.yml"
    endpoints: dict[str, Any] = yaml.load(pattern) if pattern.is_file() else {}
    path = settings.run_dir / "endpoints.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        yaml.dump({**endpoints, **engine_endpoints(settings)}, file)
    return path


def engine_endpoints(settings: Settings) -> dict[str, Any]:
    """Return Rasa's `endpoints.yml` as a value: actions, tracker store and, if set, lock store."""
    endpoints: dict[str, Any] = {
        "action_endpoint": {"url": f"{settings.actions_url.rstrip('/')}/webhook"},
        "tracker_store": _tracker_store(settings.tracker_url),
    }
    if settings.redis_url:
        endpoints["lock_store"] = {"type": LOCK_STORE, "url": settings.redis_url}
    return endpoints


def _tracker_store(url: str) -> dict[str, Any]:
    if url.startswith("sqlite:///"):
        return {"type": "SQL", "dialect": "sqlite", "db": url.removeprefix("sqlite:///")}
    # The engine's environment has psycopg2, the application's psycopg 3.
    _, _, place = url.partition("://")
    return {"type": "SQL", "dialect": "postgresql", "url": f"postgresql://{place}"}
