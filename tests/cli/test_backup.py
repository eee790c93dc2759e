"""A backup made while others write comes back as the same system."""

import argparse
import json
import sqlite3
import stat
import threading
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from amends.cli import backup, restore
from amends.cli.errors import UsageError
from amends.storage.tables import METADATA
from amends.wiring.settings import Settings
from tests.records.log.steps import everything
from tests.support.shop import Shop, shop  # noqa: F401


def dump(url: str) -> dict[str, list[str]]:
    engine = create_engine(url)
    with engine.connect() as db:
        found = {
            name: sorted(str(row) for row in db.execute(text(f"SELECT * FROM {name}")))
            for name in [*METADATA.tables, "alembic_version"]
        }
    engine.dispose()
    return found


@pytest.fixture
def settings(shop: Shop, tmp_path: Path) -> Settings:  # noqa: F811
    everything(shop)
    var = tmp_path / "var"
    var.mkdir()
    (var / "secret").write_text("s" * 64)
    with sqlite3.connect(var / "tracker.db") as db:
        db.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id, timestamp, data)")
        db.execute("INSERT INTO events (sender_id) VALUES ('c.1')")
    return Settings(
        _env_file=None,
        var_dir=var,
        database_url=shop.db.url.render_as_string(hide_password=False),
        engine_port=5531,
        gateway_port=5532,
        desk_port=5533,
        actions_port=5534,
    )


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    def call(command, settings: Settings, file: Path, **flags: bool) -> dict:
        monkeypatch.setattr(command, "load_settings", lambda: settings)
        given = {"with_secret": False, "force": False, **flags}
        assert command.run(argparse.Namespace(file=file, **given)) == 0
        return json.loads(capsys.readouterr().out)

    return call


def elsewhere(settings: Settings, folder: Path) -> Settings:
    changed = {
        "var_dir": folder,
        "database_url": f"sqlite:///{folder}/amends.db",
        "tracker_url": f"sqlite:///{folder}/tracker.db",
    }
    return settings.model_copy(update=changed)


def test_given_a_system_when_restored_then_it_is_identical(settings, use, tmp_path) -> None:
    file, there = tmp_path / "b.tar.gz", elsewhere(settings, tmp_path / "new")

    use(backup, settings, file, with_secret=True)
    use(restore, there, file)

    assert dump(there.database_url) == dump(settings.database_url)
    with sqlite3.connect(tmp_path / "new" / "tracker.db") as db:
        assert db.execute("SELECT sender_id FROM events").fetchall() == [("c.1",)]
    secret = tmp_path / "new" / "secret"
    assert secret.read_text() == "s" * 64
    assert stat.S_IMODE(secret.stat().st_mode) == stat.S_IMODE(file.stat().st_mode) == 0o600
    engine = create_engine(there.database_url)
    with engine.connect() as db, pytest.raises(Exception, match="append-only"):
        db.execute(text("UPDATE decisions SET rung = 9"))
    engine.dispose()


def test_given_no_flag_then_no_secret_is_in_it(settings, use, tmp_path) -> None:
    file = tmp_path / "b.tar.gz"

    told = use(backup, settings, file)
    use(restore, elsewhere(settings, tmp_path / "new"), file)

    assert told["with_secret"] is False
    assert not (tmp_path / "new" / "secret").exists()


def test_given_somebody_who_writes_meanwhile_then_the_copy_is_one_state(
    settings, use, tmp_path
) -> None:
    path = settings.database_url.removeprefix("sqlite:///")
    over, wrote = threading.Event(), []

    def write() -> None:
        with sqlite3.connect(path, timeout=30) as db:
            db.execute("CREATE TABLE pairs (a, b)")
            while not over.is_set() or len(wrote) < 50:
                db.execute("INSERT INTO pairs VALUES (1, 1)")
                db.execute("INSERT INTO pairs VALUES (2, 2)")
                db.commit()
                wrote.append(1)

    thread = threading.Thread(target=write)
    thread.start()
    while not wrote:
        pass
    use(backup, settings, tmp_path / "b.tar.gz")
    over.set()
    thread.join()
    use(restore, elsewhere(settings, tmp_path / "new"), tmp_path / "b.tar.gz")

    with sqlite3.connect(tmp_path / "new" / "amends.db") as db:
        counts = dict(db.execute("SELECT a, count(*) FROM pairs GROUP BY a").fetchall())
    assert counts[1] == counts[2] > 0


def test_given_a_database_there_when_restored_then_refused_without_force(
    settings, use, tmp_path
) -> None:
    file = tmp_path / "b.tar.gz"
    use(backup, settings, file)
    before = dump(settings.database_url)

    with pytest.raises(UsageError, match="--force"):
        use(restore, settings, file)
    use(restore, settings, file, force=True)

    assert dump(settings.database_url) == before


@pytest.mark.parametrize("content", [b"", b"no archive", b"\x1f\x8b broken"])
def test_given_a_file_that_is_no_backup_then_said_and_nothing_changed(
    settings, use, tmp_path, content
) -> None:
    file = tmp_path / "b.tar.gz"
    file.write_bytes(content)

    with pytest.raises(UsageError, match=r"b\.tar\.gz"):
        use(restore, elsewhere(settings, tmp_path / "new"), file)

    assert not (tmp_path / "new" / "amends.db").exists()


def test_given_postgresql_then_pg_dump_is_named(settings, use, tmp_path) -> None:
    there = settings.model_copy(update={"database_url": "postgresql+psycopg://u@h/d"})

    with pytest.raises(UsageError, match="pg_dump"):
        use(backup, there, tmp_path / "b.tar.gz")
