from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from amends.conversations.transactions import Transactions
from amends.desk.session import (
    SESSION_LASTS,
    LockedOut,
    Sessions,
    WeakPassword,
    WrongPassword,
)
from amends.handoff.model import StaffRole
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

        with pytest.raises(WrongPassword):
            await sessions.change_password(opened.member, "not it", "seven quiet herons")
