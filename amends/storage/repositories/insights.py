"""Facts of conversations: written one row each, read as columns."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Text, cast, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from amends.insights.facts import FACT_NAMES, MET, UNMET, ConversationFacts
from amends.insights.statistics.recovery import NOTICEABLE
from amends.insights.table import ANSWERS, FactsQuery, MoodMove, Table, Wanted
from amends.storage.repositories.base import Repository, table_of
from amends.storage.tables.insights import ConversationFactsRow

_FACTS = table_of(ConversationFactsRow)
_COLUMNS = [_FACTS.c[name] for name in FACT_NAMES]
AT_ONCE = 500
"""Rows of one statement: SQLite takes 32,766 values in each."""


class SqlFacts(Repository):
    def save(self, facts: Iterable[ConversationFacts]) -> None:
        """Store rows, in place of earlier ones of the same conversations."""
        make = postgres_insert if self._is_postgres else sqlite_insert
        statement = make(_FACTS)
        changed = {
            name: statement.excluded[name]
            for name in FACT_NAMES
            if name not in {"conversation_id", "part"}
        }
        upsert = statement.on_conflict_do_update(
            index_elements=["conversation_id", "part"], set_=changed
        )
        rows = [asdict(one) for one in facts]
        for start in range(0, len(rows), AT_ONCE):
            self._refusing(_FACTS, upsert, rows[start : start + AT_ONCE])

    def get(self, conversation_id: str) -> ConversationFacts | None:
        """Return the first part of a conversation."""
        row = self._session.execute(
            select(*_COLUMNS)
            .where(_FACTS.c.conversation_id == conversation_id)
            .order_by(_FACTS.c.part)
            .limit(1)
        ).first()
        return None if row is None else ConversationFacts(*row)

    def table(self, query: FactsQuery, names: Sequence[str]) -> Table:
        """Return these columns of all conversations that a query finds, oldest first.

        The database packs each column into one array of JSON: half the time of fetching a million
        values one by one, and other threads go on meanwhile.
        """
        wanted = select(*(self._plain(name).label(name) for name in names))
        ordered = _found(wanted, query).order_by(_FACTS.c.started_at, _FACTS.c.conversation_id)
        found = ordered.subquery()
        packed = select(*(self._packed(found.c[name]) for name in names))
        row = self._session.execute(packed).one()
        columns = zip(names, (json.loads(text or "[]") for text in row), strict=True)
        return Table(dict(columns))

    def _plain(self, name: str) -> ColumnElement[Any]:
        """Return a column that JSON can hold: on PostgreSQL a moment as seconds since 1970."""
        column = _FACTS.c[name]
        is_moment = name == "started_at" and self._is_postgres
        return func.extract("epoch", column) if is_moment else column

    def _packed(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        if self._is_postgres:
            return cast(func.json_agg(column), Text)
        return func.json_group_array(column, type_=Text)

    def count(self, query: FactsQuery) -> int:
        counted = _found(select(func.count()).select_from(_FACTS), query)
        return self._session.scalar(counted) or 0

    def find(
        self,
        query: FactsQuery,
        after: tuple[datetime, str] | None = None,
        limit: int = 50,
    ) -> Sequence[ConversationFacts]:
        """Return conversations, the latest first, behind the place (started_at, id)."""
        statement = _found(select(*_COLUMNS), query)
        place = tuple_(_FACTS.c.started_at, _FACTS.c.conversation_id)
        if after is not None:
            statement = statement.where(place < after)
        latest_first = statement.order_by(
            _FACTS.c.started_at.desc(), _FACTS.c.conversation_id.desc()
        )
        rows = self._session.execute(latest_first.limit(limit))
        return [ConversationFacts(*row) for row in rows]

    def first_day(self) -> int | None:
        """Return the day of the earliest conversation."""
        return self._session.scalar(
            select(_FACTS.c.day).order_by(_FACTS.c.started_at, _FACTS.c.conversation_id).limit(1)
        )


def _found[T: tuple[Any, ...]](statement: Select[T], query: FactsQuery) -> Select[T]:
    conditions: list[ColumnElement[bool]] = [
        _FACTS.c.started_at >= query.since,
        _FACTS.c.started_at < query.until,
    ]
    conditions += [_is(_FACTS.c[name], value) for name, value in query.equal.items()]
    conditions += [_FACTS.c[name].is_not(None) for name in sorted(query.known)]
    conditions += [_FACTS.c[name] >= value for name, value in query.low.items()]
    conditions += [_FACTS.c[name] <= value for name, value in query.high.items()]
    conditions += [_FACTS.c[name] < value for name, value in query.below.items()]
    if query.unmet is not None:
        conditions.append(_letter(query.unmet) == UNMET)
    if query.judged is not None:
        conditions.append(_letter(query.judged).in_((MET, UNMET)))
    if query.mood is not None:
        conditions.append(_moved(query.mood))
    if query.promised:
        conditions.append(_FACTS.c.promises_kept + _FACTS.c.promises_broken > 0)
    if query.answered:
        conditions.append(or_(*(_FACTS.c[name].is_not(None) for name in ANSWERS)))
    return statement.where(*conditions)


def _is(column: Column[Any], value: Wanted) -> ColumnElement[bool]:
    if value is None:
        return column.is_(None)
    return column.in_(value) if isinstance(value, tuple) else column == value


def _letter(place: int) -> ColumnElement[str]:
    return func.substr(_FACTS.c.review, place + 1, 1)


def _moved(mood: MoodMove) -> ColumnElement[bool]:
    rise = _FACTS.c.mood_end - _FACTS.c.mood_start
    return rise >= NOTICEABLE if mood is MoodMove.IMPROVED else rise <= -NOTICEABLE
