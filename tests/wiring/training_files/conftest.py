"""A project of two training files, in git or without, and a database for the record."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from amends.storage import Database
from amends.storage.migrate import upgrade
from amends.wiring.training_files import TrainingFiles
from tests.wiring.training_files.steps import BEFORE, files_of, git


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    for path, text in BEFORE.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())
    return folder


@pytest.fixture
def url(tmp_path: Path) -> str:
    made = f"sqlite:///{tmp_path / 'amends.db'}"
    upgrade(made)
    return made


@pytest.fixture
def db(url: str) -> Iterator[Database]:
    opened = Database(url)
    yield opened
    opened.close()


@pytest.fixture
def files(project: Path, db: Database) -> TrainingFiles:
    return files_of(project, db)


@pytest.fixture
def repository(project: Path) -> Path:
    git(project, "init", "-q", "-b", "main")
    git(project, "add", ".")
    git(project, "commit", "-qm", "Begin")
    return project
