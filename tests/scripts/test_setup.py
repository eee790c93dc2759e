"""Set-up does what is missing, skips what is there, and says plainly what it cannot do."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.scripts.loading import load_script

setup = load_script("setup")
package_sources = load_script("package_sources")

# Stands in for uv: writes down how it was called and makes an environment when asked for one.
UV = """#!/bin/sh
echo "$@" >> "{calls}"
if [ "$1" = venv ]; then
    for last; do :; done
    mkdir -p "$last/bin" && ln -sf "{python}" "$last/bin/python"
fi
if [ "$1" = python ]; then exit 1; fi
case "$*" in *engine.lock*) exit {engine_code};; esac
"""


class Machine:
    """A project with lock files, a uv that writes down its calls, and known interpreters."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "project"
        self.calls_file = folder / "calls"
        self.place_uv()
        for name in ("requirements/app.lock", "requirements/dev.lock", "requirements/engine.lock"):
            self.write(name, name)
        self.write("pyproject.toml", "[project]")
        self.write("bot/install.py", "print('written')")

    def place_uv(self, engine_code: int = 0) -> None:
        uv = self.project / ".tools" / "bin" / "uv"
        uv.parent.mkdir(parents=True, exist_ok=True)
        uv.write_text(
            UV.format(calls=self.calls_file, python=sys.executable, engine_code=engine_code)
        )
        uv.chmod(0o755)

    def write(self, name: str, text: str) -> None:
        path = self.project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def set_up(self, dev: bool = False) -> list[str]:
        """Run set-up and return what uv was asked to do."""
        self.calls_file.write_text("")
        environ = {"PATH": "/usr/bin:/bin", "HOME": str(self.project), "UV_INDEX": "file:///none"}
        setup.SetUp(self.project, environ).run(dev=dev)
        return self.calls_file.read_text().splitlines()


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    monkeypatch.setattr(setup, "find_interpreter", lambda versions, environ: f"py{versions[0]}")
    # The stand-in environments hold this test's own Python, whatever its version.
    monkeypatch.setattr(setup, "find_version", lambda python: None)
    return Machine(tmp_path)


class TestSetUp:
    def test_given_a_fresh_clone_then_both_environments_are_installed_by_hash(
        self, machine: Machine
    ) -> None:
        calls = machine.set_up()

        installs = [call for call in calls if "--require-hashes" in call]
        assert [call.split()[-1] for call in calls if call.startswith("venv")] == [
            str(machine.project / ".venv"),
            str(machine.project / ".venv-engine"),
        ]
        assert [call.rsplit("/", 1)[1] for call in installs] == ["app.lock", "engine.lock"]
        assert "--no-deps" in installs[1]
        assert any("--no-build-isolation" in call and " -e " in call for call in calls)

    def test_given_everything_in_place_then_nothing_is_done(self, machine: Machine) -> None:
        machine.set_up()

        assert machine.set_up() == []

    def test_given_a_new_lock_then_only_its_environment_is_installed_again(
        self, machine: Machine
    ) -> None:
        machine.set_up()
        machine.write("requirements/engine.lock", "rasa==3.6.22")

        calls = machine.set_up()

        assert [call.rsplit("/", 1)[1] for call in calls if "--require-hashes" in call] == [
            "engine.lock"
        ]

    def test_given_dev_after_a_plain_run_then_the_tools_are_added_and_stay(
        self, machine: Machine
    ) -> None:
        machine.set_up()

        first = machine.set_up(dev=True)
        then_plain = machine.set_up()
        then_dev = machine.set_up(dev=True)

        assert "dev.lock" in "".join(first)
        assert then_plain == []
        assert then_dev == []

    def test_given_a_failed_installation_then_it_is_tried_again_next_time(
        self, machine: Machine
    ) -> None:
        machine.place_uv(engine_code=1)
        with pytest.raises(setup.SetupError, match=r"`uv pip install` failed"):
            machine.set_up()
        machine.place_uv()

        calls = machine.set_up()

        assert any("engine.lock" in call for call in calls)

    def test_given_no_interpreter_then_one_sentence_says_what_is_missing_and_how_to_get_it(
        self, machine: Machine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(setup, "find_interpreter", lambda versions, environ: None)

        with pytest.raises(setup.SetupError) as refusal:
            machine.set_up()

        sentence = str(refusal.value)
        assert sentence.startswith("Python 3.12 or later is needed for the application")
        assert "pyenv install 3.12" in sentence
        assert "\n" not in sentence


class TestPackageSources:
    def test_given_pip_s_mirror_then_uv_is_told(self) -> None:
        told = package_sources.translate(
            {"index-url": "https://mirror.example/simple", "cert": __file__, "no-color": "true"}
        )

        assert told == {
            "UV_DEFAULT_INDEX": "https://mirror.example/simple",
            "SSL_CERT_FILE": __file__,
        }

    def test_given_folders_then_those_that_are_gone_are_left_out(self, tmp_path: Path) -> None:
        here = tmp_path.as_uri()

        told = package_sources.translate(
            {"extra-index-url": f"\n{here}\nfile:///gone/simple", "find-links": "/gone/wheels"}
        )

        assert told == {"UV_INDEX": here, "UV_INDEX_STRATEGY": "unsafe-best-match"}

    def test_given_uv_s_own_source_then_pip_is_not_asked(self) -> None:
        environ = {"UV_DEFAULT_INDEX": "https://mirror.example/simple"}

        assert package_sources.with_pip_sources(environ, "/nowhere/python") == environ


def test_given_an_old_python_then_the_scripts_still_compile() -> None:
    """Set-up starts under any Python from 3.8: newer syntax must not slip in."""
    import ast

    for path in sorted((setup.PROJECT / "scripts").glob("*.py")):
        ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 8))


def test_given_help_then_it_runs_as_a_program() -> None:
    program = setup.PROJECT / "scripts" / "setup.py"
    done = subprocess.run(
        [sys.executable, str(program), "--help"], capture_output=True, text=True, check=True
    )

    assert "--dev" in done.stdout
