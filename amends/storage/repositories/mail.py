"""Mails on their way out, and requests for a code."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Update, delete, func, select, update

from amends.cases.access import AccessRequest
from amends.cases.mail import Mail
from amends.storage.repositories.base import Lookup, Repository
from amends.storage.tables.mail import HAS_ENDED, IS_PENDING, NOT_HANDLED, AccessRequestRow, MailRow

_REQUEST = Lookup(AccessRequestRow, "id")
_REQUEST_FOR_CHANGE = Lookup(AccessRequestRow, "id", for_update=True)


class SqlMails(Repository):
    def add(self, mail: Mail) -> None:
        self._insert(
            MailRow,
            {
                "id": mail.id,
                "recipient": mail.to,
                "subject": mail.subject,
                "body": mail.body,
                "made_at": mail.made_at,
                "expires_at": mail.expires_at,
                "tries": mail.tries,
                "next_at": mail.made_at,
            },
        )

    def any_due(self, now: datetime) -> bool:
        due = select(MailRow.id).where(IS_PENDING, MailRow.next_at <= now).limit(1)
        return self._session.scalar(due) is not None

    def take(self, now: datetime, until: datetime) -> Mail | None:
        """Take the mail that has been due longest; nobody else gets it before `until`."""
        row = self._first(
            select(MailRow)
            .where(IS_PENDING, MailRow.next_at <= now)
            .order_by(MailRow.next_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if row is None:
            return None
        tries = row.tries + 1
        self._change(_pending(row.id).values(tries=tries, next_at=until))
        return Mail(
            row.id, row.recipient, row.subject, row.body, row.made_at, row.expires_at, tries
        )

    def sent(self, mail_id: str, at: datetime) -> None:
        """Mark as sent; what it said is forgotten."""
        self._change(_pending(mail_id).values(sent_at=at, body="", last_error=None))

    def postpone(self, mail_id: str, next_at: datetime, error: str) -> None:
        self._change(_pending(mail_id).values(next_at=next_at, last_error=error))

    def fail(self, mail_id: str, at: datetime, error: str) -> None:
        """Give a mail up; what it said is forgotten."""
        self._change(_pending(mail_id).values(failed_at=at, body="", last_error=error))

    def forget(self, before: datetime) -> int:
        """Forget mails that were made before then and are not on their way any more."""
        return self._change(delete(MailRow).where(MailRow.made_at < before, HAS_ENDED))


class SqlAccessRequests(Repository):
    def add(self, request: AccessRequest) -> None:
        self._insert(AccessRequestRow, {"id": request.id, **_values(request)})

    def get(self, request_id: str) -> AccessRequest | None:
        row = self._found_first(_REQUEST, id=request_id)
        return None if row is None else _to_request(row)

    def unhandled(self, limit: int = 200) -> Sequence[AccessRequest]:
        """Requests nobody has looked at, oldest first."""
        rows = self._all(
            select(AccessRequestRow)
            .where(NOT_HANDLED)
            .order_by(AccessRequestRow.asked_at)
            .limit(limit)
        )
        return [_to_request(row) for row in rows]

    def lock(self, request_id: str) -> AccessRequest | None:
        """Read a request for a change; of two who use one code at once, the second comes late."""
        row = self._found_first(_REQUEST_FOR_CHANGE, id=request_id)
        return None if row is None else _to_request(row)

    def save(self, request: AccessRequest) -> None:
        self._change(
            update(AccessRequestRow)
            .where(AccessRequestRow.id == request.id)
            .values(_values(request))
        )

    def sent_for_case(self, case_id: str, since: datetime) -> int:
        """Count the codes that were made for a case."""
        query = (
            select(func.count())
            .select_from(AccessRequestRow)
            .where(
                AccessRequestRow.case_id == case_id,
                AccessRequestRow.asked_at >= since,
                AccessRequestRow.code_hash.is_not(None),
            )
        )
        return self._session.scalar(query) or 0

    def forget(self, before: datetime) -> int:
        return self._change(delete(AccessRequestRow).where(AccessRequestRow.asked_at < before))


def _pending(mail_id: str) -> Update:
    return update(MailRow).where(MailRow.id == mail_id, IS_PENDING)


def _values(request: AccessRequest) -> dict[str, Any]:
    return {
        "number": request.number,
        "email": request.email,
        "language": request.language,
        "asked_at": request.asked_at,
        "handled_at": request.handled_at,
        "case_id": request.case_id,
        "code_hash": request.code_hash,
        "tries": request.tries,
        "used_at": request.used_at,
    }


def _to_request(row: AccessRequestRow) -> AccessRequest:
    return AccessRequest(
        id=row.id,
        number=row.number,
        email=row.email,
        language=row.language,
        asked_at=row.asked_at,
        handled_at=row.handled_at,
        case_id=row.case_id,
        code_hash=row.code_hash,
        tries=row.tries,
        used_at=row.used_at,
    )
