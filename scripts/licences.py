"""Write `docs/dependencies.md`: every locked package with its version and licence.

    .venv/bin/python scripts/licences.py            write the page
    .venv/bin/python scripts/licences.py --check    say whether the page is true; 1 when it is not

Licences are read from what the installed packages say of themselves. Of locked packages that are
not installed here (another platform's, another environment's) the page keeps what it said before.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
PAGE = PROJECT / "docs" / "dependencies.md"
LOCKS = {"app": ".venv", "dev": ".venv", "engine": ".venv-engine"}
TITLES = {
    "app": "The application: gateway, desk, actions, command line",
    "dev": "For developers and CI besides",
    "engine": "The engine",
}
UNKNOWN = "unknown"
_LOCKED = re.compile(r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)", re.MULTILINE)
_ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|", re.MULTILINE)
_COPYLEFT = re.compile(r"\b(A?GPL|LGPL|MPL|EUPL|CDDL|EPL)|GNU|Mozilla", re.IGNORECASE)
_ASKED = """
import importlib.metadata as m, json
def told(d):
    data = d.metadata
    all_marks = data.get_all("Classifier") or []
    marks = [c.split(" :: ")[-1] for c in all_marks if c.startswith("License ::")]
    marks = [c for c in marks if c != "OSI Approved"]
    field = data.get("License-Expression") or (", ".join(marks)) or (data.get("License") or "")
    return field.strip().splitlines()[0][:80] if field.strip() else ""
print(json.dumps({d.metadata["Name"]: told(d) for d in m.distributions()}))
"""

STATED = {"colorama": "BSD-3-Clause", "pyreadline3": "BSD-3-Clause", "tzdata": "Apache-2.0"}
"""Of packages that say nothing in their metadata, or belong to another platform."""

REVIEWED = {
    "bidict": "MPL-2.0: used as it is.",
    "docutils": "GPL for one emacs file alone, unused; else in the public domain.",
    "marisa-trie": "MIT; of its core BSD-2-Clause is taken.",
    "pytest-rerunfailures": "MPL-2.0: used as it is, by developers.",
    "certifi": "MPL-2.0: its list of certificates is used as it is.",
    "pathspec": "MPL-2.0: used as it is, by developers.",
    "hypothesis": "MPL-2.0: used as it is, by developers.",
    "psycopg": "LGPL-3.0: used as a library that anybody may exchange.",
    "psycopg-binary": "LGPL-3.0: used as a library that anybody may exchange.",
    "psycopg2-binary": "LGPL-3.0 with exceptions: used as a library that anybody may exchange.",
    "tqdm": "MPL-2.0 and MIT: used as it is.",
    "orjson": "MPL-2.0 or Apache-2.0 or MIT: we take Apache-2.0.",
}
"""Copyleft that was looked at, and why it binds nothing of ours."""


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(name: str) -> dict[str, str]:
    text = (PROJECT / "requirements" / f"{name}.lock").read_text("utf-8")
    return {normal(package): version for package, version in _LOCKED.findall(text)}


def installed(environment: str) -> dict[str, str]:
    """Return licences by package, as the packages of an environment state them."""
    python = PROJECT / environment / "bin" / "python"
    if not python.exists():
        return {}
    done = subprocess.run([python, "-c", _ASKED], capture_output=True, text=True, check=True)
    return {normal(name): licence for name, licence in json.loads(done.stdout).items() if licence}


def flagged(package: str, licence: str) -> str:
    """Return what is to be known of a licence; empty when it asks for no more than our thanks."""
    if licence == UNKNOWN:
        return "**unknown: look it up**"
    if _COPYLEFT.search(licence):
        return REVIEWED.get(package, "**copyleft: look at it**")
    return ""


def page() -> str:
    kept = _kept()
    parts = [
        "# Dependencies\n\n"
        "Every package of the lock files, with what it says of its own licence.\n"
        "`.venv/bin/python scripts/licences.py` writes this page, and a test keeps it true.\n"
        "Copyleft and unknown licences are named in the last column.\n"
    ]
    seen: set[str] = set()
    for lock, environment in LOCKS.items():
        found = installed(environment)
        rows = []
        for package, version in sorted(locked(lock).items()):
            if lock == "dev" and package in seen:
                continue
            known = found.get(package) or kept.get(package) or STATED.get(package)
            licence = known or UNKNOWN
            licence = licence.replace("|", "or")
            rows.append(f"| {package} | {version} | {licence} | {flagged(package, licence)} |")
            seen.add(package)
        head = "| package | version | licence | to be known |\n|---|---|---|---|\n"
        parts.append(f"\n## {TITLES[lock]}\n\n{head}" + "\n".join(rows) + "\n")
    return "".join(parts)


def _kept() -> dict[str, str]:
    if not PAGE.exists():
        return {}
    rows = _ROW.findall(PAGE.read_text("utf-8"))
    return {package: licence for package, _, licence in rows if licence != UNKNOWN}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing, only compare")
    if not parser.parse_args(arguments).check:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text("utf-8") == page():
        return 0
    print("docs/dependencies.md is not true; run scripts/licences.py.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
