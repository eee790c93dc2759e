"""Set the project up: two Python environments, installed from the lock files by hash.

Runs under any Python from 3.8 with nothing installed, and does only what is still missing:

    python3 scripts/setup.py          what `make run` needs
    python3 scripts/setup.py --dev    and what `make test` and `make check` need
    python3 scripts/setup.py --stock  only stock Rasa, for the comparison of `make bench`
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

from interpreters import SetupError, find_interpreter, find_uv
from package_sources import with_pip_sources

PROJECT = Path(__file__).resolve().parent.parent
APP_VERSIONS = ("3.12", "3.13", "3.14")
ENGINE_VERSIONS = ("3.10",)
STAMP = "amends-installed.json"


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Set Amends up on this machine.")
    parser.add_argument("--dev", action="store_true", help="add the tools of tests and checks")
    parser.add_argument("--stock", action="store_true", help="set up stock Rasa, nothing else")
    chosen = parser.parse_args(argv)
    steps = SetUp(PROJECT, dict(os.environ))
    try:
        steps.stock() if chosen.stock else steps.run(dev=chosen.dev)
    except SetupError as error:
        print(f"Set-up stopped: {error}", file=sys.stderr)
        return 2
    return 0


class SetUp:
    """One pass over everything the project needs; each step is skipped when its stamp holds."""

    def __init__(self, project: Path, environ: dict[str, str]) -> None:
        self.project = project
        self.environ = environ
        self.log = project / "var" / "log" / "setup.log"
        self._uv: str | None = None

    def run(self, dev: bool) -> None:
        self._app(dev)
        self._engine()

    def stock(self) -> None:
        """Install Rasa as it comes, TensorFlow included."""
        venv = self.project / ".venv-stock"
        stamp = Stamp(venv, self.project)
        wanted = {"stock.lock": self._digest("requirements/stock.lock")}
        if stamp.holds(wanted):
            return
        python = self._environment(venv, ENGINE_VERSIONS, "stock Rasa")
        self._say("Installing stock Rasa for the comparison (about 2.7 GB).")
        self._install(python, ["stock.lock"])
        stamp.write(wanted)

    def _app(self, dev: bool) -> None:
        venv = self.project / ".venv"
        locks = ["app.lock", "dev.lock"] if dev else ["app.lock"]
        stamp = Stamp(venv, self.project)
        wanted = {name: self._digest(f"requirements/{name}") for name in locks}
        wanted["project"] = self._digest("pyproject.toml")
        if stamp.holds(wanted):
            return
        python = self._environment(venv, APP_VERSIONS, "the application")
        if not stamp.holds({name: wanted[name] for name in locks}):
            self._say("Installing the application's packages.")
            self._install(python, locks)
        options = ["--no-deps", "--no-build-isolation", "--quiet"]
        self._with_uv(["pip", "install", *options, "--python", python, "-e", str(self.project)])
        stamp.write(wanted)

    def _engine(self) -> None:
        venv = self.project / ".venv-engine"
        stamp = Stamp(venv, self.project)
        lock = {"engine.lock": self._digest("requirements/engine.lock")}
        wanted = {**lock, "bot/install.py": self._digest("bot/install.py")}
        if stamp.holds(wanted):
            return
        python = self._environment(venv, ENGINE_VERSIONS, "the engine")
        if not stamp.holds(lock):
            self._say("Installing the engine's packages (about 600 MB).")
            # TensorFlow is left out on purpose, so dependencies are not to be resolved again.
            self._install(python, ["engine.lock"], "--no-deps")
        self._run([python, str(self.project / "bot" / "install.py")])
        stamp.write(wanted)

    def _environment(self, venv: Path, versions: tuple[str, ...], purpose: str) -> str:
        """Return the environment's Python, making the environment first when it is missing."""
        python = str(venv / "bin" / "python")
        if not os.access(python, os.X_OK) or find_version(python) not in versions:
            base = self._interpreter(versions, purpose)
            self._say(f"Making {venv.name} for {purpose} with {base}.")
            self._with_uv(["venv", "--quiet", "--clear", "--python", base, str(venv)])
        return python

    def _interpreter(self, versions: tuple[str, ...], purpose: str) -> str:
        found = find_interpreter(versions, self.environ)
        if found:
            return found
        self._say(f"No Python {versions[0]} found for {purpose}; trying to download one.")
        try:
            self._with_uv(["python", "install", "--quiet", versions[0]])
            return self._with_uv(["python", "find", versions[0]]).strip()
        except SetupError:
            raise SetupError(missing_interpreter(versions, purpose)) from None

    def _install(self, python: str, locks: list[str], *options: str) -> None:
        files = [
            part for name in locks for part in ("-r", str(self.project / "requirements" / name))
        ]
        self._with_uv(
            ["pip", "install", "--quiet", "--python", python, "--require-hashes", *options, *files]
        )

    def _with_uv(self, arguments: list[str]) -> str:
        if self._uv is None:
            self._uv = find_uv(self.project, self.environ) or self._install_uv()
            self.environ = with_pip_sources(self.environ, sys.executable)
        return self._run([self._uv, *arguments])

    def _install_uv(self) -> str:
        tools = self.project / ".tools"
        self._say("Installing uv, the package installer, into .tools.")
        reason: SetupError | None = None
        for base in (sys.executable, find_interpreter(APP_VERSIONS, self.environ)):
            if base is None:
                continue
            try:
                self._run([base, "-m", "venv", "--clear", str(tools)])
                self._run([str(tools / "bin" / "python"), "-m", "pip", "install", "--quiet", "uv"])
                return str(tools / "bin" / "uv")
            except SetupError as error:  # Debian's own python3 may lack venv: try the next
                reason = error
        raise SetupError(
            "uv is not on PATH and could not be installed with pip; install uv "
            f"(`pip install uv`, or your system's package) and run again. {reason}"
        )

    def _run(self, argv: list[str]) -> str:
        """Run one step and return its output; the full output also goes to `var/log/setup.log`."""
        environ = {**self.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        done = subprocess.run(
            argv, env=environ, cwd=self.project, capture_output=True, text=True, check=False
        )
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"$ {' '.join(argv)}\n{done.stdout}{done.stderr}\n")
        if done.returncode != 0:
            tail = "\n".join((done.stderr or done.stdout).strip().splitlines()[-12:])
            name = " ".join([Path(argv[0]).name, *argv[1:3]])
            raise SetupError(f"`{name}` failed; everything it said is in {self.log}.\n{tail}")
        return done.stdout

    def _digest(self, name: str) -> str:
        return hashlib.sha256((self.project / name).read_bytes()).hexdigest()

    def _say(self, sentence: str) -> None:
        print(sentence, flush=True)


