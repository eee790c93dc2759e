"""What all repositories share."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import CursorResult, Delete, Result, Select, Table, Update, insert
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import UpdateBase

from amends.storage.base import Base
from amends.storage.errors import Conflict

FRESH = {"populate_existing": True}
"""Rows are changed by statements, so a query never trusts an object loaded earlier."""
DIRECT = {"synchronize_session": False}


class Repository:
    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def _is_postgres(self) -> bool:
        return self._session.get_bind().dialect.name == "postgresql"

    def _all[Row](self, query: Select[tuple[Row]]) -> Sequence[Row]:
        return self._session.scalars(query, execution_options=FRESH).all()

    def _first[Row](self, query: Select[tuple[Row]]) -> Row | None:
        return self._session.scalars(query, execution_options=FRESH).first()

    def _insert(self, row: type[Base], *values: dict[str, Any]) -> None:
        """Add rows.

        Raises:
            Conflict: a constraint refuses one; the transaction can only be rolled back now.
        """
        table = cast(Table, row.__table__)
        if values:
            self._refusing(table, insert(table), list(values))

    def _insert_missing(self, row: type[Base], keys: list[str], values: dict[str, Any]) -> None:
        """Add the row; do nothing when one with these keys exists."""
        table = cast(Table, row.__table__)
        make = postgres_insert if self._is_postgres else sqlite_insert
        self._refusing(table, make(table).on_conflict_do_nothing(index_elements=keys), [values])

    def _put(self, row: type[Base], keys: list[str], values: dict[str, Any]) -> None:
        """Add the row, or overwrite the one with the same keys."""
        table = cast(Table, row.__table__)
        make = postgres_insert if self._is_postgres else sqlite_insert
        changed = {name: value for name, value in values.items() if name not in keys}
        statement = make(table).values(values)
        self._refusing(
            table, statement.on_conflict_do_update(index_elements=keys, set_=changed), None
        )

    def _change(self, statement: Update | Delete) -> int:
        """Carry out an update or delete and return how many rows it met.

        Raises:
            Conflict: a constraint refuses it.
        """
        table = cast(Table, statement.table)
        result = self._refusing(table, statement, None, DIRECT)
        return cast("CursorResult[Any]", result).rowcount

    def _refusing(
        self,
        table: Table,
        statement: UpdateBase,
        values: list[dict[str, Any]] | None,
        options: dict[str, Any] | None = None,
    ) -> Result[Any]:
        try:
            return self._session.execute(statement, values, execution_options=options or {})
        except IntegrityError as error:
            reason = str(error.orig).splitlines()[0]
            raise Conflict(table.name, reason) from error
