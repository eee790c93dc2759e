"""The second factor: one-time codes by time (RFC 6238), and recovery codes for a lost phone."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

import pyotp

from amends.handoff.errors import CodeWrong, SecondFactorIsOn
from amends.handoff.model import StaffMember
from amends.handoff.ports import UnitOfWork
from amends.handoff.staff_model import ChangeKind, SecondFactor, StaffChange

STEP_SECONDS = 30  # what every authenticator app expects (RFC 6238 section 5.2)
WINDOW = 1
"""Steps either way that are accepted too: phones and servers differ by some seconds."""

RECOVERY_CODES = 10


def prepare(uow: UnitOfWork, staff_id: str) -> str:
    """Make a new secret, which counts for nothing until a code of it is given; return it.

    Raises:
        SecondFactorIsOn
    """
    if uow.second_factors.get(staff_id).enabled_at is not None:
        raise SecondFactorIsOn(staff_id)
    secret = pyotp.random_base32()
    uow.second_factors.put(staff_id, SecondFactor(secret))
    return secret


def switch_on(
    uow: UnitOfWork, member: StaffMember, code: str, recovery: Sequence[str], now: datetime
) -> None:
    """Let the prepared secret count from now on.

    Args:
        recovery: Recovery codes, as the person is shown them; their hashes are kept.

    Raises:
        CodeWrong, SecondFactorIsOn.
    """
    factor = uow.second_factors.get(member.id)
    if factor.enabled_at is not None:
        raise SecondFactorIsOn(member.id)
    steps = matching_steps(factor.secret, code, now) if factor.secret else []
    if not steps:
        raise CodeWrong
    uow.second_factors.put(member.id, SecondFactor(factor.secret, now, max(steps)))
    uow.second_factors.add_recovery_codes(member.id, [hash_recovery_code(one) for one in recovery])
    uow.staff_changes.add(StaffChange(member.id, now, member.id, ChangeKind.SECOND_FACTOR_ON))


def accepts(uow: UnitOfWork, staff_id: str, code: str, now: datetime) -> bool:
    """Tell whether a code opens, be it of the phone or for recovery; it never opens again."""
    factor = uow.second_factors.get(staff_id)
    if factor.enabled_at is None or factor.secret is None:
        return False
    for step in matching_steps(factor.secret, code, now):
        if uow.second_factors.use_step(staff_id, step):
            return True
    if not uow.second_factors.use_recovery_code(staff_id, hash_recovery_code(code), now):
        return False
    left = {"left": uow.second_factors.recovery_codes_left(staff_id)}
    kind = ChangeKind.RECOVERY_CODE_USED
    uow.staff_changes.add(StaffChange(staff_id, now, staff_id, kind, after=left))
    return True


def switch_off(uow: UnitOfWork, staff_id: str, change: StaffChange) -> None:
    """Forget secret and recovery codes; the change says who did it and why."""
    uow.second_factors.put(staff_id, SecondFactor())
    uow.staff_changes.add(change)


def matching_steps(secret: str, code: str, now: datetime) -> list[int]:
    """Return the steps near now whose code this is; none when it is wrong or too old."""
    digits = "".join(character for character in code if character in "0123456789")
    totp, current = pyotp.TOTP(secret, interval=STEP_SECONDS), int(now.timestamp()) // STEP_SECONDS
    near = range(current - WINDOW, current + WINDOW + 1)
    return [step for step in near if hmac.compare_digest(totp.generate_otp(step), digits)]


def address_of(secret: str, login: str, company: str) -> str:
    """Return what an authenticator app reads from the picture (an otpauth address)."""
    return pyotp.TOTP(secret, interval=STEP_SECONDS).provisioning_uri(
        name=login, issuer_name=f"{company} desk"
    )


def hash_recovery_code(code: str) -> str:
    """Return what is stored of a recovery code; hyphens, spaces and capitals do not matter."""
    plain = "".join(character for character in code.lower() if character.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
