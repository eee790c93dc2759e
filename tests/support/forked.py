"""Processes of our own program that start at once.

Each is a fork of one small server process, which has imported the program and nothing else: an
import of the desk takes three seconds, and many tests start a desk.
"""

import multiprocessing
import os
import sys
from collections.abc import Mapping
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path

PRELOADED = ["tests.support.many_chats", "amends.desk.__main__", "tests.support.warmed"]


def context() -> ForkServerContext:
    """Return what starts such processes."""
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(PRELOADED)
    return found


def start_desk(environment: Mapping[str, str], log_file: Path) -> BaseProcess:
    """Start the desk as `python -m amends.desk` would, its output in a file."""
    process = context().Process(target=_desk, args=(dict(environment), log_file), daemon=True)
    process.start()
    return process


def _desk(environment: dict[str, str], log_file: Path) -> None:
    from amends.desk.__main__ import main

    os.environ.clear()
    os.environ.update(environment)
    output = os.open(log_file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(output, 1)
    os.dup2(output, 2)
    sys.exit(main())
