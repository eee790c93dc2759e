"""The engine's endpoints and environment follow from the settings."""

import stat
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from amends.wiring.engine import (
    engine_command,
    engine_endpoints,
    engine_environment,
    write_endpoints,
)
from amends.wiring.settings import Settings


def test_given_defaults_then_actions_on_loopback_and_sqlite_in_var(tmp_path: Path) -> None:
    endpoints = engine_endpoints(Settings(var_dir=tmp_path, actions_port=5525))

    assert endpoints == {
        "action_endpoint": {"url": "http://127.0.0.1:5525/webhook"},
        "tracker_store": {"type": "SQL", "dialect": "sqlite", "db": f"{tmp_path}/tracker.db"},
    }


def test_given_postgresql_and_redis_then_both_are_named_whole() -> None:
    settings = Settings(
        tracker_url="postgresql+psycopg://amends:p%40ss@db.internal:5433/dialogues",
        redis_url="rediss://:s%2Fecret@cache.internal:6380/2",
    )

    endpoints = engine_endpoints(settings)

    place = "postgresql://amends:p%40ss@db.internal:5433/dialogues"
    assert endpoints["tracker_store"] == {"type": "SQL", "dialect": "postgresql", "url": place}
    assert endpoints["lock_store"] == {
        "type": "bot.lock_store.RedisLocks",
        "url": "rediss://:s%2Fecret@cache.internal:6380/2",
    }


def test_given_actions_elsewhere_then_the_engine_calls_them_there(tmp_path: Path) -> None:
    settings = Settings(
        var_dir=tmp_path, engine_host="10.0.0.5", actions_url="http://gateways:5055/"
    )

    assert engine_endpoints(settings)["action_endpoint"] == {"url": "http://gateways:5055/webhook"}
    command = engine_command(settings, tmp_path / "model.tar.gz", tmp_path / "endpoints.yml")
    assert command[command.index("-i") + 1] == "10.0.0.5"


def test_given_endpoints_of_the_project_then_other_keys_stay_and_only_the_owner_reads(
    tmp_path: Path,
) -> None:
    (tmp_path / "endpoints.yml").write_text(
        "action_endpoint: {url: http://elsewhere}\nnlg: {url: http://127.0.0.1:9/nlg}\n"
    )
    settings = Settings(project_dir=tmp_path, var_dir=tmp_path / "other")

    path = write_endpoints(settings)

    written = YAML(typ="safe").load(path)
    assert written["nlg"] == {"url": "http://127.0.0.1:9/nlg"}
    assert written["action_endpoint"] == {"url": "http://127.0.0.1:5055/webhook"}
    assert path == tmp_path / "other" / "run" / "endpoints.yml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_given_a_server_then_one_thread_one_worker_and_small_bodies(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SANIC_WORKERS", "4")
    monkeypatch.setenv("OMP_NUM_THREADS", "8")

    environment = engine_environment(serving=True)

    assert environment["SANIC_REQUEST_MAX_SIZE"] == "65536"
    assert environment["RASA_TELEMETRY_ENABLED"] == "false"
    assert environment["OMP_NUM_THREADS"] == environment["OPENBLAS_NUM_THREADS"] == "1"
    assert "SANIC_WORKERS" not in environment
    assert engine_environment(serving=False)["OMP_NUM_THREADS"] == "8"
