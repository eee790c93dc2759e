"""Everything under a few conversations goes wrong once: each part killed, each way cut.

`make chaos` does the same with 200 conversations for ten minutes.
"""

from pathlib import Path

import pytest

from tests.scale.chaos import Plan, run
from tests.support.fleet import running_fleet
from tests.support.hosts import can_be_made
from tests.support.system import PROJECT

PLAN = Plan(seconds=75, conversations=6, peace=(0.5, 2), away=(1, 4))

pytestmark = [
    pytest.mark.skipif(
        not (PROJECT / ".venv-engine" / "bin" / "python").exists(),
        reason="the engine's environment is not set up: make install",
    ),
    pytest.mark.xdist_group("fleet"),
]


def test_given_all_that_goes_wrong_when_customers_talk_then_the_books_are_as_without_it(
    tmp_path: Path,
) -> None:
    with running_fleet(tmp_path, own_hosts=can_be_made()) as fleet:
        troubles = fleet.troubles()
        outcome = run(fleet, PLAN)

    assert outcome.wrong == []
    assert outcome.conversations > 0
    assert len(outcome.went_wrong) > len(troubles) / 2
