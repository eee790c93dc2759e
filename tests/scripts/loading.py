"""Load a module of `scripts/`, which is a folder of programs and not a package."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

PROJECT = Path(__file__).resolve().parents[2]


def load_script(name: str) -> ModuleType:
    folder = str(PROJECT / "scripts")
    if folder not in sys.path:
        sys.path.append(folder)
    return importlib.import_module(name)
