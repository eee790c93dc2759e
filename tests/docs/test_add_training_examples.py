"""The steps by hand of the page that tells how examples are added, in a copy of the project."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.support.scratch import copied, page, run

PAGE = page("add-training-examples.md")
ENGLISH = "the parcel had been driven over, there is a tyre mark across my lampshade"
CHINESE = "快递盒上有轮胎印，里面的灯罩全压扁了"
WHY = "A parcel that was driven over"


def told(found: str) -> list[str]:
    """Return the arguments of the command of the page that begins like this."""
    command = re.search(rf"`\.venv/bin/amends ({found}[^`]*)`", PAGE)
    assert command, f"the page tells no {found}"
    return shlex.split(command[1])


def amends(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run(project, "-m", "amends.cli.main", *arguments)


def git(project: Path, *arguments: str) -> str:
    who = ["-c", "user.name=Trainer", "-c", "user.email=trainer@example.com"]
    command = ["git", *who, *arguments]
    return subprocess.run(
        command, cwd=project, capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = copied(tmp_path_factory.mktemp("examples"))
    for command in (["init", "--quiet"], ["add", "data"], ["commit", "--quiet", "-m", "Begin"]):
        git(folder, *command)
    git(folder, "config", "user.name", "Trainer")
    git(folder, "config", "user.email", "trainer@example.com")
    return folder


@pytest.mark.parametrize(
    ("text", "language", "file"),
    [(ENGLISH, "en", "data/nlu/items.yml"), (CHINESE, "zh", "data/nlu/zh/items.yml")],
)
def test_given_the_command_of_the_page_then_the_line_stands_in_its_file_as_one_commit(
    project: Path, text: str, language: str, file: str
) -> None:
    *command, text_of_the_page = told("data add")
    assert text_of_the_page == "the message"
    assert "`--language zh`" in PAGE
    assert '`--why "the reason"`' in PAGE

    done = amends(project, *command, text, "--language", language, "--why", WHY)

    place, _, line = done.stdout.splitlines()[-1].partition(":")
    assert place == file, done.stderr
    assert (project / file).read_text(encoding="utf-8").splitlines()[int(line) - 1].endswith(text)
    assert git(project, "log", "-1", "--format=%an: %s") == f"Trainer: {WHY}"
    assert git(project, "show", "--format=", "--name-only", "HEAD") == file


def test_given_what_stands_there_or_is_somebodys_then_refused_with_the_reason(
    project: Path,
) -> None:
    *command, _ = told("data add")
    items = (project / "data/nlu/items.yml").read_text(encoding="utf-8")
    standing = next(line for line in items.splitlines() if line.startswith("    - ")).strip("- ")

    twin = amends(project, *command, standing)
    personal = amends(project, *command, "smashed, write to ann.lee@gmail.com about it")

    assert (twin.returncode, personal.returncode) == (2, 2)
    assert "says almost the same" in twin.stderr
    assert "invented" in personal.stderr
