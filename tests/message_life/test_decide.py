from datetime import UTC, datetime, timedelta

import pytest

from amends.conversations import decide
from amends.conversations.model import Delivery, Draft, Mode, Role

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("mode", "delivery", "bot_speaks"),
    [
        (Mode.BOT, Delivery.PENDING, True),
        (Mode.WAITING, Delivery.PENDING, True),
        (Mode.STAFF, Delivery.TO_STAFF, False),
        (Mode.CLOSED, Delivery.PENDING, False),
    ],
)
def test_given_mode_when_routed_then_staff_alone_keeps_the_engine_out(mode, delivery, bot_speaks):
    assert decide.route(mode) is delivery
    assert decide.bot_may_speak(mode) is bot_speaks


def test_given_failed_attempts_when_retried_then_waits_grow_and_stay_bounded():
    waits = [decide.retry_delay(n).total_seconds() for n in range(1, 9)]

    assert waits == [1, 2, 4, 8, 15, 15, 15, 15]


@pytest.mark.parametrize(("waited", "next_in"), [(0, 1), (55, 5), (60, 15), (90, 15)])
def test_given_long_outage_when_next_try_then_not_past_the_asking_of_a_person(waited, next_in):
    attempts = 1 if waited == 0 else 6
    sent_at = NOW - timedelta(seconds=waited)

    assert decide.next_try(attempts, sent_at, NOW, 60) == NOW + timedelta(seconds=next_in)


@pytest.mark.parametrize(
    ("mode", "waited", "due"),
    [(Mode.BOT, 59.9, False), (Mode.BOT, 60, True), (Mode.WAITING, 600, False)],
)
def test_given_outage_when_a_minute_old_then_a_person_is_due_once(mode, waited, due):
    sent_at = NOW - timedelta(seconds=waited)

    assert decide.person_is_due(mode, sent_at, NOW, 60) is due


@pytest.mark.parametrize(
    ("refused", "unanswered", "hopeless"),
    [(4, 5, False), (5, 0, True), (0, 9, False), (0, 10, True)],
)
def test_given_failures_when_counted_then_refusals_weigh_more(refused, unanswered, hopeless):
    assert decide.Failures(refused, unanswered).hopeless is hopeless


def test_given_notices_when_parted_then_help_comes_first_and_the_queue_last():
    queue = Draft(Role.SYSTEM, "You are number 2.", card={"kind": "handoff"})
    help_first = Draft(Role.SYSTEM, "Call 112.")

    assert decide.before_and_after([queue, help_first]) == ([help_first], [queue])
