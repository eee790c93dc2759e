"""Speed and reliability, by hand on small tables."""

import pytest

from amends.insights.facts import AnswerMark
from amends.insights.measures.service import BEFORE_NAMES, NAMES, service
from tests.insights.measures.samples import FOUR_WEEKS, mixed, told
from tests.insights.measures.samples import table as made


def read(now, before=()):  # type: ignore[no-untyped-def]
    return service(made(now, NAMES), made(before, BEFORE_NAMES), FOUR_WEEKS)


class TestHandoffs:
    NOW = mixed(
        (6, {"handed_off": True, "answer_mark": "in_time", "handoff_reason": "furious",
             "handoff_right": True}),
        (2, {"handed_off": True, "answer_mark": "too_late", "handoff_reason": "furious",
             "handoff_right": False}),
        (1, {"handed_off": True, "answer_mark": "not_yet", "handoff_reason": "legal"}),
        (1, {"handed_off": True, "answer_mark": "never", "handoff_reason": "legal"}),
        (5, {}),
    )  # fmt: skip

    def test_given_marks_then_all_five_are_counted(self) -> None:
        marks = {one.mark: one.count for one in read(self.NOW).marks}

        assert marks == {
            AnswerMark.IN_TIME: 6,
            AnswerMark.LATE: 0,
            AnswerMark.TOO_LATE: 2,
            AnswerMark.NOT_YET: 1,
            AnswerMark.NEVER: 1,
        }

    def test_given_who_still_waits_or_left_then_they_do_not_count_as_late(self) -> None:
        found = read(self.NOW).in_time

        assert (found.now.value, found.n) == (0.75, 8)

    def test_given_reasons_then_each_with_its_share_and_how_many_were_right(self) -> None:
        furious, legal = read(self.NOW).reasons

        assert (furious.reason, furious.count, furious.share.value) == ("furious", 8, 0.8)
        assert (furious.right.value, furious.judged) == (0.75, 8)
        assert (legal.reason, legal.count, legal.right, legal.judged) == ("legal", 2, None, 0)


class TestDurations:
    def test_given_1_to_40_seconds_then_median_and_90th_percentile(self) -> None:
        now = [told(second, first_answer_seconds=float(second)) for second in range(1, 41)]

        found = read(now).first_answer

        assert found.median.now.value == 20.5
        assert found.high.value == pytest.approx(36.1)

    def test_given_too_few_then_no_duration_but_their_number(self) -> None:
        found = read([told(1, resolution_seconds=60.0)]).resolution

        assert (found.median.now, found.median.n, found.high) == (None, 1, None)

    def test_given_promises_then_kept_and_broken_are_added_up(self) -> None:
        found = read(mixed((3, {"promises_kept": 2}), (1, {"promises_broken": 2})))

        assert (found.kept, found.broken) == (6, 2)
        assert found.promises_kept.now.value == 0.75
