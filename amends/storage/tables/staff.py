"""The people who answer: what they may and can do, how they sign in, who changed what of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from amends.handoff.model import StaffRole
from amends.storage.base import Base, RunningId, closed_set


class StaffRow(Base):
    __tablename__ = "staff"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    login: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(Text)
    role: Mapped[StaffRole] = mapped_column(closed_set(StaffRole, "role"))
    active: Mapped[bool] = mapped_column()
    seen_at: Mapped[datetime | None] = mapped_column()
    password_hash: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8), server_default="en")
    languages: Mapped[list[str]] = mapped_column(server_default='["en"]')
    skills: Mapped[list[str]] = mapped_column(server_default="[]")
    password_is_made: Mapped[bool] = mapped_column(server_default=false())
    totp_secret: Mapped[str | None] = mapped_column(Text)
    totp_enabled_at: Mapped[datetime | None] = mapped_column()
    totp_last_step: Mapped[int | None] = mapped_column(BigInteger)

    __table_args__ = (
        CheckConstraint("login = lower(login) AND login <> ''", "login_lower_case"),
        CheckConstraint(
            "totp_enabled_at IS NULL OR totp_secret IS NOT NULL", "second_factor_has_a_secret"
        ),
    )


class StaffSessionRow(Base):
    """A session; a half one waits for the code of the second factor and opens nothing."""

    __tablename__ = "staff_sessions"

    token_hash: Mapped[str] = mapped_column(String(128), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    is_half: Mapped[bool] = mapped_column(server_default=false())
    # When its person last did something; none before the first time.
    used_at: Mapped[datetime | None] = mapped_column()


class StaffRecoveryCodeRow(Base):
    __tablename__ = "staff_recovery_codes"

    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(128), primary_key=True)
    used_at: Mapped[datetime | None] = mapped_column()


class StaffChangeRow(Base):
    """What was done to a person's account; never a secret. Without an actor: at the terminal."""

    __tablename__ = "staff_changes"

    id: Mapped[int] = mapped_column(RunningId, primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column()
    actor_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[str] = mapped_column(String(32))
    before: Mapped[dict[str, Any]] = mapped_column()
    after: Mapped[dict[str, Any]] = mapped_column()

    __table_args__ = (Index(None, "staff_id", "id"),)
