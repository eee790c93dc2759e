"""What was changed in the training data."""

from collections.abc import Sequence

from sqlalchemy import and_, or_, select

from amends.storage.repositories.base import Repository
from amends.storage.tables.training_changes import TrainingChangeRow
from amends.training.changes import Author, Change, ChangeState
from amends.training.changes_ports import Place

_ROW = TrainingChangeRow


class SqlTrainingChanges(Repository):
    """Implements the TrainingChanges port of the training room."""

    def add(self, change: Change) -> None:
        values = {
            "id": change.id,
            "at": change.at,
            "by_name": change.by.name[:200],
            "by_email": change.by.email and change.by.email[:320],
            "why": change.why,
            "paths": list(change.paths),
            "patch": change.patch,
            "state": change.state,
            "commit_hash": change.commit,
            "uncommitted": change.uncommitted,
            "reverts": change.reverts,
        }
        self._insert_missing(_ROW, ["id"], values)

    def get(self, change_id: str) -> Change | None:
        row = self._first(select(_ROW).where(_ROW.id == change_id))
        return None if row is None else _to_change(row)

    def latest(self, limit: int, before: Place | None = None) -> Sequence[Change]:
        query = select(_ROW).order_by(_ROW.at.desc(), _ROW.id.desc()).limit(limit)
        if before is not None:
            at, change_id = before
            query = query.where(or_(_ROW.at < at, and_(_ROW.at == at, _ROW.id < change_id)))
        return [_to_change(row) for row in self._all(query)]

    def reverted_by(self, change_id: str) -> str | None:
        return self.reverted([change_id]).get(change_id)

    def reverted(self, change_ids: Sequence[str]) -> dict[str, str]:
        rows = self._all(
            select(_ROW).where(_ROW.reverts.in_(change_ids), _ROW.state != ChangeState.KEPT)
        )
        return {row.reverts: row.id for row in rows if row.reverts}


def _to_change(row: TrainingChangeRow) -> Change:
    return Change(
        id=row.id,
        at=row.at,
        by=Author(row.by_name, row.by_email),
        why=row.why,
        paths=tuple(row.paths),
        commit=row.commit_hash,
        patch=row.patch,
        state=row.state,
        uncommitted=row.uncommitted,
        reverts=row.reverts,
    )
