"""Work in the background: told step by step, cancelled, cut off, begun anew."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from amends.training.promotion import use_cases
from amends.training.promotion.model import StepState, Work, WorkState
from amends.training.promotion.use_cases import LEASE
from amends.wiring import model_work
from amends.wiring.app import App
from amends.wiring.model_work import command_of, do_model_work, work_once
from tests.support.shop import Shop
from tests.training.promotion.samples import examination
from tests.wiring.model_steps import app_with_models

# Stands in for `amends models examine`: tells what a file says, line by line.
COMMAND = """
import sys, time
for line in open(sys.argv[1]):
    if line.startswith("sleep"):
        time.sleep(600)
    if line.startswith("fail"):
        sys.exit("amends: the model could not be trained; see the log.")
    print(line, end="", flush=True)
"""


def steps(*pairs: tuple[str, str]) -> str:
    told = [
        {
            "key": key,
            "state": state,
            "started_at": None,
            "seconds": None,
            "detail": "",
            "output": "",
        }
        for key, state in pairs
    ]
    return json.dumps({"steps": told})


@pytest.fixture
def app(shop: Shop, tmp_path: Path) -> App:
    return app_with_models(shop, tmp_path / "models", "http://127.0.0.1:9", "amends-new")


@pytest.fixture
def tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let the command tell these lines."""
    file, script = tmp_path / "told", tmp_path / "command.py"
    script.write_text(COMMAND)
    command = [sys.executable, str(script), str(file)]
    monkeypatch.setattr(model_work, "command_of", lambda work: command)
    monkeypatch.setattr(model_work, "LOOK_SECONDS", 0.05)
    return lambda *lines: file.write_text("\n".join(lines) + "\n") and None


def asked(app: App) -> str:
    with app.db.write() as uow:
        work = use_cases.ask_for_work(uow, None, 0, "s-ana", app.clock())
        uow.commit()
        return work.id


def stored(app: App) -> Work:
    with app.db.read() as uow:
        found = uow.model_work.latest()
    assert found is not None
    return found


def until(holds: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < give_up, "it did not happen in time"
        time.sleep(0.02)


class TestWork:
    def test_given_work_then_its_steps_and_its_result_are_stored(
        self, app: App, tells: Callable[..., None]
    ) -> None:
        with app.db.write() as uow:
            uow.models.add_examination(examination())
            uow.commit()
        tells(
            steps(("training", "running")),
            "a line that somebody else printed",
            steps(("training", "passed"), ("validation", "failed")),
            json.dumps({"model": "amends-new", "examination": "x1"}),
        )
        asked(app)

        work_once(app)

        found = stored(app)
        assert found.state is WorkState.DONE
        assert (found.result, found.examination) == ("amends-new", "x1")
        assert [one.state for one in found.steps] == [StepState.PASSED, StepState.FAILED]

    def test_given_a_command_that_fails_then_its_last_words_are_kept(
        self, app: App, tells: Callable[..., None]
    ) -> None:
        tells(steps(("training", "running"), ("validation", "waiting")), "fail")
        asked(app)

        work_once(app)

        found = stored(app)
        assert found.state is WorkState.FAILED
        assert found.error == "the model could not be trained; see the log."
        assert [one.state for one in found.steps] == [StepState.FAILED, StepState.SKIPPED]

    def test_given_work_under_way_when_cancelled_then_its_process_ends(
        self, app: App, tells: Callable[..., None]
    ) -> None:
        tells(steps(("training", "running")), "sleep")
        work_id = asked(app)
        assert do_model_work(app) == 1
        until(lambda: bool(stored(app).steps))

        with app.db.write() as uow:
            uow.model_work.cancel(work_id, app.clock())
            uow.commit()

        assert app.lanes.idle(20)
        assert stored(app).state is WorkState.CANCELLED

    def test_given_work_under_way_then_no_second_begins_beside_it(
        self, app: App, tells: Callable[..., None]
    ) -> None:
        tells(steps(("training", "running")), "sleep")
        work_id = asked(app)
        do_model_work(app)
        until(lambda: bool(stored(app).steps))

        assert do_model_work(app) == 0
        assert stored(app).attempts == 1

        with app.db.write() as uow:
            uow.model_work.cancel(work_id, app.clock())
            uow.commit()
        assert app.lanes.idle(20)

    def test_given_a_holder_that_is_gone_then_another_begins_anew(
        self, shop: Shop, app: App, tells: Callable[..., None]
    ) -> None:
        with app.db.write() as uow:
            uow.models.add_examination(examination())
            uow.commit()
        tells(json.dumps({"model": "amends-new", "examination": "x1"}))
        asked(app)
        with app.db.write() as uow:
            assert use_cases.claim_work(uow, "a process that was killed", app.clock())
            uow.commit()
        assert do_model_work(app) == 0

        shop.clock.forward(seconds=LEASE.total_seconds())

        assert do_model_work(app) == 1
        assert app.lanes.idle(20)
        found = stored(app)
        assert (found.state, found.attempts) == (WorkState.DONE, 2)

    def test_given_nothing_to_do_then_nothing_begins(self, app: App) -> None:
        assert do_model_work(app) == 0


class TestCommand:
    def test_given_a_model_and_folds_then_both_are_named(self, app: App) -> None:
        work = Work("w1", "amends-new", 3, app.clock(), "s-ana")

        given = command_of(work)

        assert given[3:] == [
            *("models", "examine", "amends-new", "--folds", "3", "--by", "s-ana", "--progress")
        ]

    def test_given_neither_then_the_present_files_are_trained_without_cross_validation(
        self, app: App
    ) -> None:
        given = command_of(Work("w1", None, 0, app.clock(), "s-ana"))

        assert "--skip-cross-validation" in given
        assert given[4:6] == ["examine", "--skip-cross-validation"]


def test_given_the_thread_that_works_is_gone_then_so_is_the_process(tmp_path: Path) -> None:
    children: list[subprocess.Popen[str]] = []

    def work() -> None:
        with (tmp_path / "noise").open("w+b") as noise:
            command = [sys.executable, "-c", "import time; time.sleep(600)"]
            children.append(model_work._started(command, noise))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    with children[0] as child:
        until(lambda: child.poll() is not None)
