"""The model's name follows from everything that shapes it, and from nothing else."""

from pathlib import Path

import pytest

from amends.wiring.model import ProjectFilesError, current_model, fingerprint
from amends.wiring.settings import Settings

SHAPING = (
    "data/nlu/late.yml",
    "data/rules/late.yml",
    "domain.yml",
    "config.yml",
    "bot/components/reader.py",
    "bot/encoders/ours/model.onnx.sha256",
    "requirements/engine.lock",
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in SHAPING:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


@pytest.mark.parametrize("name", SHAPING)
def test_given_a_change_in_what_shapes_the_model_then_another_fingerprint(
    project: Path, name: str
) -> None:
    before = fingerprint(project)

    (project / name).write_text("changed")

    assert fingerprint(project) != before


def test_given_a_file_moved_added_or_removed_then_another_fingerprint(project: Path) -> None:
    seen = {fingerprint(project)}

    (project / "data/nlu/late.yml").rename(project / "data/nlu/tardy.yml")
    seen.add(fingerprint(project))
    (project / "data/nlu/lost.yml").touch()
    seen.add(fingerprint(project))
    (project / "data/rules/late.yml").unlink()
    seen.add(fingerprint(project))

    assert len(seen) == 4


def test_given_litter_or_other_files_then_the_same_fingerprint(project: Path) -> None:
    before = fingerprint(project)

    (project / "README.md").write_text("hello")
    (project / "bot/components/__pycache__").mkdir()
    (project / "bot/components/__pycache__/reader.pyc").write_text("x")
    (project / "data/nlu/.late.yml.swp").write_text("x")
    (project / "bot/encoders/ours/model.onnx").write_text("its checksum stands beside it")

    assert fingerprint(project) == before


def test_given_the_same_files_elsewhere_then_the_same_model_name(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    copy = tmp_path_factory.mktemp("copy") / "project"
    import shutil

    shutil.copytree(project, copy)

    names = {current_model(Settings(project_dir=each)).name for each in (project, copy)}

    assert len(names) == 1
    assert names.pop().startswith("amends-")


def test_given_a_missing_file_then_it_is_named(project: Path) -> None:
    (project / "config.yml").unlink()

    with pytest.raises(ProjectFilesError, match=r"config\.yml is missing"):
        fingerprint(project)
