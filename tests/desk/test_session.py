from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from amends.conversations.transactions import Transactions
from amends.desk.session import (
    HALF_SESSION_LASTS,
    SESSION_LASTS,
    LockedOut,
    Sessions,
    SignInExpired,
    WeakPassword,
    WrongCode,
    WrongPassword,
)
from amends.handoff.errors import CodeWrong
from amends.handoff.model import StaffMember, StaffRole
from amends.storage import Database
from tests.desk.seeding import PASSWORD, add_staff


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sessions(database: Database, clock: Clock) -> Iterator[Sessions]:
    add_staff(database, ("ana", "Ana Torres", StaffRole.AGENT), seen_at=None)
    transactions = Transactions(database)
    yield Sessions(transactions, clock)
    transactions.close()


class TestSignIn:
    async def test_given_right_password_then_the_token_names_the_member(
        self, sessions: Sessions
    ) -> None:
        opened = await sessions.sign_in("  ANA ", PASSWORD, "10.0.0.1")

        member = await sessions.who(opened.token)

        assert member is not None
        assert member.name == "Ana Torres"

    async def test_given_first_and_second_sign_in_then_only_the_first_is_told_so(
        self, sessions: Sessions
    ) -> None:
        first = await sessions.sign_in("ana", PASSWORD, "10.0.0.1")
        second = await sessions.sign_in("ana", PASSWORD, "10.0.0.1")

        assert (first.first_time, second.first_time) == (True, False)

    async def test_given_unknown_name_or_wrong_password_then_the_same_words(
        self, sessions: Sessions
    ) -> None:
        with pytest.raises(WrongPassword) as wrong:
            await sessions.sign_in("ana", "no", "10.0.0.1")
        with pytest.raises(WrongPassword) as unknown:
            await sessions.sign_in("nobody", "no", "10.0.0.1")

        assert str(wrong.value) == str(unknown.value)

    async def test_given_five_failures_then_even_the_right_password_waits(
        self, sessions: Sessions, clock: Clock
    ) -> None:
        for _ in range(5):
            with pytest.raises(WrongPassword):
                await sessions.sign_in("ana", "no", "10.0.0.1")

        with pytest.raises(LockedOut):
            await sessions.sign_in("ana", PASSWORD, "10.0.0.2")

        clock.now += timedelta(minutes=1)
        assert await sessions.sign_in("ana", PASSWORD, "10.0.0.2")

    async def test_given_token_in_the_database_then_only_its_hash_is_there(
        self,
        sessions: Sessions,
        database: Database,
    ) -> None:
        opened = await sessions.sign_in("ana", PASSWORD, "10.0.0.1")

        with database.read() as uow:
            assert uow.staff.session(opened.token, datetime(2026, 3, 1, tzinfo=UTC)) is None


class TestSession:
    async def test_given_sign_out_or_twelve_hours_then_nobody(
        self, sessions: Sessions, clock: Clock
    ) -> None:
        left = await sessions.sign_in("ana", PASSWORD, "10.0.0.1")
        kept = await sessions.sign_in("ana", PASSWORD, "10.0.0.1")

        await sessions.sign_out(left.token)
        assert await sessions.who(left.token) is None
        assert await sessions.who(kept.token) is not None

        clock.now += SESSION_LASTS
        assert await sessions.who(kept.token) is None


class TestPassword:
    async def test_given_new_password_then_old_sessions_end_and_the_new_one_opens(
        self, sessions: Sessions
    ) -> None:
        before = await sessions.sign_in("ana", PASSWORD, "10.0.0.1")

        token = await sessions.change_password(before.member, PASSWORD, "seven quiet herons")

        assert await sessions.who(before.token) is None
        assert await sessions.who(token) is not None
        assert await sessions.sign_in("ana", "seven quiet herons", "10.0.0.1")

    @pytest.mark.parametrize("weak", ["short", PASSWORD])
    async def test_given_short_or_same_password_then_refused(
        self, sessions: Sessions, weak: str
    ) -> None:
        opened = await sessions.sign_in("ana", PASSWORD, "10.0.0.1")

        with pytest.raises(WeakPassword):
            await sessions.change_password(opened.member, PASSWORD, weak)

    async def test_given_wrong_old_password_then_refused(self, sessions: Sessions) -> None:
        opened = await sessions.sign_in("ana", PASSWORD, "10.0.0.1")

        with pytest.raises(WrongPassword, match="not the password you have now"):
            await sessions.change_password(opened.member, "not it", "seven quiet herons")


