"""Refresh the lock files in `requirements/` from the `.in` files beside them.

    python3 scripts/lock.py              keep versions that still fit
    python3 scripts/lock.py --upgrade    take the newest that fit

The locks carry versions and hashes only, no addresses: every machine uses its own sources.
"""

from __future__ import annotations

import os
import subprocess
import sys

from interpreters import find_uv
from package_sources import with_pip_sources
from setup import PROJECT

COMMON = ["--generate-hashes", "--no-header", "--no-annotate", "--quiet"]
# The application's locks hold for every platform. The engine's does not: resolved for all
# platforms at once, TensorFlow's old pins would drag NumPy down although it is left out.
LOCKS = {
    "app": ["--universal", "--python-version", "3.12"],
    "dev": ["--universal", "--python-version", "3.12"],
    "engine": ["--python-version", "3.10", "--override", "engine-overrides.txt"],
    "stock": ["--python-version", "3.10"],
}

# What one machine holds beside its main index must not shape a lock for all machines.
EXTRA_SOURCES = ("UV_INDEX", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_INDEX_STRATEGY")


def main(arguments: list[str]) -> int:
    uv = find_uv(PROJECT, dict(os.environ))
    if uv is None:
        print("uv is missing; run `make install` first.", file=sys.stderr)
        return 2
    environ = with_pip_sources(dict(os.environ), sys.executable)
    for extra in EXTRA_SOURCES:
        environ.pop(extra, None)
    for name, options in LOCKS.items():
        print(f"Locking {name}.in.", flush=True)
        command = [uv, "pip", "compile", f"{name}.in", *options, *COMMON, *arguments]
        command += ["--no-emit-index-url", "--no-emit-find-links", "-o", f"{name}.lock"]
        if subprocess.run(command, cwd=PROJECT / "requirements", env=environ).returncode != 0:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
