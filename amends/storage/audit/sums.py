"""One figure for all rows of a table: how many there are, and a digest over them in their order."""

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, Table, select

from amends.storage.audit.told import digest
from amends.values import Json

STREAMED = 1000
"""Rows of a stream that are in memory at a time."""


class Sum:
    def __init__(self) -> None:
        self._rows = 0
        self._digest = hashlib.sha256()

    def add(self, row_digest: str) -> None:
        self._rows += 1
        self._digest.update(row_digest.encode())

    def told(self, columns: Sequence[str]) -> Json:
        return {"columns": list(columns), "rows": self._rows, "digest": self._digest.hexdigest()}


def sum_of(connection: Connection, table: Table, columns: Sequence[str]) -> Json:
    """Return the sum of these columns over all rows of a table."""
    total = Sum()
    query = select(*(table.c[name] for name in columns)).order_by(*keys(connection, table))
    streamed = connection.execute(query, execution_options={"yield_per": STREAMED})
    for row in streamed.mappings():
        total.add(digest(dict(row), columns))
    return total.told(columns)


def keys(connection: Connection, table: Table) -> list[ColumnElement[Any]]:
    """Return what rows are ordered by: their key, byte by byte, on every database alike."""
    on_postgres = connection.dialect.name == "postgresql"
    return [
        column.collate("C") if on_postgres and isinstance(column.type, String) else column
        for column in table.primary_key
    ]
