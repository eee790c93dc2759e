"""The real system: one for most tests, one of their own for tests that break it.

With several test workers, all tests of the shared system run on one of them and those with a
system of their own on another, so that no more than two systems run at once.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.system import System, running_system

OWN_SYSTEM = "own_system"
_running: list[System] = []


@pytest.hookimpl(tryfirst=True)  # before the workers are told the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            names = getattr(item, "fixturenames", ())
            item.add_marker(pytest.mark.xdist_group("own" if OWN_SYSTEM in names else "shared"))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Stop where the groups have no effect: a machine would start systems until none is quick."""
    own = [item for item in session.items if OWN_SYSTEM in getattr(item, "fixturenames", ())]
    if getattr(session.config.option, "loadgroup", False) and own and "@" not in own[0].nodeid:
        raise pytest.UsageError("pytest-xdist does not group tests with this version of pytest")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    report = yield
    if report.failed and item.path.parent == Path(__file__).parent:
        for system in _running:
            for name, tail in system.log_tails().items():
                report.sections.append((f"{system.folder.name}: end of {name}", tail))
    return report


def _run(folder: Path, **settings: object) -> Iterator[System]:
    with running_system(folder, **settings) as system:
        _running.append(system)
        try:
            yield system
        finally:
            _running.remove(system)


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """The system that all share. Leave it as it is: end no process, change no row of others."""
    yield from _run(tmp_path_factory.mktemp("shared"))


@pytest.fixture
def own_system(tmp_path: Path) -> Iterator[System]:
    """A system whose processes the test may kill; the supervisor starts them again at once."""
    yield from _run(tmp_path / "own", restart_pause_seconds=0.05)


@pytest.fixture
def late_order(system: System) -> str:
    """The number of an order that is six days late."""
    return system.copy_order("10045")


@pytest.fixture
def order_on_time(system: System) -> str:
    return system.copy_order("10050")
