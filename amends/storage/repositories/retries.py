"""Accepted remedies that are to be carried out now, and those that wait for another try."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select

from amends.compensation.model import Remedy, Retry, Step
from amends.storage.repositories.base import Lookup, Repository
from amends.storage.repositories.rows import to_remedy
from amends.storage.tables.compensation import RemedyRow, RemedyStepRow, RetryRow

_RETRY = Lookup(RetryRow, "remedy_id")


class SqlRetries(Repository):
    def to_carry_out(
        self, now: datetime, rest: timedelta = timedelta(0), limit: int = 200
    ) -> Sequence[Remedy]:
        """Accepted remedies, oldest first; without those that rest or wait for another try."""
        rows = self._all(
            select(RemedyRow)
            .join(RemedyStepRow, RemedyStepRow.remedy_id == RemedyRow.id)
            .outerjoin(RetryRow, RetryRow.remedy_id == RemedyRow.id)
            .where(
                RemedyRow.state == Step.ACCEPTED,
                RemedyStepRow.step == Step.ACCEPTED,
                RemedyStepRow.at <= now - rest,
                or_(RetryRow.next_at.is_(None), RetryRow.next_at <= now),
            )
            .order_by(RemedyRow.made_at, RemedyRow.id)
            .limit(limit)
        )
        return [to_remedy(row) for row in rows]

    def retry_of(self, remedy_id: str) -> Retry | None:
        row = self._found_first(_RETRY, remedy_id=remedy_id)
        return None if row is None else _to_retry(row)

    def failing_since(self, before: datetime, limit: int = 200) -> Sequence[Retry]:
        """What first failed before then and no person was asked about yet."""
        rows = self._all(
            select(RetryRow)
            .where(RetryRow.first_failed_at <= before, RetryRow.person_asked_at.is_(None))
            .order_by(RetryRow.first_failed_at, RetryRow.remedy_id)
            .limit(limit)
        )
        return [_to_retry(row) for row in rows]

    def save_retry(self, retry: Retry) -> None:
        self._put(
            RetryRow,
            ["remedy_id"],
            {
                "remedy_id": retry.remedy_id,
                "tries": retry.tries,
                "first_failed_at": retry.first_failed_at,
                "next_at": retry.next_at,
                "reason": retry.reason,
                "person_asked_at": retry.person_asked_at,
            },
        )

    def end_retries(self, remedy_id: str) -> None:
        self._change(delete(RetryRow).where(RetryRow.remedy_id == remedy_id))

    def reference_of(self, remedy_id: str) -> str | None:
        """The reference that came with the step `issued`."""
        detail = self._session.scalar(
            select(RemedyStepRow.detail).where(
                RemedyStepRow.remedy_id == remedy_id, RemedyStepRow.step == Step.ISSUED
            )
        )
        return (detail or {}).get("reference")


def _to_retry(row: RetryRow) -> Retry:
    return Retry(
        remedy_id=row.remedy_id,
        tries=row.tries,
        first_failed_at=row.first_failed_at,
        next_at=row.next_at,
        reason=row.reason,
        person_asked_at=row.person_asked_at,
    )