class Stamp:
    """What is already installed in an environment, by the digest of the file that asked for it."""

    def __init__(self, venv: Path, project: Path) -> None:
        self._file = venv / STAMP
        self._python = venv / "bin" / "python"
        # Scripts in an environment hold its path: a moved checkout must be installed again.
        self._place = {"place": str(project)}

    def holds(self, wanted: dict[str, str]) -> bool:
        if not self._python.exists():
            return False
        written = self._read()
        return all(written.get(key) == value for key, value in {**wanted, **self._place}.items())

    def write(self, wanted: dict[str, str]) -> None:
        merged = {**self._read(), **wanted, **self._place}
        self._file.write_text(json.dumps(merged, indent=1), encoding="utf-8")

    def _read(self) -> dict[str, str]:
        try:
            return dict(json.loads(self._file.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return {}


def find_version(python: str) -> str | None:
    """Return "3.12" for an interpreter of that version, or None when it does not run."""
    command = [python, "-I", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    try:
        return subprocess.check_output(command, text=True, stderr=subprocess.DEVNULL).strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def missing_interpreter(versions: tuple[str, ...], purpose: str) -> str:
    wanted = versions[0] if len(versions) == 1 else f"{versions[0]} or later"
    return (
        f"Python {wanted} is needed for {purpose} and is neither on PATH, nor in pyenv, nor in the "
        f"system's folders, and could not be downloaded; install it (for example `pyenv install "
        f"{versions[0]}`, or the package python{versions[0]} of your system) and run again."
    )


if __name__ == "__main__":
    sys.exit(main())
