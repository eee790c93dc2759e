"""Set-up finds an interpreter that really runs, wherever the machine keeps it."""

import os
import sys
from pathlib import Path

import pytest

from tests.scripts.loading import load_script

interpreters = load_script("interpreters")


def place_python(path: Path, version: str) -> str:
    """Put a program there that answers the probe as a Python of this version would."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho {version}\necho {path}\n")
    path.chmod(0o755)
    return str(path)


def place_dead_shim(path: Path) -> None:
    """Put a pyenv shim there for a version that is not switched on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\necho 'pyenv: command not found' >&2\nexit 127\n")
    path.chmod(0o755)


@pytest.fixture(autouse=True)
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreters, "SYSTEM_FOLDERS", (str(tmp_path / "usr"),))
    monkeypatch.setattr(sys, "executable", "/nowhere/python")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "home").mkdir()
    return {"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path / "home")}


class TestFindInterpreter:
    def test_given_the_version_on_path_then_its_true_place(
        self, tmp_path: Path, environ: dict[str, str]
    ) -> None:
        there = place_python(tmp_path / "bin" / "python3.10", "3.10")

        assert interpreters.find_interpreter(("3.10",), environ) == there

    def test_given_only_a_plain_name_of_the_right_version_then_it_is_taken(
        self, tmp_path: Path, environ: dict[str, str]
    ) -> None:
        there = place_python(tmp_path / "bin" / "python3", "3.12")

        assert interpreters.find_interpreter(("3.12", "3.13"), environ) == there

    def test_given_a_shim_that_does_not_run_then_pyenv_s_own_folder_is_searched(
        self, tmp_path: Path, environ: dict[str, str]
    ) -> None:
        place_dead_shim(tmp_path / "bin" / "python3.10")
        versions = tmp_path / "home" / ".pyenv" / "versions"
        there = place_python(versions / "3.10.13" / "bin" / "python", "3.10")
        place_python(versions / "3.9.18" / "bin" / "python", "3.9")

        assert interpreters.find_interpreter(("3.10",), environ) == there

    def test_given_pyenv_elsewhere_then_its_root_is_honoured(
        self, tmp_path: Path, environ: dict[str, str]
    ) -> None:
        there = place_python(tmp_path / "p" / "versions" / "3.12.1" / "bin" / "python", "3.12")

        found = interpreters.find_interpreter(
            ("3.12",), {**environ, "PYENV_ROOT": str(tmp_path / "p")}
        )

        assert found == there

    def test_given_a_name_that_lies_about_its_version_then_it_is_passed_over(
        self, tmp_path: Path, environ: dict[str, str]
    ) -> None:
        place_python(tmp_path / "bin" / "python3.10", "3.9")
        there = place_python(tmp_path / "usr" / "python3.10", "3.10")

        assert interpreters.find_interpreter(("3.10",), environ) == there

    def test_given_several_versions_then_the_first_wanted_wins(
        self, tmp_path: Path, environ: dict[str, str]
    ) -> None:
        place_python(tmp_path / "bin" / "python3.13", "3.13")
        there = place_python(tmp_path / "usr" / "python3.12", "3.12")

        assert interpreters.find_interpreter(("3.12", "3.13"), environ) == there

    def test_given_nothing_that_fits_then_none(
        self, tmp_path: Path, environ: dict[str, str]
    ) -> None:
        place_python(tmp_path / "bin" / "python3", "3.11")
        place_dead_shim(tmp_path / "bin" / "python3.12")

        assert interpreters.find_interpreter(("3.12", "3.13"), environ) is None


class TestFindUv:
    def test_given_uv_on_path_that_does_not_run_then_the_private_one(
        self, tmp_path: Path, environ: dict[str, str]
    ) -> None:
        place_dead_shim(tmp_path / "bin" / "uv")
        there = place_python(tmp_path / ".tools" / "bin" / "uv", "1")

        assert interpreters.find_uv(tmp_path, environ) == there

    def test_given_no_uv_then_none(self, tmp_path: Path, environ: dict[str, str]) -> None:
        assert interpreters.find_uv(tmp_path, environ) is None


def test_given_this_machine_then_the_probe_reads_a_real_interpreter(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.path.realpath("/proc/self/exe")
    monkeypatch.setattr(sys, "executable", real)
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"

    assert interpreters.find_interpreter((version,), environ) == real
