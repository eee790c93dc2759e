"""Versions of the rules that are changed at the desk."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from amends.handoff.rule_model import RuleKind, RuleVersion
from amends.storage.repositories.base import Repository
from amends.storage.tables.rules import RuleVersionRow


class SqlRules(Repository):
    """Implements the Rules port of the handoff room."""

    def add(self, version: RuleVersion) -> bool:
        """Store a version; False when its number is taken."""
        values = {
            "kind": version.kind,
            "version": version.version,
            "text": version.text,
            "note": version.note,
            "made_by": version.made_by,
            "made_at": version.made_at,
        }
        return self._insert_unless(RuleVersionRow, values, RuleVersionRow.version) is not None

    def newest(self) -> Mapping[RuleKind, int]:
        newest = func.max(RuleVersionRow.version)
        found = self._session.execute(
            select(RuleVersionRow.kind, newest).group_by(RuleVersionRow.kind)
        )
        return {row[0]: row[1] for row in found}

    def latest(self, kind: RuleKind, limit: int) -> Sequence[RuleVersion]:
        rows = self._all(
            select(RuleVersionRow)
            .where(RuleVersionRow.kind == kind)
            .order_by(RuleVersionRow.version.desc())
            .limit(limit)
        )
        return [_to_version(row) for row in rows]

    def get(self, kind: RuleKind, version: int) -> RuleVersion | None:
        row = self._first(
            select(RuleVersionRow).where(
                RuleVersionRow.kind == kind, RuleVersionRow.version == version
            )
        )
        return None if row is None else _to_version(row)


def _to_version(row: RuleVersionRow) -> RuleVersion:
    return RuleVersion(row.kind, row.version, row.text, row.note, row.made_by, row.made_at)
