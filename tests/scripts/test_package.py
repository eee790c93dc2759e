"""The built package holds every file the program reads beside its code."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
ROOMS = ("amends", "actions")
BUILD = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
LITTER = shutil.ignore_patterns("__pycache__", "*.egg-info")


def test_given_a_wheel_then_it_holds_every_file_of_the_rooms(tmp_path: Path) -> None:
    source, out = tmp_path / "source", tmp_path / "out"
    for room in ROOMS:
        shutil.copytree(PROJECT / room, source / room, ignore=LITTER)
    shutil.copy(PROJECT / "pyproject.toml", source)
    out.mkdir()

    subprocess.run(
        [sys.executable, "-c", BUILD, str(out)], cwd=source, capture_output=True, check=True
    )

    wanted = {
        file.relative_to(source).as_posix()
        for room in ROOMS
        for file in (source / room).rglob("*")
        if file.is_file()
    }
    (wheel,) = out.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        assert wanted - set(packed.namelist()) == set()
