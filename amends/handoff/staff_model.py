"""What is kept about staff beside themselves: the second factor, and what was changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from amends.handoff.model import StaffRole

SESSION_IDLE = timedelta(hours=2)
"""A session at the desk ends when its person has done nothing for so long."""


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """One-time codes by time (RFC 6238); it counts from `enabled_at` on."""

    secret: str | None = field(default=None, repr=False)
    enabled_at: datetime | None = None
    last_step: int | None = None  # a code is used once: only later steps open


class ChangeKind(StrEnum):
    ADDED = "added"
    EDITED = "edited"
    DEACTIVATED = "deactivated"
    REACTIVATED = "reactivated"
    PASSWORD_RESET = "password_reset"
    PASSWORD_CHOSEN = "password_chosen"
    SECOND_FACTOR_ON = "second_factor_on"
    SECOND_FACTOR_OFF = "second_factor_off"
    SECOND_FACTOR_RESET = "second_factor_reset"
    RECOVERY_CODE_USED = "recovery_code_used"


@dataclass(frozen=True, slots=True)
class StaffChange:
    """One line of a person's history; it never holds a secret."""

    staff_id: str
    at: datetime
    actor_id: str | None  # None: an operator at the terminal
    kind: ChangeKind
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Profile:
    """What an administrator writes about a person."""

    name: str
    role: StaffRole
    languages: tuple[str, ...] = ("en",)
    skills: tuple[str, ...] = ()
