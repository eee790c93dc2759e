"""Dozens of chats at once in four processes that are killed at random: the books are right.

Fifty of them are about forty orders of one customer. When all is done, the ledger's steps are
played back in order; while it goes on, snapshots of the database are added up.
"""

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import create_engine

from amends.storage import Database
from tests.storage.ledger_checks import CHECKS, FEWEST_KILLS, Run, look_into_the_books
from tests.support.forked import context
from tests.support.many_chats import Stage, prepare, work

PROCESSES = 4
KILLS = 2 * FEWEST_KILLS
LONGEST_SECONDS = 240.0  # a busy machine is slow, not broken
SEED = int(os.environ.get("AMENDS_TEST_SEED", "20260304"))


@pytest.fixture
def run(db: Database, url: str, tmp_path: Path) -> Iterator[Run]:
    """Everything done once, on one database; its seed is named when something is wrong."""
    prepare(db)
    engine = create_engine(url)
    yield _carry_on(Stage(url, tmp_path, SEED, time.time()), Run(tmp_path, engine))
    engine.dispose()


def test_given_many_chats_and_killed_processes_when_all_is_done_then_the_books_are_right(
    run: Run,
) -> None:
    for check in CHECKS:
        with named(check.__name__.strip("_").replace("_", " ")):
            check(run)


@contextmanager
def named(what: str) -> Iterator[None]:
    """Say with what seed it went wrong."""
    try:
        yield
    except AssertionError as error:
        error.add_note(f"AMENDS_TEST_SEED={SEED}: {what}")
        raise


def _carry_on(stage: Stage, run: Run) -> Run:
    """Let the processes work, kill one now and then, and look into the books meanwhile."""
    processes = context()
    rng, lives = Random(stage.seed), Counter[int]()

    def start(number: int) -> BaseProcess:
        lives[number] += 1
        process = processes.Process(target=work, args=(stage, number, lives[number]), daemon=True)
        process.start()
        return process

    workers = {number: start(number) for number in range(PROCESSES)}
    next_kill, give_up = time.monotonic() + 0.5, time.monotonic() + LONGEST_SECONDS
    try:
        while workers:
            with named("caps at one moment"):
                look_into_the_books(run)
            if run.kills < KILLS and time.monotonic() > next_kill:
                victim = rng.choice(sorted(workers))
                run.kills += _kill(workers[victim])
                workers[victim] = start(victim)
                next_kill = time.monotonic() + rng.uniform(0.1, 0.6)
            for number, process in list(workers.items()):
                if process.exitcode is not None:
                    assert process.exitcode == 0, _words_of(stage, number)
                    del workers[number]
            assert time.monotonic() < give_up, f"AMENDS_TEST_SEED={SEED}: it does not end"
            time.sleep(0.02)
        with named("caps at the end"):
            look_into_the_books(run)
    finally:
        for process in workers.values():
            process.kill()
            process.join()
    return run


def _kill(process: BaseProcess) -> bool:
    """End a process as a power cut would; False when it had ended by itself."""
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    return process.exitcode == -signal.SIGKILL


def _words_of(stage: Stage, number: int) -> str:
    left = sorted(stage.folder.glob(f"worker-{number}-*.err"))
    return f"AMENDS_TEST_SEED={SEED}: " + "\n".join(file.read_text() for file in left)
