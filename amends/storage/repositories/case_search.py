"""Questions about all cases, answered from indexes however many there are."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, tuple_, update
from sqlalchemy.orm import InstrumentedAttribute, aliased

from amends.cases.model import Case
from amends.cases.search import MOST_COUNTED, PAGE, CaseQuery, FoundCases, Place, Sort
from amends.storage.repositories.base import Repository
from amends.storage.repositories.rows import to_case
from amends.storage.tables.case_search import CaseTermRow
from amends.storage.tables.cases import NOT_CLOSED, NOT_INDEXED, CaseRow
from amends.storage.tables.conversations import ConversationRow

RARE = 500
"""Of several terms the rarest leads; counting each stops here."""

_ENDED_OR_WITHOUT = or_(CaseRow.closed_at.is_not(None), CaseRow.resolution_due_at.is_(None))


class SqlCaseSearch(Repository):
    def find(
        self, query: CaseQuery, now: datetime, after: Place | None = None, limit: int = PAGE
    ) -> FoundCases:
        """Return one page of the answer, behind a place; one case more is read to know the end."""
        phase = after.phase if after else 0
        found = self._phase(query, now, phase, after, limit + 1)
        if query.sort is Sort.DEADLINE and phase == 0 and len(found) <= limit:
            found += self._phase(query, now, 1, None, limit + 1 - len(found))
        page = found[:limit]
        return FoundCases(
            cases=tuple(case for _, case in page),
            next=_place(query, *page[-1]) if len(found) > limit else None,
        )

    def count(self, query: CaseQuery, now: datetime, most: int = MOST_COUNTED) -> int:
        """Count what a query finds; `most + 1` when there is more than that."""
        first, others = self._leading(query.terms)
        found = _matching(query, now, first, others).limit(most + 1).subquery()
        return self._session.scalar(select(func.count()).select_from(found)) or 0

    def due(self, changed_since: datetime, limit: int = 200) -> Sequence[str]:
        """Cases whose terms are to be gathered, again or for the first time."""
        new = self._session.scalars(
            select(CaseRow.id).where(NOT_INDEXED).order_by(CaseRow.opened_at).limit(limit)
        ).all()
        grown = self._session.scalars(
            select(CaseRow.id)
            .join(ConversationRow, ConversationRow.id == CaseRow.conversation_id)
            .where(
                ConversationRow.changed_at >= changed_since,
                CaseRow.indexed_at < ConversationRow.changed_at,
            )
            .order_by(ConversationRow.changed_at)
            .limit(limit)
        ).all()
        return [*new, *grown][:limit]

    def set_terms(self, case: Case, terms: frozenset[str]) -> None:
        """Let a case be found by these terms and by no others, as its conversation stands now."""
        known = set(
            self._session.scalars(select(CaseTermRow.term).where(CaseTermRow.case_id == case.id))
        )
        gone = known - terms
        if gone:
            self._change(
                delete(CaseTermRow).where(
                    CaseTermRow.case_id == case.id, CaseTermRow.term.in_(sorted(gone))
                )
            )
        new = [
            {"term": term, "opened_at": case.opened_at, "case_id": case.id}
            for term in sorted(terms - known)
        ]
        self._insert(CaseTermRow, *new)
        changed_at = (
            select(ConversationRow.changed_at)
            .where(ConversationRow.id == case.conversation_id)
            .scalar_subquery()
        )
        self._change(update(CaseRow).where(CaseRow.id == case.id).values(indexed_at=changed_at))

    def _phase(
        self, query: CaseQuery, now: datetime, phase: int, after: Place | None, limit: int
    ) -> list[tuple[int, Case]]:
        first, others = self._leading(query.terms)
        found = _matching(query, now, first, others)
        statement = _ordered(found, query.sort, phase, after, first is not None)
        return [(phase, to_case(row)) for row in self._all(statement.limit(limit))]

    def _leading(self, terms: Sequence[str]) -> tuple[str | None, list[str]]:
        """Part the terms into the rarest, whose cases are read, and those that are looked up."""
        if len(terms) < 2:
            return next(iter(terms), None), []
        rarest = min(terms, key=self._how_many)
        return rarest, [term for term in terms if term != rarest]

    def _how_many(self, term: str) -> int:
        some = select(CaseTermRow.case_id).where(CaseTermRow.term == term).limit(RARE).subquery()
        return self._session.scalar(select(func.count()).select_from(some)) or 0


def _place(query: CaseQuery, phase: int, case: Case) -> Place:
    by_deadline = query.sort is Sort.DEADLINE and phase == 0 and case.resolution_due_at is not None
    at = case.resolution_due_at if by_deadline else case.opened_at
    return Place(phase, at or case.opened_at, case.id)


def _matching(
    query: CaseQuery, now: datetime, first: str | None, others: Sequence[str]
) -> Select[tuple[CaseRow]]:
    statement = select(CaseRow).where(*_facts(query, now), *_opened(query, first is not None))
    if first is not None:
        statement = statement.join(CaseTermRow, CaseTermRow.case_id == CaseRow.id).where(
            CaseTermRow.term == first
        )
    for term in others:
        other = aliased(CaseTermRow)
        also = select(other.case_id).where(
            other.term == term, other.opened_at == CaseRow.opened_at, other.case_id == CaseRow.id
        )
        statement = statement.where(also.exists())
    return statement


def _facts(query: CaseQuery, now: datetime) -> list[ColumnElement[bool]]:
    conditions: list[Any] = [
        column == value
        for column, value in (
            (CaseRow.number, query.number),
            (CaseRow.category, query.category),
            (CaseRow.root_cause, query.root_cause),
            (CaseRow.owner, query.owner),
            (CaseRow.severity, query.severity),
        )
        if value is not None
    ]
    if query.statuses:
        conditions.append(CaseRow.status.in_(sorted(query.statuses)))
    if query.no_root_cause:
        conditions.append(CaseRow.root_cause.is_(None))
    if query.unresolved or query.overdue:
        conditions.append(NOT_CLOSED)
    if query.overdue:
        conditions.append(CaseRow.resolution_due_at <= now)
    return conditions


def _opened(query: CaseQuery, by_term: bool) -> list[ColumnElement[bool]]:
    opened_at = _opened_at(by_term)
    conditions = []
    if query.opened_from is not None:
        conditions.append(opened_at >= query.opened_from)
    if query.opened_before is not None:
        conditions.append(opened_at < query.opened_before)
    return conditions


def _opened_at(by_term: bool) -> InstrumentedAttribute[datetime]:
    """The opening as the index that leads has it."""
    return CaseTermRow.opened_at if by_term else CaseRow.opened_at


def _ordered(
    found: Select[tuple[CaseRow]], sort: Sort, phase: int, after: Place | None, by_term: bool
) -> Select[tuple[CaseRow]]:
    at: Any = _opened_at(by_term)
    case_id: Any = CaseTermRow.case_id if by_term else CaseRow.id
    up = sort is Sort.OLDEST
    if sort is Sort.DEADLINE and phase == 0:
        found = found.where(NOT_CLOSED, CaseRow.resolution_due_at.is_not(None))
        at, case_id, up = CaseRow.resolution_due_at, CaseRow.id, True
    elif sort is Sort.DEADLINE:
        found = found.where(_ENDED_OR_WITHOUT)
    if after is not None:
        here, there = tuple_(at, case_id), (after.at, after.case_id)
        found = found.where(here > there if up else here < there)
    return found.order_by(at, case_id) if up else found.order_by(at.desc(), case_id.desc())
