"""How long a delivery waits, and what is sent."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.webhooks.decide import JITTER, LONGEST_ASKED_FOR, PAUSES, body_of, event_id, pause_after
from amends.webhooks.model import Event

TRIES = st.integers(1, len(PAUSES))
CHANCES = st.floats(0, 1)
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


class TestPauseAfter:
    def test_given_no_chance_when_failed_again_and_again_then_the_recommended_pauses(self) -> None:
        hours = [pause_after(tries, 0.0, None) for tries in range(1, 11)]

        assert hours == [*PAUSES, None]
        assert sum(PAUSES, timedelta()) == timedelta(hours=75, minutes=35, seconds=5)

    @given(TRIES, CHANCES)
    def test_given_any_chance_when_failed_then_never_sooner_and_at_most_a_fifth_later(
        self, tries: int, chance: float
    ) -> None:
        pause = pause_after(tries, chance, None)

        assert pause is not None
        assert PAUSES[tries - 1] <= pause <= PAUSES[tries - 1] * (1 + JITTER)

    @given(TRIES, CHANCES, st.timedeltas(timedelta(0), timedelta(days=400)))
    def test_given_the_endpoint_asks_for_time_when_failed_then_it_gets_it_up_to_a_day(
        self, tries: int, chance: float, asked: timedelta
    ) -> None:
        pause = pause_after(tries, chance, asked)

        assert pause is not None
        assert pause >= min(asked, LONGEST_ASKED_FOR)
        assert pause <= max(LONGEST_ASKED_FOR, PAUSES[-1] * (1 + JITTER))

    def test_given_the_last_try_when_the_endpoint_asks_for_time_then_it_is_over_all_the_same(
        self,
    ) -> None:
        assert pause_after(10, 0.5, timedelta(seconds=1)) is None


class TestEventId:
    @given(st.text(), st.text())
    def test_given_any_topic_and_key_then_an_id_that_can_be_signed_and_stays(
        self, topic: str, key: str
    ) -> None:
        made = event_id(topic, key)

        assert made == event_id(topic, key)
        assert made.startswith("evt_")
        assert len(made) <= 64
        assert made.isascii()
        assert "." not in made

    def test_given_other_events_then_other_ids(self) -> None:
        ids = {event_id(topic, key) for topic in ("case.opened", "case.closed") for key in "abc"}

        assert len(ids) == 6


class TestBody:
    def test_given_an_event_when_sent_then_type_time_and_versioned_data(self) -> None:
        body = body_of(Event("evt_1", "case.opened", NOW, {"case_number": "AM-工单"}))

        assert json.loads(body) == {
            "type": "case.opened",
            "timestamp": "2026-03-04T10:00:00.000Z",
            "data": {"version": 1, "case_number": "AM-工单"},
        }
        assert b" " not in body

    @pytest.mark.parametrize("hours", [-5, 0, 8])
    def test_given_any_time_zone_when_sent_then_the_time_is_utc(self, hours: int) -> None:
        at = NOW.astimezone(timezone(timedelta(hours=hours)))

        assert json.loads(body_of(Event("evt_1", "x", at, {})))["timestamp"] == (
            "2026-03-04T10:00:00.000Z"
        )
