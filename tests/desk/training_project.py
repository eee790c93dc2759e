"""A copy of the project's training files, for pages that write them."""

import shutil
from pathlib import Path

from tests.desk.conftest import PROJECT

FILES = ("domain.yml", "config.yml", "requirements/engine.lock", "amends/cases/categories.yml")
FOLDERS = ("data", "tests/conversations", "policies")


def copy_project(folder: Path) -> Path:
    """Copy what trainers change, and what the desk reads beside it; return the folder."""
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / name, folder / name)
    for name in FOLDERS:
        shutil.copytree(PROJECT / name, folder / name)
    (folder / "bot").symlink_to(PROJECT / "bot")
    (folder / "actions").symlink_to(PROJECT / "actions")
    return folder


def settings_of(folder: Path) -> dict[str, str]:
    return {
        "AMENDS_PROJECT_DIR": str(folder),
        "AMENDS_MODELS_DIR": str(PROJECT / "models"),
        "AMENDS_ENGINE_PYTHON": str(PROJECT / ".venv-engine/bin/python"),
    }
