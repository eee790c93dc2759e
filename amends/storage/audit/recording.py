"""Writes the audit log: sees every statement of a session, and chains what it tells at the commit.

No repository can forget it: it listens to the session itself. At the commit the tail of the chain
is locked, last of all, so that two transactions never chain to the same row: SQLite has one writer
anyway, PostgreSQL takes an advisory lock for the milliseconds until the commit is through.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Connection, Delete, Insert, Table, Update, func, insert, select
from sqlalchemy.engine import CursorResult, Result
from sqlalchemy.event import listen
from sqlalchemy.orm import ORMExecuteState, Session

from amends.audit.chain import START, chained
from amends.audit.model import Chained, Entry, Head
from amends.storage.audit.rules import AUDITED, Rule, silent
from amends.storage.repositories.base import table_of
from amends.storage.tables.audit import AuditRow

TAIL_LOCK = 0x6175646974  # any number of our own; every process uses the same
_AUDIT = table_of(AuditRow)
_TAIL = select(_AUDIT.c.number, _AUDIT.c.hash).order_by(_AUDIT.c.number.desc()).limit(1)
_INSERT = insert(_AUDIT)
_TOLD = "amends_audit"

type Row = Mapping[str, Any]
type Key = tuple[Any, ...]


class RecordedSession(Session):
    """A session that writes the audit log; the listeners stand at the end of this module."""


def note(session: Session, entry: Entry) -> None:
    """Tell the log what no row tells."""
    session.info.setdefault(_TOLD, []).append(entry)


def append(connection: Connection, entries: Sequence[Entry]) -> Head:
    """Chain the entries to what the log holds, and return its new head."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(TAIL_LOCK)))
    tail = connection.execute(_TAIL).first()
    head = Head(tail.number, tail.hash) if tail else START
    rows = chained(head, entries)
    if rows:
        connection.execute(_INSERT, [_values(row) for row in rows])
        return Head(rows[-1].number, rows[-1].hash)
    return head


def _values(row: Chained) -> dict[str, Any]:
    entry = row.entry
    return {
        "number": row.number,
        "at": entry.at,
        "actor": entry.actor,
        "action": entry.action,
        "subject_kind": entry.subject_kind,
        "subject_id": entry.subject_id,
        "data": entry.data,
        "hash": row.hash,
    }


def _chain(session: Session) -> None:
    if session.in_nested_transaction():
        return  # a savepoint: the transaction goes on
    entries = session.info.pop(_TOLD, None)
    if entries:
        append(session.connection(), entries)


def _forget(session: Session) -> None:
    session.info.pop(_TOLD, None)


def _see(state: ORMExecuteState) -> Result[Any] | None:
    """Carry a statement out, and take down what it tells."""
    statement = state.statement
    if not isinstance(statement, Insert | Update | Delete):
        return None
    rule = AUDITED.get(cast(Table, statement.table).name)
    if rule is None:
        return None
    if isinstance(statement, Insert):
        return None if rule.added is silent else _insert(state, statement, rule)
    if isinstance(statement, Delete):
        return None if rule.removed is None else _delete(state, statement, rule)
    return None if rule.changed is None else _update(state, statement, rule)


def _insert(state: ORMExecuteState, statement: Insert, rule: Rule) -> Result[Any]:
    result = state.invoke_statement()
    rows = _given(state, statement)
    if len(statement.exported_columns):  # asks back whether the row was new
        kept = result.freeze()
        if kept().first() is None:
            return kept()
        result = kept()
    _take_down(state.session, [rule.added(row) for row in rows])
    return result


def _given(state: ORMExecuteState, statement: Insert) -> Sequence[Row]:
    """Return the rows to be added, with the columns that were left out."""
    given = state.parameters
    if not given:
        found: Sequence[Row] = [statement.compile().params]
    else:
        found = given if isinstance(given, list) else [cast(Row, given)]
    nothing = dict.fromkeys(cast(Table, statement.table).c.keys())
    return [{**nothing, **row} for row in found]


def _update(state: ORMExecuteState, statement: Update, rule: Rule) -> Result[Any]:
    assert rule.changed is not None
    before = _met(state.session, statement)
    result = state.invoke_statement()
    if not before or cast("CursorResult[Any]", result).rowcount == 0:
        return result
    told = []
    for key, now in _again(state.session, cast(Table, statement.table), before).items():
        told.append(rule.changed(before[key], now))
    _take_down(state.session, told)
    return result


def _delete(state: ORMExecuteState, statement: Delete, rule: Rule) -> Result[Any]:
    assert rule.removed is not None
    before = _met(state.session, statement)
    result = state.invoke_statement()
    _take_down(state.session, [rule.removed(row) for row in before.values()])
    return result


def _met(session: Session, statement: Update | Delete) -> dict[Key, Row]:
    """Return the rows that a statement is about to meet, by their keys."""
    table = cast(Table, statement.table)
    query = select(table)
    if statement.whereclause is not None:
        query = query.where(statement.whereclause)
    return _by_key(table, session.connection().execute(query).mappings().all())


def _again(session: Session, table: Table, rows: Mapping[Key, Row]) -> Mapping[Key, Row]:
    found: dict[Key, Row] = {}
    for key in rows:
        same = [column == value for column, value in zip(table.primary_key, key, strict=True)]
        query = select(table).where(*same)
        found |= _by_key(table, session.connection().execute(query).mappings().all())
    return found


def _by_key(table: Table, rows: Sequence[Any]) -> dict[Key, Row]:
    names = [column.name for column in table.primary_key]
    return {tuple(row[name] for name in names): dict(row) for row in rows}


def _take_down(session: Session, told: Sequence[Entry | None]) -> None:
    for entry in told:
        if entry is not None:
            note(session, entry)


listen(RecordedSession, "do_orm_execute", _see)
listen(RecordedSession, "before_commit", _chain)
listen(RecordedSession, "after_rollback", _forget)
