"""What all repositories share."""

from collections.abc import Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    CursorResult,
    Delete,
    Insert,
    Result,
    Select,
    Table,
    TextClause,
    Update,
    bindparam,
    insert,
    select,
)
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.dml import UpdateBase

from amends.storage.base import Base
from amends.storage.errors import Conflict
from amends.storage.vault import Vault

FRESH = {"populate_existing": True}
"""Rows are changed by statements, so a query never trusts an object loaded earlier."""
DIRECT = {"synchronize_session": False}
VAULT = "amends_vault"
"""Under which a session keeps what seals and opens secrets."""


def table_of(row: type[Base]) -> Table:
    return cast(Table, row.__table__)


class Lookup[Row: Base]:
    """Reads the rows whose columns have given values; the statement is built once.

    For what every message asks for: less than a third of the processor time of a query through
    the object mapper (`benchmarks/lookups.py`). The rows it finds are plain, with the columns
    of `row`.
    """

    def __init__(
        self,
        row: type[Row],
        *equal: str,
        where: TextClause | None = None,
        order_by: Sequence[str] = (),
        for_update: bool = False,
    ) -> None:
        table = table_of(row)
        query = select(table).where(*(table.c[name] == bindparam(name) for name in equal))
        query = query if where is None else query.where(where)
        query = query.order_by(*(table.c[name] for name in order_by))
        self.statement = query.with_for_update() if for_update else query


class Repository:
    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def _vault(self) -> Vault:
        return cast(Vault, self._session.info[VAULT])

    @property
    def _is_postgres(self) -> bool:
        return self._session.get_bind().dialect.name == "postgresql"

    def _all[Row](self, query: Select[tuple[Row]]) -> Sequence[Row]:
        return self._session.scalars(query, execution_options=FRESH).all()

    def _first[Row](self, query: Select[tuple[Row]]) -> Row | None:
        return self._session.scalars(query, execution_options=FRESH).first()

    def _found[Row: Base](self, lookup: Lookup[Row], **values: Any) -> Sequence[Row]:
        return cast("Sequence[Row]", self._session.execute(lookup.statement, values).all())

    def _found_first[Row: Base](self, lookup: Lookup[Row], **values: Any) -> Row | None:
        return cast("Row | None", self._session.execute(lookup.statement, values).first())

    def _insert(self, row: type[Base], *values: dict[str, Any]) -> None:
        """Add rows.

        Raises:
            Conflict: a constraint refuses one; the transaction can only be rolled back now.
        """
        table = table_of(row)
        if values:
            self._refusing(table, _insertion(table), list(values))

    def _insert_missing(self, row: type[Base], keys: list[str], values: dict[str, Any]) -> None:
        """Add the row; do nothing when one with these keys exists."""
        table = table_of(row)
        make = postgres_insert if self._is_postgres else sqlite_insert
        self._refusing(table, make(table).on_conflict_do_nothing(index_elements=keys), [values])

    def _insert_new[T](
        self,
        row: type[Base],
        keys: list[str],
        values: dict[str, Any],
        column: InstrumentedAttribute[T],
    ) -> T | None:
        """Add the row and return a column of it; None when one with these keys exists."""
        table = table_of(row)
        make = postgres_insert if self._is_postgres else sqlite_insert
        statement = make(table).on_conflict_do_nothing(index_elements=keys).returning(column)
        return cast("T | None", self._refusing(table, statement, [values]).scalar())

    def _insert_unless[T](
        self, row: type[Base], values: dict[str, Any], column: InstrumentedAttribute[T]
    ) -> T | None:
        """Add the row and return a column of it; None when any unique constraint is in the way."""
        table = table_of(row)
        make = postgres_insert if self._is_postgres else sqlite_insert
        statement = make(table).on_conflict_do_nothing().returning(column)
        return cast("T | None", self._refusing(table, statement, [values]).scalar())

    def _put(self, row: type[Base], keys: list[str], values: dict[str, Any]) -> None:
        """Add the row, or overwrite the one with the same keys."""
        table = table_of(row)
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


@cache
def _insertion(table: Table) -> Insert:
    return insert(table)
