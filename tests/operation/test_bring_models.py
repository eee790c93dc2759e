"""What a container does first: the image's models come into the shared folder, whole."""

import os
import subprocess
import time
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "deploy" / "bring-models.sh"


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A project's folder with a model that came with the image, and an empty shared folder."""
    shipped = tmp_path / "shipped-models"
    shipped.mkdir()
    (shipped / "amends-new.tar.gz").write_bytes(b"the new model")
    (shipped / "amends-new.training.json").write_text("{}")
    (tmp_path / "models").mkdir()
    return tmp_path


def start(image: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if name == "PATH"}
    return subprocess.run(
        ["sh", str(SCRIPT), *command],
        cwd=image,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def held(image: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (image / "models").iterdir()}


def test_given_models_that_are_missing_then_they_come_and_the_program_starts(image: Path) -> None:
    (image / "models" / "amends-old.tar.gz").write_bytes(b"the old model")

    done = start(image, "echo", "up", "an engine")

    assert (done.returncode, done.stdout, done.stderr) == (0, "up an engine\n", "")
    assert held(image) == {
        "amends-old.tar.gz": b"the old model",
        "amends-new.tar.gz": b"the new model",
        "amends-new.training.json": b"{}",
    }


def test_given_a_model_that_is_there_then_it_stays(image: Path) -> None:
    (image / "models" / "amends-new.tar.gz").write_bytes(b"trained here")

    assert start(image, "true").returncode == 0

    assert held(image)["amends-new.tar.gz"] == b"trained here"


def test_given_a_copy_that_was_killed_then_the_model_comes_whole(image: Path) -> None:
    torn = image / "models" / ".coming-abc123"
    torn.write_bytes(b"the new")

    assert start(image, "true").returncode == 0
    assert held(image)["amends-new.tar.gz"] == b"the new model"
    assert torn.exists()  # it may be another container's, which is still copying

    long_ago = time.time() - 2 * 3600
    os.utime(torn, (long_ago, long_ago))
    assert start(image, "true").returncode == 0
    assert not torn.exists()


def test_given_a_folder_that_is_not_there_then_nothing_starts(image: Path) -> None:
    (image / "models").rmdir()

    done = start(image, "echo", "up")

    assert done.returncode != 0
    assert done.stdout == ""


def test_given_a_program_that_fails_then_its_code_is_the_container_s(image: Path) -> None:
    assert start(image, "sh", "-c", "exit 7").returncode == 7
