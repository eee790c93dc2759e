"""Make the engine's environment know this checkout: `.venv-engine/bin/python bot/install.py`.

Writes `amends_engine.pth` into that environment's site-packages. The file puts the checkout on
`sys.path`, so that config.yml can name `bot.components.*`, and switches on
`bot.without_tensorflow` where TensorFlow is absent. Plain `rasa train`, `rasa shell` and the
others then work from any folder. Running it again rewrites the same file.
"""

from __future__ import annotations

import sys
import sysconfig
from importlib.machinery import PathFinder
from pathlib import Path

PTH_NAME = "amends_engine.pth"
CHECKOUT = Path(__file__).resolve().parent.parent


def tensorflow_is_installed(site_packages: Path) -> bool:
    """Tell whether a real TensorFlow is there; a stand-in does not count."""
    return PathFinder.find_spec("tensorflow", [str(site_packages)]) is not None


def pth_lines(checkout: Path, tensorflow_present: bool) -> str:
    """Return the text of the .pth file: a path to add and, if needed, a line to run."""
    lines = [str(checkout)]
    if not tensorflow_present:
        lines.append("import bot.without_tensorflow")
    return "\n".join(lines) + "\n"


def install(site_packages: Path, checkout: Path = CHECKOUT) -> Path:
    """Write the .pth file and return its path."""
    target = site_packages / PTH_NAME
    target.write_text(pth_lines(checkout, tensorflow_is_installed(site_packages)), "utf-8")
    return target


def main() -> int:
    """Install into the environment whose Python runs this."""
    if sys.prefix == sys.base_prefix:
        sys.stderr.write("Run this with the engine environment's python, not the system's.\n")
        return 2
    written = install(Path(sysconfig.get_paths()["purelib"]))
    sys.stdout.write(f"{written.name} written: the engine knows this checkout.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
