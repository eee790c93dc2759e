"""A copy of the project in which a page of the documentation is tried, and its own commands."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
FOLDERS = ("actions", "amends", "bot", "data", "policies", "tests")
FILES = ("domain.yml", "config.yml", "pyproject.toml")


def copied(folder: Path) -> Path:
    """Copy what pages tell to change and to run, without what is large; return the folder."""
    for name in FOLDERS:
        ignored = shutil.ignore_patterns("encoders")
        shutil.copytree(PROJECT / name, folder / name, ignore=ignored)
    for name in FILES:
        shutil.copy(PROJECT / name, folder / name)
    return folder


def page(name: str) -> str:
    return (PROJECT / "docs" / "how-to" / name).read_text(encoding="utf-8")


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a copy, whose modules then are the copy's own."""
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)


def checked(project: Path, text: str) -> subprocess.CompletedProcess[str]:
    """Run the tests that a numbered step of a page tells to run, in its own words."""
    told = re.search(r"^\d\. `\.venv/bin/python (-m pytest [^`]+)`$", text, re.MULTILINE)
    assert told, "the page tells no tests to run"
    return run(project, *shlex.split(told[1]), "-p", "no:cacheprovider", "--tb=line", "-rf")
