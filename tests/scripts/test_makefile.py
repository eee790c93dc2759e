"""`make` lists its own targets, and they are few."""

import re
import subprocess

from tests.scripts.loading import PROJECT

MAKEFILE = (PROJECT / "Makefile").read_text(encoding="utf-8")


def test_given_make_alone_then_every_target_is_listed_with_its_sentence() -> None:
    listed = subprocess.run(
        ["make", "--no-print-directory"], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout

    targets = re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE)

    assert {"help", "install", "train", "run", "check", "test", "bench", "lock"} <= set(targets)
    assert len(targets) < 20
    assert [line.split()[0] for line in listed.splitlines()] == targets
    assert all(len(line.split()) > 2 for line in listed.splitlines())
