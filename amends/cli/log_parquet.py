"""The log for analysis as Parquet. Only this module loads pyarrow."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from amends.records.log.columns import Column, Kind, columns
from amends.records.log.model import VERSION, LoggedConversation
from amends.values import Json

GROUP = 2_000
"""Conversations of a row group, at most …"""
GROUP_MESSAGES = 20_000
"""… and their messages, unless one conversation alone has more: so much is in memory at once."""

_TYPES: dict[Kind, Any] = {
    Kind.TEXT: pa.string(),
    Kind.WHOLE: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.YES_NO: pa.bool_(),
    Kind.MOMENT: pa.timestamp("us", tz="UTC"),
    Kind.JSON: pa.string(),
}


def write_parquet(rows: Iterable[Json], path: Path) -> None:
    """Write rows into a file, in groups of bounded size; nested parts are lists of structs."""
    schema = arrow_schema()
    with pq.ParquetWriter(path, schema, compression="zstd") as file:
        for group in _groups(rows):
            file.write_table(pa.Table.from_pylist(group, schema))


def arrow_schema() -> Any:
    return pa.schema(_fields(LoggedConversation), {"amends_log_version": str(VERSION)})


def _fields(part: type) -> list[Any]:
    return [pa.field(one.name, _type(one), nullable=one.optional) for one in columns(part)]


def _type(column: Column) -> Any:
    one = _TYPES[column.kind] if column.part is None else pa.struct(_fields(column.part))
    return pa.list_(pa.field("element", one, nullable=False)) if column.many else one


def _groups(rows: Iterable[Json]) -> Iterator[list[Json]]:
    group: list[Json] = []
    messages = 0
    for row in rows:
        count = len(row["messages"])
        if group and (len(group) >= GROUP or messages + count > GROUP_MESSAGES):
            yield group
            group, messages = [], 0
        group.append(row)
        messages += count
    if group:
        yield group
