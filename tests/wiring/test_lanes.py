"""Slow work goes on beside the jobs: one piece per lane, so many lanes at once."""

import threading
from collections.abc import MutableMapping
from typing import Any

from amends.wiring.lanes import Lanes


class TestLanes:
    def test_given_a_busy_lane_when_started_again_then_refused_until_it_is_free(self) -> None:
        lanes, gate = Lanes(), threading.Event()

        assert lanes.start("web", "a", lambda: gate.wait(10))
        assert not lanes.start("web", "a", lambda: None)
        assert lanes.start("web", "b", lambda: None), "another lane is not held up"

        gate.set()
        assert lanes.idle(5)
        assert lanes.start("web", "a", lambda: None)
        assert lanes.idle(5)

    def test_given_every_place_is_taken_when_started_then_refused(self) -> None:
        lanes, gate = Lanes(at_once=2), threading.Event()

        started = [lanes.start("web", key, lambda: gate.wait(10)) for key in "abc"]

        assert started == [True, True, False]
        assert lanes.start("desk", "c", lambda: None), "another kind has places of its own"
        assert not lanes.idle(0.01)
        gate.set()
        assert lanes.idle(5)

    def test_given_work_that_fails_when_over_then_the_lane_is_free_and_the_log_says_why(
        self, log: list[MutableMapping[str, Any]]
    ) -> None:
        lanes = Lanes()

        lanes.start("web", "a", lambda: 1 / 0)

        assert lanes.idle(5)
        assert lanes.start("web", "a", lambda: None)
        assert lanes.idle(5)
        assert [one["key"] for one in log if one["event"] == "lanes.work.failed"] == ["a"]
