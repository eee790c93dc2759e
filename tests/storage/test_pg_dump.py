"""The documented commands make a backup of PostgreSQL that comes back whole."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text

from amends.storage import Database
from amends.storage.migrate import is_behind
from amends.storage.tables import METADATA
from amends.wiring.settings import PROJECT_DIR
from tests.storage.conftest import POSTGRES, empty_tables, run_as_admin, without
from tests.storage.samples import given

GUIDE = PROJECT_DIR / "docs" / "how-to" / "operate.md"


def documented(tool: str) -> str:
    """Return the command line of the guide that begins with this tool."""
    found = re.search(rf"`({tool} [^`]+)`", GUIDE.read_text("utf-8"))
    assert found, tool
    return found[1]


def run(command: str, folder: Path, url: str) -> None:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env={**os.environ, "URL": plain},
        capture_output=True,
        text=True,
        check=False,
    )
    if "server version mismatch" in done.stderr:
        without("pg_dump is older than the server")
    assert done.returncode == 0, done.stderr


def rows(url: str) -> dict[str, list[str]]:
    engine = create_engine(url)
    with engine.connect() as db:
        found = {
            name: sorted(str(row) for row in db.execute(text(f"SELECT * FROM {name}")))
            for name in METADATA.tables
        }
    engine.dispose()
    return found


def test_given_a_dump_when_restored_elsewhere_then_identical(
    postgres_url: str, tmp_path: Path
) -> None:
    if shutil.which("pg_dump") is None:
        without("no pg_dump, which PostgreSQL's own packages bring")
    empty_tables(postgres_url)
    db = Database(postgres_url)
    given(db, case_ids=("k1",))
    db.close()
    name = f"amends_test_{uuid4().hex[:12]}"
    run_as_admin(f"CREATE DATABASE {name}")
    there = make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    try:
        run(documented("pg_dump"), tmp_path, postgres_url)
        run(documented("pg_restore"), tmp_path, there)

        assert rows(there) == rows(postgres_url)
        assert not is_behind(there)
        engine = create_engine(there)
        with engine.connect() as db_there, pytest.raises(Exception, match="append-only"):
            db_there.execute(text("UPDATE messages SET text = 'never said'"))
        engine.dispose()
    finally:
        run_as_admin(f"DROP DATABASE {name} WITH (FORCE)")
