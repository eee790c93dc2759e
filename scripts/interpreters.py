"""Find the Python interpreters and the installer that set-up needs, on whatever machine this is."""

from __future__ import annotations

import glob
import os
import subprocess
import sys
from pathlib import Path

PROBE = "import sys; print('%d.%d' % sys.version_info[:2]); print(sys.executable)"
PROBE_SECONDS = 20
SYSTEM_FOLDERS = ("/usr/bin", "/usr/local/bin", "/opt/homebrew/bin", "/opt/local/bin")


class SetupError(Exception):
    """Set-up cannot go on; the text is one sentence that says what to do."""


def find_interpreter(versions: tuple[str, ...], environ: dict[str, str]) -> str | None:
    """Return a Python of the first version that is really there, or None.

    A name on PATH proves nothing: a pyenv shim exists for versions that are not switched on,
    so each candidate is started and asked.

    Args:
        versions: Wanted versions such as "3.12", best first.
        environ: Supplies PATH, HOME and PYENV_ROOT.
    """
    for version in versions:
        asked = set()
        for candidate in _candidates(version, environ):
            if candidate in asked or not os.access(candidate, os.X_OK):
                continue
            asked.add(candidate)
            found = _ask(candidate, environ)
            if found and found[0] == version:
                return found[1]
    return None


def find_uv(project: Path, environ: dict[str, str]) -> str | None:
    """Return the `uv` on PATH or the private one in `.tools`, whichever runs."""
    folders = [*_path_folders(environ), str(project / ".tools" / "bin")]
    for folder in folders:
        candidate = os.path.join(folder, "uv")
        if os.access(candidate, os.X_OK) and _runs([candidate, "--version"], environ):
            return candidate
    return None


def _candidates(version: str, environ: dict[str, str]) -> list[str]:
    names = [f"python{version}", "python3", "python"]
    on_path = [os.path.join(folder, name) for name in names for folder in _path_folders(environ)]
    home = environ.get("HOME", os.path.expanduser("~"))
    pyenv = environ.get("PYENV_ROOT") or os.path.join(home, ".pyenv")
    managed = os.path.join(home, ".local", "share", "uv", "python")
    kept = [
        *_newest_first(os.path.join(pyenv, "versions", f"{version}*", "bin", "python")),
        *_newest_first(os.path.join(managed, f"cpython-{version}*", "bin", f"python{version}")),
    ]
    system = [os.path.join(folder, f"python{version}") for folder in SYSTEM_FOLDERS]
    return [sys.executable, *on_path, *kept, *system]


def _newest_first(pattern: str) -> list[str]:
    return sorted(glob.glob(pattern), reverse=True)


def _path_folders(environ: dict[str, str]) -> list[str]:
    return [folder for folder in environ.get("PATH", "").split(os.pathsep) if folder]


def _ask(candidate: str, environ: dict[str, str]) -> tuple[str, str] | None:
    """Return the version and true place of an interpreter, or None when it does not run."""
    try:
        answer = subprocess.run(
            [candidate, "-I", "-c", PROBE],
            env=environ,
            capture_output=True,
            text=True,
            timeout=PROBE_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    lines = answer.stdout.split("\n")
    return (lines[0], lines[1]) if answer.returncode == 0 and len(lines) > 1 else None


def _runs(argv: list[str], environ: dict[str, str]) -> bool:
    try:
        answer = subprocess.run(
            argv, env=environ, capture_output=True, timeout=PROBE_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0
