from datetime import UTC, datetime, timedelta

from amends.desk.lockout import FORGET_AFTER, LONGEST, MOST_KEYS, Lockout

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def failed(lockout: Lockout, times: int, key: str = "ana", at: datetime = NOW) -> None:
    for _ in range(times):
        lockout.failed(key, at)


class TestLockout:
    def test_given_four_failures_then_a_fifth_attempt_may_be_made(self) -> None:
        lockout = Lockout(free=5)

        failed(lockout, 4)

        assert lockout.seconds_left("ana", NOW) == 0

    def test_given_five_failures_then_locked_for_half_a_minute_and_open_after_it(self) -> None:
        lockout = Lockout(free=5)

        failed(lockout, 5)

        assert 30 <= lockout.seconds_left("ana", NOW) <= 31
        assert lockout.seconds_left("ana", NOW + timedelta(seconds=30)) == 0

    def test_given_each_further_failure_then_the_lock_doubles_up_to_the_longest(self) -> None:
        lockout = Lockout(free=5)

        failed(lockout, 6)
        assert 60 <= lockout.seconds_left("ana", NOW) <= 61
        failed(lockout, 60)

        assert lockout.seconds_left("ana", NOW) <= LONGEST.total_seconds() + 1

    def test_given_failures_of_one_then_another_is_free(self) -> None:
        lockout = Lockout(free=2)

        failed(lockout, 9, "ana")

        assert lockout.seconds_left("ben", NOW) == 0

    def test_given_success_or_a_quiet_hour_then_counting_starts_anew(self) -> None:
        lockout = Lockout(free=3)
        failed(lockout, 2, "ana")
        failed(lockout, 2, "ben")

        lockout.succeeded("ana")
        failed(lockout, 1, "ana")
        failed(lockout, 1, "ben", NOW + FORGET_AFTER + timedelta(seconds=1))

        assert lockout.seconds_left("ana", NOW) == 0
        assert lockout.seconds_left("ben", NOW + FORGET_AFTER) == 0

    def test_given_countless_names_then_memory_stays_bounded(self) -> None:
        lockout = Lockout()

        for number in range(MOST_KEYS + 50):
            lockout.failed(f"name-{number}", NOW)

        assert len(lockout._failures) == MOST_KEYS
