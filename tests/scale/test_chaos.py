"""Whatever dies, nothing is lost and nothing is done twice."""

import os
from pathlib import Path

import pytest

from tests.scale import chaos
from tests.support.fleet import running_fleet

SECONDS = float(os.environ.get("AMENDS_TEST_CHAOS_SECONDS", "60"))
CONVERSATIONS = int(os.environ.get("AMENDS_TEST_CHAOS_CONVERSATIONS", "8"))


@pytest.mark.xdist_group("two-machines")  # never beside the other tests with several engines
@pytest.mark.timeout(SECONDS + 900)
def test_given_every_process_killed_at_random_then_every_book_is_as_without_it(
    tmp_path: Path,
) -> None:
    with running_fleet(tmp_path) as fleet:
        outcome = chaos.run(fleet, chaos.Plan(SECONDS, CONVERSATIONS))

    assert outcome.wrong == []
    assert outcome.conversations >= CONVERSATIONS
    assert len(outcome.killed) >= 3, "hardly anything was killed, so nothing was tested"
