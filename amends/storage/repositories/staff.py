"""Staff, their sessions, their second factor, and what was changed about them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, update

from amends.handoff.model import StaffMember, StaffRole
from amends.handoff.staff_model import SESSION_IDLE, ChangeKind, SecondFactor, StaffChange
from amends.storage.errors import MissingRow
from amends.storage.repositories.base import Repository
from amends.storage.repositories.rows import to_staff_member
from amends.storage.tables.staff import (
    StaffChangeRow,
    StaffRecoveryCodeRow,
    StaffRow,
    StaffSessionRow,
)


class SqlStaff(Repository):
    def add(self, member: StaffMember, password_hash: str) -> None:
        values = {
            "id": member.id,
            "login": normal_login(member.login),
            "seen_at": member.seen_at,
            "password_hash": password_hash,
            "password_is_made": member.password_is_made,
            "language": member.language,
            **_values(member),
        }
        self._insert(StaffRow, values)

    def save(self, member: StaffMember) -> None:
        """Overwrite name, role, languages, skills and whether the person may sign in."""
        self._change_member(member.id, **_values(member))

    def get(self, staff_id: str) -> StaffMember | None:
        row = self._first(select(StaffRow).where(StaffRow.id == staff_id))
        return None if row is None else to_staff_member(row)

    def by_login(self, login: str) -> tuple[StaffMember, str] | None:
        """The member of this login, in any capitals, and the password hash."""
        row = self._first(select(StaffRow).where(StaffRow.login == normal_login(login)))
        return None if row is None else (to_staff_member(row), row.password_hash)

    def all(self) -> Sequence[StaffMember]:
        return [
            to_staff_member(row) for row in self._all(select(StaffRow).order_by(StaffRow.login))
        ]

    def lock_admins(self) -> Sequence[StaffMember]:
        """Active administrators; until this transaction ends nobody else changes who they are."""
        rows = self._all(
            select(StaffRow)
            .where(StaffRow.role == StaffRole.ADMIN, StaffRow.active)
            .order_by(StaffRow.id)
            .with_for_update(key_share=True)  # rows that name them may be written meanwhile
        )
        return [to_staff_member(row) for row in rows]

    def set_language(self, staff_id: str, language: str) -> None:
        self._change_member(staff_id, language=language)

    def set_password(self, staff_id: str, password_hash: str, *, made: bool = False) -> None:
        """Change the password and end the sessions that were opened with the old one."""
        self._change_member(staff_id, password_hash=password_hash, password_is_made=made)
        self.end_sessions(staff_id)

    def seen(self, staff_id: str, at: datetime) -> None:
        self._change_member(staff_id, seen_at=at)

    def online_since(self, since: datetime) -> Sequence[StaffMember]:
        rows = self._all(
            select(StaffRow)
            .where(StaffRow.active, StaffRow.seen_at >= since)
            .order_by(StaffRow.login)
        )
        return [to_staff_member(row) for row in rows]

    def add_session(
        self, token_hash: str, staff_id: str, expires_at: datetime, *, is_half: bool = False
    ) -> None:
        self._insert(
            StaffSessionRow,
            {
                "token_hash": token_hash,
                "staff_id": staff_id,
                "expires_at": expires_at,
                "is_half": is_half,
            },
        )

    def use_session(self, token_hash: str, now: datetime) -> None:
        """Write down that its person did something; a session that is over stays so."""
        self._change(
            update(StaffSessionRow)
            .where(StaffSessionRow.token_hash == token_hash, *_is_on(now))
            .values(used_at=now)
        )

    def session(self, token_hash: str, now: datetime) -> StaffMember | None:
        """Whose session this is; None when it has expired or the person may not sign in."""
        return self._of_session(token_hash, now, is_half=False)

    def half_session(self, token_hash: str, now: datetime) -> StaffMember | None:
        """Who has given the password and is to give the code of the second factor."""
        return self._of_session(token_hash, now, is_half=True)

    def end_session(self, token_hash: str) -> None:
        self._change(delete(StaffSessionRow).where(StaffSessionRow.token_hash == token_hash))

    def end_sessions(self, staff_id: str) -> None:
        self._change(delete(StaffSessionRow).where(StaffSessionRow.staff_id == staff_id))

    def _of_session(self, token_hash: str, now: datetime, *, is_half: bool) -> StaffMember | None:
        row = self._first(
            select(StaffRow)
            .join(StaffSessionRow, StaffSessionRow.staff_id == StaffRow.id)
            .where(
                StaffSessionRow.token_hash == token_hash,
                *_is_on(now),
                StaffSessionRow.is_half == is_half,
                StaffRow.active,
            )
        )
        return None if row is None else to_staff_member(row)

    def _change_member(self, staff_id: str, **values: Any) -> None:
        if not self._change(update(StaffRow).where(StaffRow.id == staff_id).values(values)):
            raise MissingRow("staff", staff_id)


class SqlSecondFactors(Repository):
    def get(self, staff_id: str) -> SecondFactor:
        row = self._first(select(StaffRow).where(StaffRow.id == staff_id))
        if row is None:
            raise MissingRow("staff", staff_id)
        kept = row.totp_secret
        secret = None if kept is None else self._vault.open(kept, _owner(staff_id))
        return SecondFactor(secret, row.totp_enabled_at, row.totp_last_step)

    def put(self, staff_id: str, factor: SecondFactor) -> None:
        """Overwrite the second factor; recovery codes belong to the old one and go."""
        secret = factor.secret
        self._change(
            update(StaffRow)
            .where(StaffRow.id == staff_id)
            .values(
                totp_secret=None if secret is None else self._seal(secret, staff_id),
                totp_enabled_at=factor.enabled_at,
                totp_last_step=factor.last_step,
            )
        )
        self._change(delete(StaffRecoveryCodeRow).where(StaffRecoveryCodeRow.staff_id == staff_id))

    def reseal(self) -> int:
        """Seal with the present site secret what is not; return how many.

        Raises:
            SecretUnreadable
        """
        rows = self._all(select(StaffRow).where(StaffRow.totp_secret.is_not(None)))
        stale = [
            (row.id, self._vault.open(row.totp_secret or "", _owner(row.id)))
            for row in rows
            if not self._vault.is_fresh(row.totp_secret or "", _owner(row.id))
        ]
        for staff_id, secret in stale:
            sealed = self._seal(secret, staff_id)
            self._change(update(StaffRow).where(StaffRow.id == staff_id).values(totp_secret=sealed))
        return len(stale)

    def _seal(self, secret: str, staff_id: str) -> str:
        return self._vault.seal(secret, _owner(staff_id))

    def use_step(self, staff_id: str, step: int) -> bool:
        """Use up the code of a step; False when it, or a later one, was used before."""
        is_new = or_(StaffRow.totp_last_step.is_(None), StaffRow.totp_last_step < step)
        met = self._change(
            update(StaffRow).where(StaffRow.id == staff_id, is_new).values(totp_last_step=step)
        )
        return met == 1

    def add_recovery_codes(self, staff_id: str, code_hashes: Sequence[str]) -> None:
        rows = [{"staff_id": staff_id, "code_hash": one, "used_at": None} for one in code_hashes]
        self._insert(StaffRecoveryCodeRow, *rows)

    def use_recovery_code(self, staff_id: str, code_hash: str, at: datetime) -> bool:
        """Use up a recovery code; False when there is none, or it was used before."""
        met = self._change(
            update(StaffRecoveryCodeRow)
            .where(
                StaffRecoveryCodeRow.staff_id == staff_id,
                StaffRecoveryCodeRow.code_hash == code_hash,
                StaffRecoveryCodeRow.used_at.is_(None),
            )
            .values(used_at=at)
        )
        return met == 1

    def recovery_codes_left(self, staff_id: str) -> int:
        unused = select(StaffRecoveryCodeRow).where(
            StaffRecoveryCodeRow.staff_id == staff_id, StaffRecoveryCodeRow.used_at.is_(None)
        )
        return len(self._all(unused))


class SqlStaffChanges(Repository):
    def add(self, change: StaffChange) -> None:
        self._insert(
            StaffChangeRow,
            {
                "staff_id": change.staff_id,
                "at": change.at,
                "actor_id": change.actor_id,
                "kind": change.kind.value,
                "before": change.before,
                "after": change.after,
            },
        )

    def of(self, staff_id: str, limit: int = 100) -> Sequence[StaffChange]:
        """What was changed about a person, latest first."""
        rows = self._all(
            select(StaffChangeRow)
            .where(StaffChangeRow.staff_id == staff_id)
            .order_by(StaffChangeRow.id.desc())
            .limit(limit)
        )
        return [_to_change(row) for row in rows]


def _is_on(now: datetime) -> tuple[ColumnElement[bool], ...]:
    used = StaffSessionRow.used_at
    return StaffSessionRow.expires_at > now, or_(used.is_(None), used > now - SESSION_IDLE)


def _owner(staff_id: str) -> str:
    return f"the second factor of {staff_id}"


def normal_login(login: str) -> str:
    return login.strip().lower()


def _values(member: StaffMember) -> dict[str, Any]:
    return {
        "name": member.name,
        "role": member.role,
        "active": member.active,
        "languages": list(member.languages),
        "skills": list(member.skills),
    }


def _to_change(row: StaffChangeRow) -> StaffChange:
    return StaffChange(
        row.staff_id, row.at, row.actor_id, ChangeKind(row.kind), row.before, row.after
    )
