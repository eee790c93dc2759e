"""Serving leaves out what it never uses, and says so when it is used all the same."""

from __future__ import annotations

import subprocess
import sys


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, timeout=60
    )


LEAVE_OUT = (
    "import sys; from bot.serve import UNUSED; from bot.without_tensorflow import StandIns; "
    "sys.meta_path.insert(0, StandIns(UNUSED)); "
)


def test_rasa_imports_with_the_stand_ins_and_loads_none_of_the_real_libraries() -> None:
    done = run(
        LEAVE_OUT + "import rasa.__main__, rasa.core.run, bot.channel; "
        "print(sum(hasattr(sys.modules.get(name), '__file__') for name in UNUSED))"
    )

    assert done.stdout.strip() == "0", done.stderr[-2000:]


def test_what_is_called_all_the_same_says_that_it_was_left_out() -> None:
    done = run(LEAVE_OUT + "import pymongo; pymongo.MongoClient()")

    assert "pymongo.MongoClient was called, but the engine serves without it" in done.stderr
