"""Log lines are counted by names of ours; whatever else there is cannot make labels."""

from amends.wiring.counts import MOST_KINDS, OTHER, LogCounts, count_line
from amends.wiring.pulse import Pulse


def test_given_lines_then_counted_by_level_and_name() -> None:
    counts = LogCounts()
    for level, event in (
        ("error", "jobs.job.failed"),
        ("error", "jobs.job.failed"),
        ("warning", "mail.mail.postponed"),
        ("info", "gateway.request.done"),
        ("error", "My order 10045 is late"),
    ):
        counts.note(level, event)

    assert counts.read() == {
        ("error", "jobs.job.failed"): 2,
        ("warning", "mail.mail.postponed"): 1,
        ("error", OTHER): 1,
    }


def test_given_ever_new_names_then_they_are_bounded() -> None:
    counts = LogCounts()
    for number in range(MOST_KINDS * 2):
        counts.note("error", "a." + "b" * (number + 1))

    assert len(counts.read()) <= MOST_KINDS + 1


def test_given_a_line_when_counted_then_unchanged() -> None:
    event = {"level": "info", "event": "a.b", "seq": 1}

    assert count_line(None, "", dict(event)) == event


class TestPulse:
    def test_given_rounds_that_fail_then_stuck_once_patience_is_over(self) -> None:
        now = [0.0]
        pulse = Pulse(monotonic=lambda: now[0])
        pulse.expect("quick", 1.0)
        pulse.expect("daily", 86_400.0, first_after_seconds=600.0)
        now[0] = 299.0
        pulse.succeeded("quick", 0.1)
        now[0] = 590.0
        pulse.failed("quick", 0.1)
        assert pulse.stuck() == ()

        now[0] = 700.0

        assert pulse.stuck() == ("quick",)
        pulse.succeeded("quick", 0.1)
        assert pulse.stuck() == ()
        assert {job.name: job.failures for job in pulse.jobs} == {"quick": 1, "daily": 0}
