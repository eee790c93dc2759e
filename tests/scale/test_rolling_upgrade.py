"""Machines take the next version one after another while customers talk."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from amends.storage import migrate
from tests.scale.chaos import faults, play, talk
from tests.scale.next_version import REVISION, make_next_version
from tests.support.fleet import Fleet, running_fleet
from tests.support.persistent import account
from tests.support.system import PROJECT

CONVERSATIONS = 3

pytestmark = [
    pytest.mark.skipif(
        not (PROJECT / ".venv-engine" / "bin" / "python").exists(),
        reason="the engine's environment is not set up: make install",
    ),
    pytest.mark.xdist_group("fleet"),
]


def upgrade_one_by_one(fleet: Fleet, project: Path) -> None:
    """Do what docs/how-to/scale-out.md says of an upgrade."""
    done = fleet.amends("up", "database", project=project)
    assert done.returncode == 0, done.stderr
    with fleet.killed("gateway-1"):
        pass  # the version of before starts on the database of the next
    fleet.wait_ready()
    for name in sorted(fleet.machines, reverse=True):  # gateways first: they carry the actions
        machine = fleet.machines[name]
        machine.stop()
        machine.project = project
        machine.start()
        fleet.wait_ready()


def test_given_customers_talking_when_upgraded_then_every_request_and_message_is_answered(
    tmp_path: Path,
) -> None:
    project = make_next_version(tmp_path)
    with running_fleet(tmp_path / "fleet") as fleet, ThreadPoolExecutor(CONVERSATIONS) as pool:
        wanted = account(fleet.db, play(fleet))
        stop = threading.Event()
        talking = [pool.submit(talk, fleet, stop) for _ in range(CONVERSATIONS)]
        try:
            upgrade_one_by_one(fleet, project)
        finally:
            stop.set()
        talked = [each.result() for each in talking]

        assert migrate.current(fleet.postgres.url("amends")) == REVISION
        assert fleet.unanswered == []
        assert [why for each in talked for why in each.gave_up] == []
        played = [one for each in talked for one in each.played]
        assert [found for one in played for found in faults(fleet, one, wanted)] == []
        assert fleet.audit_faults() == []
