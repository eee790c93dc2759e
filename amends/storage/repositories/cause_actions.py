"""What is done about causes of complaints, and its history."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update

from amends.insights.actions import ActionEntry, CauseAction, Plan
from amends.storage.repositories.base import Repository
from amends.storage.tables.cause_actions import CauseActionEntryRow, CauseActionRow


class SqlCauseActions(Repository):
    """Implements the CauseActions port of the insights room."""

    def add(self, action: CauseAction) -> None:
        made = {"id": action.id, "made_at": action.made_at, "made_by": action.made_by}
        self._insert(CauseActionRow, made | _values(action))

    def get(self, action_id: str) -> CauseAction | None:
        row = self._first(select(CauseActionRow).where(CauseActionRow.id == action_id))
        return None if row is None else _to_action(row)

    def all(self) -> Sequence[CauseAction]:
        rows = self._all(select(CauseActionRow).order_by(CauseActionRow.made_at, CauseActionRow.id))
        return [_to_action(row) for row in rows]

    def save(self, action: CauseAction) -> bool:
        """Store an action's new version; False when it is not the next one any more."""
        met = self._change(
            update(CauseActionRow)
            .where(CauseActionRow.id == action.id, CauseActionRow.version == action.version - 1)
            .values(_values(action))
        )
        return met == 1

    def add_entry(self, entry: ActionEntry) -> None:
        values = {
            "action_id": entry.action_id,
            "at": entry.at,
            "by": entry.by,
            "kind": entry.kind,
            "before": dict(entry.before),
            "after": dict(entry.after),
            "note": entry.note,
        }
        self._insert(CauseActionEntryRow, values)

    def entries(self, action_id: str, limit: int = 500) -> Sequence[ActionEntry]:
        rows = self._all(
            select(CauseActionEntryRow)
            .where(CauseActionEntryRow.action_id == action_id)
            .order_by(CauseActionEntryRow.id.desc())
            .limit(limit)
        )
        return [_to_entry(row) for row in rows]


def _values(action: CauseAction) -> dict[str, Any]:
    plan = action.plan
    return {
        "title": plan.title,
        "what": plan.what,
        "cause": plan.cause,
        "category": plan.category,
        "owner": plan.owner,
        "due_on": plan.due_on,
        "measure": plan.measure,
        "state": action.state,
        "started_on": action.started_on,
        "done_on": action.done_on,
        "version": action.version,
        "changed_at": action.changed_at,
        "changed_by": action.changed_by,
    }


def _to_action(row: CauseActionRow) -> CauseAction:
    return CauseAction(
        id=row.id,
        plan=Plan(row.title, row.what, row.cause, row.category, row.owner, row.due_on, row.measure),
        state=row.state,
        version=row.version,
        made_at=row.made_at,
        made_by=row.made_by,
        changed_at=row.changed_at,
        changed_by=row.changed_by,
        started_on=row.started_on,
        done_on=row.done_on,
    )


def _to_entry(row: CauseActionEntryRow) -> ActionEntry:
    return ActionEntry(row.action_id, row.at, row.by, row.kind, row.before, row.after, row.note)
