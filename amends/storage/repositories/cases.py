"""Cases with their timeline, and promises."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import literal_column, select, update

from amends.cases.model import Case, CaseEntry, CaseStatus, Promise, PromiseState
from amends.storage.errors import MissingRow
from amends.storage.repositories.base import Lookup, Repository
from amends.storage.repositories.rows import to_case, to_entry, to_promise
from amends.storage.tables.cases import CaseEntryRow, CaseRow, PromiseRow
from amends.storage.tables.conversations import ConversationRow

_CASE = Lookup(CaseRow, "id")
_BY_NUMBER = Lookup(CaseRow, "number")
_CASES_OF_CONVERSATION = Lookup(
    CaseRow, "conversation_id", order_by=["opened_at", "opened_by_seq", "id"]
)
_PROMISES_OF_CASE = Lookup(PromiseRow, "case_id", order_by=["made_at", "id"])


class SqlCases(Repository):
    def add(self, case: Case) -> None:
        self._insert(CaseRow, {"id": case.id, **_values(case)})

    def get(self, case_id: str) -> Case | None:
        row = self._found_first(_CASE, id=case_id)
        return None if row is None else to_case(row)

    def by_number(self, number: str) -> Case | None:
        row = self._found_first(_BY_NUMBER, number=number)
        return None if row is None else to_case(row)

    def save(self, case: Case) -> None:
        met = self._change(update(CaseRow).where(CaseRow.id == case.id).values(_values(case)))
        if not met:
            raise MissingRow("cases", case.id)

    def of_conversation(self, conversation_id: str) -> Sequence[Case]:
        rows = self._found(_CASES_OF_CONVERSATION, conversation_id=conversation_id)
        return [to_case(row) for row in rows]

    def of_customer_since(self, customer_id: str, since: datetime) -> Sequence[Case]:
        rows = self._all(
            select(CaseRow)
            .where(CaseRow.customer_id == customer_id, CaseRow.opened_at >= since)
            .order_by(CaseRow.opened_at, CaseRow.id)
        )
        return [to_case(row) for row in rows]

    def of_order(self, order_number: str) -> Sequence[Case]:
        rows = self._all(
            select(CaseRow)
            .where(CaseRow.order_number == order_number)
            .order_by(CaseRow.opened_at, CaseRow.id)
        )
        return [to_case(row) for row in rows]

    def number_taken(self, number: str) -> bool:
        return self._found_first(_BY_NUMBER, number=number) is not None

    def add_entry(self, entry: CaseEntry) -> None:
        self._insert(
            CaseEntryRow,
            {
                "case_id": entry.case_id,
                "at": entry.at,
                "actor": entry.actor,
                "kind": entry.kind,
                "data": entry.data,
            },
        )
        self._outdate(entry)

    def _outdate(self, entry: CaseEntry) -> None:
        """Let the case's conversation be scored again: its facts have changed."""
        of_case = select(CaseRow.conversation_id).where(CaseRow.id == entry.case_id)
        self._change(
            update(ConversationRow)
            .where(ConversationRow.id == of_case.scalar_subquery())
            .values(outdated_at=entry.at)
        )

    def entries(self, case_id: str) -> Sequence[CaseEntry]:
        """The timeline, in the order in which it was written."""
        rows = self._all(
            select(CaseEntryRow).where(CaseEntryRow.case_id == case_id).order_by(CaseEntryRow.id)
        )
        return [to_entry(row) for row in rows]

    def with_status(self, status: CaseStatus, limit: int = 200) -> Sequence[Case]:
        """Cases in this status, oldest first."""
        rows = self._all(
            select(CaseRow)
            .where(CaseRow.status == status)
            .order_by(CaseRow.opened_at, CaseRow.id)
            .limit(limit)
        )
        return [to_case(row) for row in rows]


class SqlPromises(Repository):
    def add(self, promise: Promise) -> None:
        self._insert(
            PromiseRow,
            {
                "id": promise.id,
                "case_id": promise.case_id,
                "what": promise.what,
                "due_at": promise.due_at,
                "made_at": promise.made_at,
                "made_by": promise.made_by,
                "state": promise.state,
                "remedy_id": promise.remedy_id,
                "ended_at": None if promise.state is PromiseState.OPEN else promise.made_at,
                "replaces": promise.replaces,
            },
        )

    def of_case(self, case_id: str) -> Sequence[Promise]:
        rows = self._found(_PROMISES_OF_CASE, case_id=case_id)
        return [to_promise(row) for row in rows]

    def open_due_before(self, at: datetime, limit: int = 500) -> Sequence[Promise]:
        rows = self._all(
            select(PromiseRow)
            .where(PromiseRow.state == literal_column("'open'"), PromiseRow.due_at < at)
            .order_by(PromiseRow.due_at, PromiseRow.id)
            .limit(limit)
        )
        return [to_promise(row) for row in rows]

    def set_state(self, promise_id: str, state: PromiseState, at: datetime) -> bool:
        """End an open promise; False when it was not open any more."""
        met = self._change(
            update(PromiseRow)
            .where(PromiseRow.id == promise_id, PromiseRow.state == PromiseState.OPEN)
            .values(state=state, ended_at=at)
        )
        return met == 1


def _values(case: Case) -> dict[str, Any]:
    return {
        "number": case.number,
        "conversation_id": case.conversation_id,
        "category": case.category,
        "status": case.status,
        "opened_at": case.opened_at,
        "opened_by_seq": case.opened_by_seq,
        "owner": case.owner,
        "next_step": case.next_step,
        "secondary": list(case.secondary),
        "severity": case.severity,
        "flags": sorted(case.flags),
        "customer_id": case.customer_id,
        "order_number": case.order_number,
        "item": case.item,
        "what_happened": case.what_happened,
        "wish": case.wish,
        "wish_text": case.wish_text,
        "repeat_complaint": case.repeat_complaint,
        "outcome": case.outcome,
        "closed_at": case.closed_at,
        "root_cause": case.root_cause,
        "resolution_due_at": case.resolution_due_at,
        "indexed_at": None,  # what a case is found by may have changed with it
    }