STEP = timedelta(seconds=30)


class Phone:
    """An authenticator app; it shows the code of the moment."""

    def __init__(self, clock: Clock, secret: str) -> None:
        self._clock = clock
        self._totp = pyotp.TOTP(secret)

    def code(self) -> str:
        return self._totp.at(self._clock.now)

    def wrong_code(self) -> str:
        return f"{(int(self.code()) + 1) % 1_000_000:06}"

    def next_code(self) -> str:
        """Wait until the code of before is over, and return the new one."""
        self._clock.now += 3 * STEP
        return self.code()


async def switched_on(
    sessions: Sessions, clock: Clock
) -> tuple[StaffMember, Phone, tuple[str, ...]]:
    opened = await sessions.sign_in("ana", PASSWORD, "10.0.0.1")
    phone = Phone(clock, await sessions.prepare_second_factor(opened.member))
    token, recovery = await sessions.switch_on_second_factor(opened.member, phone.code())
    member = await sessions.who(token)
    assert member is not None
    return member, phone, recovery


class TestSecondFactor:
    async def test_given_it_is_on_then_the_password_opens_half_a_session_which_opens_nothing(
        self, sessions: Sessions, clock: Clock
    ) -> None:
        await switched_on(sessions, clock)

        half = await sessions.sign_in("ana", PASSWORD, "10.0.0.1")

        assert half.awaits_code
        assert await sessions.who(half.token) is None
        assert await sessions.who_awaits_code(half.token) == half.member

    async def test_given_the_code_then_a_whole_session_opens_and_the_half_one_is_over(
        self, sessions: Sessions, clock: Clock
    ) -> None:
        member, phone, _ = await switched_on(sessions, clock)
        half = await sessions.sign_in("ana", PASSWORD, "10.0.0.1")

        opened = await sessions.enter_code(half.token, phone.next_code(), "10.0.0.1")

        found = await sessions.who(opened.token)
        assert found is not None
        assert found.id == member.id
        assert await sessions.who_awaits_code(half.token) is None
        with pytest.raises(SignInExpired):
            await sessions.enter_code(half.token, phone.next_code(), "10.0.0.1")

    async def test_given_a_code_that_was_used_then_it_opens_nobody_elses_session(
        self, sessions: Sessions, clock: Clock
    ) -> None:
        _, phone, _ = await switched_on(sessions, clock)
        first = await sessions.sign_in("ana", PASSWORD, "10.0.0.1")
        second = await sessions.sign_in("ana", PASSWORD, "10.0.0.2")
        code = phone.next_code()
        await sessions.enter_code(first.token, code, "10.0.0.1")

        with pytest.raises(WrongCode):
            await sessions.enter_code(second.token, code, "10.0.0.2")

    async def test_given_five_minutes_between_password_and_code_then_all_begins_anew(
        self, sessions: Sessions, clock: Clock
    ) -> None:
        _, phone, _ = await switched_on(sessions, clock)
        half = await sessions.sign_in("ana", PASSWORD, "10.0.0.1")
        clock.now += HALF_SESSION_LASTS

        with pytest.raises(SignInExpired):
            await sessions.enter_code(half.token, phone.code(), "10.0.0.1")

    async def test_given_a_whole_session_then_it_is_no_half_one(
        self, sessions: Sessions, clock: Clock
    ) -> None:
        opened = await sessions.sign_in("ana", PASSWORD, "10.0.0.1")

        with pytest.raises(SignInExpired):
            await sessions.enter_code(opened.token, "123456", "10.0.0.1")

    async def test_given_guessed_codes_then_password_and_code_wait_even_with_new_half_sessions(
        self, sessions: Sessions, clock: Clock
    ) -> None:
        _, phone, _ = await switched_on(sessions, clock)
        clock.now += 3 * STEP
        for number in range(5):
            half = await sessions.sign_in("ana", PASSWORD, f"10.0.1.{number}")
            with pytest.raises(WrongCode):
                await sessions.enter_code(half.token, phone.wrong_code(), f"10.0.1.{number}")

        with pytest.raises(LockedOut):
            await sessions.enter_code(half.token, phone.code(), "10.0.0.2")
        with pytest.raises(LockedOut):
            await sessions.sign_in("ana", PASSWORD, "10.0.0.2")

    async def test_given_a_recovery_code_then_it_opens_once(
        self, sessions: Sessions, clock: Clock
    ) -> None:
        member, _, recovery = await switched_on(sessions, clock)
        first = await sessions.sign_in("ana", PASSWORD, "10.0.0.1")
        second = await sessions.sign_in("ana", PASSWORD, "10.0.0.1")

        assert await sessions.enter_code(first.token, recovery[3], "10.0.0.1")

        with pytest.raises(WrongCode):
            await sessions.enter_code(second.token, recovery[3], "10.0.0.1")
        assert len(set(recovery)) == 10
        assert await sessions.recovery_codes_left(member) == 9

    async def test_given_it_is_switched_on_then_sessions_of_before_end(
        self, sessions: Sessions, clock: Clock
    ) -> None:
        before = await sessions.sign_in("ana", PASSWORD, "10.0.0.1")

        await switched_on(sessions, clock)

        assert await sessions.who(before.token) is None

    async def test_given_a_wrong_code_then_it_is_not_switched_on(
        self, sessions: Sessions, clock: Clock
    ) -> None:
        opened = await sessions.sign_in("ana", PASSWORD, "10.0.0.1")
        phone = Phone(clock, await sessions.prepare_second_factor(opened.member))

        with pytest.raises(CodeWrong):
            await sessions.switch_on_second_factor(opened.member, phone.wrong_code())

        again = await sessions.sign_in("ana", PASSWORD, "10.0.0.1")
        assert not again.awaits_code

    async def test_given_password_and_code_then_it_is_switched_off_and_never_with_one_of_them(
        self, sessions: Sessions, clock: Clock
    ) -> None:
        member, phone, recovery = await switched_on(sessions, clock)
        half = await sessions.sign_in("ana", PASSWORD, "10.0.0.1")
        before = await sessions.enter_code(half.token, recovery[0], "10.0.0.1")
        code = phone.next_code()
        with pytest.raises(WrongPassword):
            await sessions.switch_off_second_factor(member, "not it", code, "10.0.0.1")
        wrong = phone.wrong_code()
        with pytest.raises(WrongCode):
            await sessions.switch_off_second_factor(member, PASSWORD, wrong, "10.0.0.1")

        token = await sessions.switch_off_second_factor(member, PASSWORD, code, "10.0.0.1")

        assert await sessions.who(token) is not None
        assert await sessions.who(before.token) is None
        assert not (await sessions.sign_in("ana", PASSWORD, "10.0.0.1")).awaits_code

    async def test_given_a_password_chosen_then_it_is_written_down_without_it(
        self, sessions: Sessions, database: Database
    ) -> None:
        opened = await sessions.sign_in("ana", PASSWORD, "10.0.0.1")

        await sessions.change_password(opened.member, PASSWORD, "seven quiet herons")

        with database.read() as uow:
            (change,) = uow.staff_changes.of(opened.member.id)
        assert change.kind.value == "password_chosen"
        assert "herons" not in str(change)


async def test_given_refused_attempts_then_the_audit_log_names_the_account_and_not_what_was_typed(
    database: Database, sessions: Sessions
) -> None:
    for login in ("ana", "hunter2"):
        with pytest.raises(WrongPassword):
            await sessions.sign_in(login, "wrong", "10.0.0.1")

    with database.read() as uow, closing(uow.audit.rows()) as rows:
        told = [row.entry for row in rows if row.entry.action == "staff.sign_in_refused"]
        known = uow.staff.by_login("ana")
    assert known is not None
    assert [one.subject_id for one in told] == [known[0].id, "unknown"]
    assert "hunter2" not in str(told)
