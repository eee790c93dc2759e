"""A fresh, migrated SQLite database for any test, in a few milliseconds.

    from tests.support.database import database, fresh_database  # noqa: F401

`fresh_database(tmp_path)` opens one; the fixture `database` opens and closes one.
"""

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from amends.storage import Database
from amends.storage.migrate import upgrade


def fresh_database(tmp_path: Path, name: str = "amends.db") -> Database:
    """Return an empty database with all tables; the caller closes it."""
    return Database(fresh_url(tmp_path, name))


def fresh_url(tmp_path: Path, name: str = "amends.db") -> str:
    """Return the URL of an empty database with all tables."""
    file = tmp_path / name
    shutil.copyfile(_template(), file)
    return f"sqlite:///{file}"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = fresh_database(tmp_path)
    yield opened
    opened.close()


@cache
def _template() -> Path:
    """Migrate once per test process; closing the last connection empties the log into the file."""
    folder = Path(tempfile.mkdtemp(prefix="amends-template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = folder / "template.db"
    upgrade(f"sqlite:///{file}")
    return file
