"""How fast the queue moves, from claims that really happened."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from amends.handoff.hours import ALWAYS_OPEN, Hours, Span
from amends.handoff.model import Handoff, HandoffState
from amends.handoff.pace import LATEST, pace_of
from tests.support.shop import NOW

MINUTE = timedelta(minutes=1)
OFFICE = Hours(ZoneInfo("Europe/London"), ((Span(9 * 60, 18 * 60),),) * 7)


def claim(asked: datetime, claimed: datetime, by: str = "s-ana", **facts: object) -> Handoff:
    return replace(
        Handoff(
            id=f"h{claimed.isoformat()}",
            conversation_id="c",
            case_id=None,
            state=HandoffState.CLAIMED,
            priority=3,
            reasons=("customer_asked",),
            requested_at=asked,
            answer_due_at=asked + 30 * MINUTE,
            limit_due_at=asked + 180 * MINUTE,
            claimed_by=by,
            claimed_at=claimed,
        ),
        **facts,
    )


def one_after_the_other(waits: list[int], by: tuple[str, ...] = ("s-ana",)) -> list[Handoff]:
    """Claims of chats that waited so many minutes each, nobody beside them; latest first."""
    claims = []
    asked = NOW - timedelta(hours=20)
    for number, wait in enumerate(waits):
        claims.append(claim(asked, asked + wait * MINUTE, by[number % len(by)]))
        asked += (wait + 1) * MINUTE
    return claims[::-1]


class TestPace:
    def test_given_few_claims_when_asked_then_nobody_can_tell(self) -> None:
        assert pace_of([], 1, ALWAYS_OPEN) is None
        assert pace_of(one_after_the_other([5, 5]), 1, ALWAYS_OPEN) is None

    def test_given_claims_one_by_one_when_asked_then_the_usual_wait_counts_not_the_odd_one(
        self,
    ) -> None:
        assert pace_of(one_after_the_other([4, 5, 6, 5, 300]), 1, ALWAYS_OPEN) == 5 * MINUTE

    def test_given_three_waited_together_when_asked_then_each_place_took_a_third_of_the_last_wait(
        self,
    ) -> None:
        claims = [claim(NOW, NOW + minutes * MINUTE) for minutes in (30, 20, 10)]

        assert pace_of(claims, 1, ALWAYS_OPEN) == 10 * MINUTE

    def test_given_fewer_people_than_lately_when_asked_then_slower_and_with_more_no_faster(
        self,
    ) -> None:
        claims = one_after_the_other([5] * 6, by=("s-ana", "s-ben", "s-cem"))

        assert pace_of(claims, 1, ALWAYS_OPEN) == 15 * MINUTE
        assert pace_of(claims, 3, ALWAYS_OPEN) == 5 * MINUTE
        assert pace_of(claims, 9, ALWAYS_OPEN) == 5 * MINUTE

    def test_given_nobody_online_when_asked_then_as_it_was_lately(self) -> None:
        assert pace_of(one_after_the_other([5] * 3), 0, ALWAYS_OPEN) == 5 * MINUTE

    def test_given_a_night_between_when_asked_then_only_working_time_counts(self) -> None:
        evening = datetime(2026, 3, 3, 22, 0, tzinfo=UTC)
        claims = [
            claim(evening + n * MINUTE, datetime(2026, 3, 4, 9, 10 * n, tzinfo=UTC))
            for n in (3, 2, 1)
        ]

        assert pace_of(claims, 1, OFFICE) == 10 * MINUTE

    def test_given_claims_outside_the_hours_when_asked_then_they_are_left_out(self) -> None:
        night = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
        claims = [claim(night, night + n * MINUTE) for n in (3, 2, 1)]

        assert pace_of(claims, 1, OFFICE) is None

    def test_given_chats_taken_up_again_when_asked_then_they_are_left_out(self) -> None:
        again = [
            replace(one, first_answer_at=one.requested_at)
            for one in one_after_the_other([60, 60, 60, 60])
        ]

        assert pace_of(again, 1, ALWAYS_OPEN) is None
        assert pace_of(again + one_after_the_other([5] * 3), 1, ALWAYS_OPEN) == 5 * MINUTE

    def test_given_many_claims_when_asked_then_the_latest_tell(self) -> None:
        claims = one_after_the_other([40] * 10 + [2] * LATEST)

        assert pace_of(claims, 1, ALWAYS_OPEN) == 2 * MINUTE

    @given(st.lists(st.integers(0, 60), min_size=3, max_size=30), st.integers(1, 8))
    def test_given_any_claims_when_more_people_come_then_the_pace_is_no_slower(
        self, waits: list[int], online: int
    ) -> None:
        claims = one_after_the_other(waits, by=("s-ana", "s-ben", "s-cem"))

        fewer, more = (pace_of(claims, people, ALWAYS_OPEN) for people in (online, online + 1))

        assert fewer is not None
        assert more is not None
        assert more <= fewer
