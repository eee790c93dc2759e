"""Who is at the desk: sign-in, sessions, passwords, second factor.

SignInRefused
├── WrongPassword     login or password is wrong; which of them is not told
│   └── WrongOwnPassword  who is signed in gave a password that is not theirs
├── WrongCode         the code of the second factor is wrong, too old, or was used before
├── SignInExpired     too much time passed between password and code
├── LockedOut         too many failures; says for how long
└── WeakPassword      a new password that is too short or is the old one
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import structlog

from amends.audit.model import Entry
from amends.conversations.transactions import Transactions
from amends.desk.lockout import Lockout
from amends.desk.session_uses import Uses
from amends.desk.speech import tr
from amends.handoff import second_factor
from amends.handoff.model import StaffMember
from amends.handoff.staff_model import ChangeKind, StaffChange
from amends.satisfaction.ports import UnitOfWork
from amends.storage.passwords import hash_password, one_time_password, verify_password
from amends.values import Clock

log = structlog.get_logger()

COOKIE = "amends_desk"
SESSION_LASTS = timedelta(hours=12)
HALF_SESSION_LASTS = timedelta(minutes=5)
SHORTEST_PASSWORD = 12  # NIST SP 800-63B asks for 8 at least; nobody is made to mix characters


class SignInRefused(Exception):
    """Base; `str()` is one sentence for the person at the door."""


class WrongPassword(SignInRefused):
    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or tr("Name or password is wrong. Please try again."))


class WrongOwnPassword(WrongPassword):
    def __init__(self) -> None:
        super().__init__(tr("That is not the password you have now. Please try again."))


class WrongCode(SignInRefused):
    def __init__(self) -> None:
        super().__init__(tr("The code is wrong or was used before. Please enter the next one."))


class SignInExpired(SignInRefused):
    def __init__(self) -> None:
        super().__init__(tr("That took too long. Please sign in again."))


class LockedOut(SignInRefused):
    def __init__(self, seconds: int) -> None:
        super().__init__(_wait(seconds))
        self.seconds = seconds


class WeakPassword(SignInRefused):
    pass


@dataclass(frozen=True, slots=True)
class SignedIn:
    member: StaffMember
    token: str  # for the cookie; the database keeps its hash
    first_time: bool
    awaits_code: bool = False  # only half signed in: the code of the second factor is to follow


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
        self._uses = Uses()

    async def sign_in(self, login: str, password: str, address: str) -> SignedIn:
        """Open a session, or half of one when the person has a second factor.

        Raises:
            WrongPassword, LockedOut.
        """
        name, now = login.strip().lower(), self._clock()
        self._refuse_locked(name, address, now)
        found = await self._transactions.read(lambda uow: _checked(uow, name, password))
        if found is None:
            await self._failed(name, address, now)
            raise WrongPassword
        if found.has_second_factor:
            # Failures are not forgotten before the code: else a known password would let one guess.
            token = await self._transactions.write(lambda uow: _half_opened(uow, found, now))
            return SignedIn(found, token, found.seen_at is None, awaits_code=True)
        self._by_login.succeeded(name)
        token = await self._transactions.write(lambda uow: _opened(uow, found, now))
        log.info("desk.sign_in.succeeded", staff_id=found.id)
        return SignedIn(found, token, first_time=found.seen_at is None)

    async def enter_code(self, half_token: str, code: str, address: str) -> SignedIn:
        """Open the session of whoever gave the password just before and now gives the code.

        Raises:
            SignInExpired, WrongCode, LockedOut.
        """
        now, hashed = self._clock(), hash_session(half_token)
        member = await self._transactions.read(lambda uow: uow.staff.half_session(hashed, now))
        if member is None:
            raise SignInExpired
        self._refuse_locked(member.login, address, now)

        def work(uow: UnitOfWork) -> str | None:
            is_there = uow.staff.half_session(hashed, now) is not None
            if not is_there or not second_factor.accepts(uow, member.id, code, now):
                return None
            uow.staff.end_session(hashed)
            return _opened(uow, member, now)

        token = await self._transactions.write(work)
        if token is None:
            await self._failed(member.login, address, now)
            raise WrongCode
        self._by_login.succeeded(member.login)
        log.info("desk.sign_in.succeeded", staff_id=member.id)
        return SignedIn(member, token, first_time=member.seen_at is None)

    async def who(self, token: str) -> StaffMember | None:
        """Return whose session this is; asking counts as use, which is written once a minute."""
        now, hashed = self._clock(), hash_session(token)
        member = await self._transactions.read(lambda uow: uow.staff.session(hashed, now))
        if member is not None and self._uses.is_news(hashed, now):
            await self._transactions.write(lambda uow: uow.staff.use_session(hashed, now))
        return member

    async def who_awaits_code(self, token: str) -> StaffMember | None:
        """Return who has given the password and is to give the code."""
        now, hashed = self._clock(), hash_session(token)
        return await self._transactions.read(lambda uow: uow.staff.half_session(hashed, now))

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
        await self._check_password(member, old, now)
        _refuse_weak(old, new)

        def change(uow: UnitOfWork) -> str:
            uow.staff.set_password(member.id, hash_password(new))
            chosen = StaffChange(member.id, now, member.id, ChangeKind.PASSWORD_CHOSEN)
            uow.staff_changes.add(chosen)
            return _opened(uow, member, now)

        token = await self._transactions.write(change)
        log.info("desk.password.changed", staff_id=member.id)
        return token

    async def prepare_second_factor(self, member: StaffMember) -> str:
        """Return a new secret, which counts once a code of it is given.

        Raises:
            SecondFactorIsOn
        """
        return await self._transactions.write(lambda uow: second_factor.prepare(uow, member.id))

    async def pending_secret(self, member: StaffMember) -> str | None:
        """Return the secret that was prepared last and does not count yet."""
        return await self._transactions.read(lambda uow: uow.second_factors.get(member.id).secret)

    async def switch_on_second_factor(
        self, member: StaffMember, code: str
    ) -> tuple[str, tuple[str, ...]]:
        """Let the second factor count, end every session opened without it, and open a new one.

        Returns:
            The new session's token, and the recovery codes, to be shown this once.

        Raises:
            CodeWrong, SecondFactorIsOn.
        """
        now = self._clock()
        recovery = tuple(one_time_password() for _ in range(second_factor.RECOVERY_CODES))

        def work(uow: UnitOfWork) -> str:
            second_factor.switch_on(uow, member, code, recovery, now)
            uow.staff.end_sessions(member.id)
            return _opened(uow, member, now)

        token = await self._transactions.write(work)
        log.info("desk.second_factor.on", staff_id=member.id)
        return token, recovery

    async def switch_off_second_factor(
        self, member: StaffMember, password: str, code: str, address: str
    ) -> str:
        """Do without the second factor again; every session ends, and a new one opens.

        Raises:
            WrongPassword, WrongCode, LockedOut.
        """
        now = self._clock()
        await self._check_password(member, password, now)

        def work(uow: UnitOfWork) -> str | None:
            if not second_factor.accepts(uow, member.id, code, now):
                return None
            off = StaffChange(member.id, now, member.id, ChangeKind.SECOND_FACTOR_OFF)
            second_factor.switch_off(uow, member.id, off)
            uow.staff.end_sessions(member.id)
            return _opened(uow, member, now)

        token = await self._transactions.write(work)
        if token is None:
            await self._failed(member.login, address, now)
            raise WrongCode
        self._by_login.succeeded(member.login)
        log.info("desk.second_factor.off", staff_id=member.id)
        return token

    async def recovery_codes_left(self, member: StaffMember) -> int:
        return await self._transactions.read(
            lambda uow: uow.second_factors.recovery_codes_left(member.id)
        )

    async def speak(self, member: StaffMember, language: str) -> None:
        """Let the desk speak another language to a person from now on."""
        await self._transactions.write(lambda uow: uow.staff.set_language(member.id, language))

    async def _check_password(self, member: StaffMember, password: str, now: datetime) -> None:
        self._refuse_locked(member.login, member.id, now)
        found = await self._transactions.read(lambda uow: _checked(uow, member.login, password))
        if found is None:
            await self._failed(member.login, member.id, now)
            raise WrongOwnPassword

    async def _failed(self, login: str, address: str, now: datetime) -> None:
        self._by_login.failed(login, now)
        self._by_address.failed(address, now)
        log.warning("desk.sign_in.refused", address_hash=hash_session(address)[:12])
        await self._transactions.write(lambda uow: _tell_refused(uow, login, now))

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


def _tell_refused(uow: UnitOfWork, login: str, now: datetime) -> None:
    """Tell the audit log whose account it was; what was typed for a name may be a password."""
    found = uow.staff.by_login(login)
    subject = found[0].id if found else "unknown"
    uow.audit.note(Entry(now, "system", "staff.sign_in_refused", "staff", subject))


def _half_opened(uow: UnitOfWork, member: StaffMember, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    until = now + HALF_SESSION_LASTS
    uow.staff.add_session(hash_session(token), member.id, until, is_half=True)
    return token


def _refuse_weak(old: str, new: str) -> None:
    if len(new) < SHORTEST_PASSWORD:
        raise WeakPassword(tr("Please use at least {count} characters.", count=SHORTEST_PASSWORD))
    if new == old:
        raise WeakPassword(tr("This is the password you have now. Please choose another."))


def _wait(seconds: int) -> str:
    if seconds < 90:
        return tr("Too many attempts. Please try again in {count} seconds.", count=seconds)
    minutes = round(seconds / 60)
    return tr("Too many attempts. Please try again in {count} minutes.", count=minutes)
