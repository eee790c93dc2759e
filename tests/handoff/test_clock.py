"""A waiting customer is told the truth."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.handoff.clock import Wait, wait_for, wait_words
from amends.handoff.model import Handoff, HandoffState
from tests.support.shop import NOW


def handoff(name: str = "h1") -> Handoff:
    return Handoff(
        id=name,
        conversation_id=f"c-{name}",
        case_id=None,
        state=HandoffState.WAITING,
        priority=2,
        reasons=("customer_asked",),
        requested_at=NOW,
        answer_due_at=NOW + timedelta(minutes=30),
        limit_due_at=NOW + timedelta(hours=3),
    )


QUEUE = [handoff("h0"), handoff("h1"), handoff("h2")]


class TestWaitFor:
    def test_given_a_queue_when_asked_then_place_and_minutes_are_its_own(self) -> None:
        wait = wait_for(QUEUE[1], QUEUE, NOW + timedelta(minutes=4, seconds=30))

        assert wait == Wait(2, 26, QUEUE[1].answer_due_at, late=False)

    def test_given_the_answer_is_late_when_asked_then_the_limit_counts(self) -> None:
        wait = wait_for(QUEUE[0], QUEUE, NOW + timedelta(minutes=30))

        assert wait == Wait(1, 150, QUEUE[0].limit_due_at, late=True)

    @given(st.timedeltas(timedelta(0), timedelta(days=10)), st.integers(0, 2))
    def test_given_any_time_when_asked_then_the_wait_is_never_negative(
        self, passed: timedelta, place: int
    ) -> None:
        wait = wait_for(QUEUE[place], QUEUE, NOW + passed)

        assert wait.minutes >= 0
        assert wait.position == place + 1
        assert (wait.minutes == 0) == (NOW + passed >= wait.due_at)

    @given(st.timedeltas(timedelta(0), timedelta(hours=2)), st.integers(1, 600))
    def test_given_time_passes_when_asked_again_then_no_more_is_left_to_the_same_hour(
        self, passed: timedelta, seconds: int
    ) -> None:
        first = wait_for(QUEUE[0], QUEUE, NOW + passed)
        later = wait_for(QUEUE[0], QUEUE, NOW + passed + timedelta(seconds=seconds))

        assert later.late >= first.late
        assert later.due_at != first.due_at or later.minutes <= first.minutes


class TestWaitWords:
    @pytest.mark.parametrize(
        ("minutes", "words"),
        [(1, "a minute."), (30, "30 minutes."), (119, "119 minutes."), (120, "2 hours."),
         (121, "3 hours.")],
    )  # fmt: skip
    def test_given_a_wait_when_worded_then_it_is_never_rounded_down(
        self, minutes: int, words: str
    ) -> None:
        said = wait_words(Wait(3, minutes, NOW, late=False))

        assert "number 3" in said
        assert said.endswith(f"within {words}")

    def test_given_an_overdue_wait_when_worded_then_the_true_place_is_told(self) -> None:
        assert "you are next" in wait_words(Wait(1, 0, NOW, late=True))
        said = wait_words(Wait(4, 0, NOW, late=True))
        assert "longer than we promised" in said
        assert "number 4" in said
        assert "within" not in said, "no second promise"
