"""Who is at the desk: sign-in, sessions, passwords.

SignInRefused
├── WrongPassword     login or password is wrong; which of them is not told
├── LockedOut         too many failures; says for how long
└── WeakPassword      a new password that is too short or is the old one
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import structlog

from amends.conversations.transactions import Transactions
from amends.desk.lockout import Lockout
from amends.handoff.model import StaffMember
from amends.satisfaction.ports import UnitOfWork
from amends.storage.passwords import hash_password, verify_password
from amends.values import Clock

log = structlog.get_logger()

COOKIE = "amends_desk"
SESSION_LASTS = timedelta(hours=12)
SHORTEST_PASSWORD = 12  # NIST SP 800-63B asks for 8 at least; nobody is made to mix characters


class SignInRefused(Exception):
    """Base; `str()` is one sentence for the person at the door."""


class WrongPassword(SignInRefused):
    def __init__(self) -> None:
        super().__init__("Name or password is wrong. Please try again.")


class LockedOut(SignInRefused):
    def __init__(self, seconds: int) -> None:
        wait = f"{seconds} seconds" if seconds < 90 else f"{round(seconds / 60)} minutes"
        super().__init__(f"Too many attempts. Please try again in {wait}.")
        self.seconds = seconds


class WeakPassword(SignInRefused):
    pass


@dataclass(frozen=True, slots=True)
class SignedIn:
    member: StaffMember
    token: str  # for the cookie; the database keeps its hash
    first_time: bool


def hash_session(token: str) -> str:
    """Return what is stored of a session's token, which holds 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


class Sessions:
    """Opens and ends sessions."""

    def __init__(self, transactions: Transactions[UnitOfWork], clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock
        self._by_login = Lockout(free=5)
        self._by_address = Lockout(free=25)

    async def sign_in(self, login: str, password: str, address: str) -> SignedIn:
        """Open a session.

        Raises:
            WrongPassword, LockedOut.
        """
        name, now = login.strip().lower(), self._clock()
        self._refuse_locked(name, address, now)
        found = await self._transactions.read(lambda uow: _checked(uow, name, password))
        if found is None:
            self._by_login.failed(name, now)
            self._by_address.failed(address, now)
            log.warning("desk.sign_in.refused", address_hash=hash_session(address)[:12])
            raise WrongPassword
        self._by_login.succeeded(name)
        token = await self._transactions.write(lambda uow: _opened(uow, found, now))
        log.info("desk.sign_in.succeeded", staff_id=found.id)
        return SignedIn(found, token, first_time=found.seen_at is None)

    async def who(self, token: str) -> StaffMember | None:
        now, hashed = self._clock(), hash_session(token)
        return await self._transactions.read(lambda uow: uow.staff.session(hashed, now))

    async def sign_out(self, token: str) -> None:
        hashed = hash_session(token)
        await self._transactions.write(lambda uow: uow.staff.end_session(hashed))
        log.info("desk.sign_out.done")

    async def change_password(self, member: StaffMember, old: str, new: str) -> str:
        """Set a new password, end every session opened with the old one, and open a new one.

        Raises:
            WrongPassword, LockedOut, WeakPassword.
        """
        now = self._clock()
        self._refuse_locked(member.login, member.id, now)
        found = await self._transactions.read(lambda uow: _checked(uow, member.login, old))
        if found is None:
            self._by_login.failed(member.login, now)
            raise WrongPassword
        _refuse_weak(old, new)

        def change(uow: UnitOfWork) -> str:
            uow.staff.set_password(member.id, hash_password(new))
            return _opened(uow, member, now)

        token = await self._transactions.write(change)
        log.info("desk.password.changed", staff_id=member.id)
        return token

    def _refuse_locked(self, login: str, address: str, now: datetime) -> None:
        seconds = max(
            self._by_login.seconds_left(login, now), self._by_address.seconds_left(address, now)
        )
        if seconds:
            raise LockedOut(seconds)


def _checked(uow: UnitOfWork, login: str, password: str) -> StaffMember | None:
    found = uow.staff.by_login(login)
    if found is None:
        verify_password(_nobodys_hash(), password)  # an unknown name must take as long
        return None
    member, password_hash = found
    return member if verify_password(password_hash, password) and member.active else None


@cache
def _nobodys_hash() -> str:
    return hash_password(secrets.token_urlsafe(32))


def _opened(uow: UnitOfWork, member: StaffMember, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    uow.staff.add_session(hash_session(token), member.id, now + SESSION_LASTS)
    uow.staff.seen(member.id, now)
    return token


def _refuse_weak(old: str, new: str) -> None:
    if len(new) < SHORTEST_PASSWORD:
        raise WeakPassword(f"Please use at least {SHORTEST_PASSWORD} characters.")
    if new == old:
        raise WeakPassword("This is the password you have now. Please choose another.")
