"""The audit log, read, checked, and told what no row tells."""

from collections.abc import Generator
from datetime import datetime

from sqlalchemy import Select, select, text

from amends.audit.chain import START
from amends.audit.model import Chained, Entry, Head
from amends.storage.audit import agreement
from amends.storage.audit.recording import note
from amends.storage.audit.sums import STREAMED
from amends.storage.repositories.base import Repository, table_of
from amends.storage.tables.audit import AuditRow
from amends.values import Json


class SqlAudit(Repository):
    """Implements the AuditLog port of the audit room."""

    def note(self, entry: Entry) -> None:
        """Write what no row of another table tells, at the commit."""
        note(self._session, entry)

    def head(self) -> Head:
        row = self._first(select(AuditRow).order_by(AuditRow.number.desc()).limit(1))
        return START if row is None else Head(row.number, row.hash)

    def rows(
        self, since: datetime | None = None, subject: tuple[str, str] | None = None
    ) -> Generator[Chained]:
        """Stream the log, or the part since a moment or about one subject; close it."""
        query = select(AuditRow).order_by(AuditRow.number)
        if since is not None:
            query = query.where(AuditRow.at >= since)
        if subject is not None:
            kind, subject_id = subject
            query = query.where(AuditRow.subject_kind == kind, AuditRow.subject_id == subject_id)
        return self._stream(query)

    def agree(self, began: Json) -> int:
        """Compare the tables with the log, and return how many rows were compared.

        Raises:
            Disagreement: names the first row that differs.
        """
        self._take_time()
        return agreement.agree(self._session.connection(), began)

    def _stream(self, query: Select[tuple[AuditRow]]) -> Generator[Chained]:
        self._take_time()
        plain = query.with_only_columns(*table_of(AuditRow).c)
        options = {"yield_per": STREAMED}
        found = self._session.execute(plain, execution_options=options)
        try:
            for row in found:
                subject = row.subject_kind, row.subject_id
                entry = Entry(row.at, row.actor, row.action, *subject, row.data)
                yield Chained(row.number, entry, row.hash)
        finally:
            found.close()

    def _take_time(self) -> None:
        if self._is_postgres:
            self._session.execute(text("SET LOCAL statement_timeout = 0"))
