"""Canned replies, and requests beyond one's authority."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import literal_column, select, update

from amends.compensation.decision import grant_from_json, grant_to_json
from amends.handoff.approval_model import Approval, ApprovalState
from amends.handoff.canned import CannedReply, Wording
from amends.storage.repositories.base import Repository
from amends.storage.tables.desk_work import ApprovalRow, CannedReplyRow

# Written out rather than bound, so that both databases use the partial indexes.
_IS_PENDING = ApprovalRow.state == literal_column("'pending'")


class SqlCannedReplies(Repository):
    """Implements the CannedReplies port of the handoff room."""

    def add(self, reply: CannedReply) -> bool:
        """Store a reply; False when its id or its shortcut is taken."""
        values = {"id": reply.id, **_reply_values(reply)}
        return self._insert_unless(CannedReplyRow, values, CannedReplyRow.id) is not None

    def get(self, reply_id: str) -> CannedReply | None:
        row = self._first(select(CannedReplyRow).where(CannedReplyRow.id == reply_id))
        return None if row is None else _to_reply(row)

    def all(self) -> Sequence[CannedReply]:
        rows = self._all(select(CannedReplyRow).order_by(CannedReplyRow.shortcut))
        return [_to_reply(row) for row in rows]

    def id_of_shortcut(self, shortcut: str) -> str | None:
        return self._session.scalar(
            select(CannedReplyRow.id).where(CannedReplyRow.shortcut == shortcut)
        )

    def save(self, reply: CannedReply) -> bool:
        """Store a reply's new version; False when it is not the next one any more."""
        met = self._change(
            update(CannedReplyRow)
            .where(CannedReplyRow.id == reply.id, CannedReplyRow.version == reply.version - 1)
            .values(_reply_values(reply))
        )
        return met == 1


class SqlApprovals(Repository):
    """Implements the Approvals port of the handoff room."""

    def add(self, approval: Approval) -> bool:
        """Store a request; False when the same is asked for already."""
        values = {"id": approval.id, **_approval_values(approval)}
        return self._insert_unless(ApprovalRow, values, ApprovalRow.id) is not None

    def get(self, approval_id: str) -> Approval | None:
        row = self._first(select(ApprovalRow).where(ApprovalRow.id == approval_id))
        return None if row is None else to_approval(row)

    def lock(self, approval_id: str) -> Approval | None:
        """Return a request that nobody else decides on until the transaction ends."""
        query = select(ApprovalRow).where(ApprovalRow.id == approval_id)
        row = self._first(query.with_for_update())
        return None if row is None else to_approval(row)

    def decide(self, approval: Approval) -> bool:
        """Store how a request ended; False when it had ended before."""
        met = self._change(
            update(ApprovalRow)
            .where(ApprovalRow.id == approval.id, _IS_PENDING)
            .values(
                state=approval.state,
                decided_by=approval.decided_by,
                decided_at=approval.decided_at,
                reason=approval.reason,
                offer_id=approval.offer_id,
            )
        )
        return met == 1

    def pending(self, limit: int = 200) -> Sequence[Approval]:
        rows = self._all(
            select(ApprovalRow)
            .where(_IS_PENDING)
            .order_by(ApprovalRow.asked_at, ApprovalRow.id)
            .limit(limit)
        )
        return [to_approval(row) for row in rows]

    def decided_since(self, since: datetime) -> Sequence[Approval]:
        rows = self._all(
            select(ApprovalRow)
            .where(ApprovalRow.decided_at >= since)
            .order_by(ApprovalRow.decided_at, ApprovalRow.id)
        )
        return [to_approval(row) for row in rows]

    def of_case(self, case_id: str) -> Sequence[Approval]:
        rows = self._all(
            select(ApprovalRow)
            .where(ApprovalRow.case_id == case_id)
            .order_by(ApprovalRow.asked_at.desc(), ApprovalRow.id)
        )
        return [to_approval(row) for row in rows]


def _reply_values(reply: CannedReply) -> dict[str, Any]:
    return {
        "titles": dict(reply.wording.titles),
        "texts": dict(reply.wording.texts),
        "shortcut": reply.wording.shortcut,
        "category": reply.wording.category,
        "active": reply.wording.active,
        "version": reply.version,
        "changed_at": reply.changed_at,
        "changed_by": reply.changed_by,
    }


def _to_reply(row: CannedReplyRow) -> CannedReply:
    wording = Wording(row.titles, row.texts, row.shortcut, row.category, row.active)
    return CannedReply(row.id, wording, row.version, row.changed_at, row.changed_by)


def _approval_values(approval: Approval) -> dict[str, Any]:
    return {
        "handoff_id": approval.handoff_id,
        "case_id": approval.case_id,
        "option_key": approval.option_key,
        "remedies": [grant_to_json(one) for one in approval.remedies],
        "asked_by": approval.asked_by,
        "asked_at": approval.asked_at,
        "note": approval.note,
        "state": approval.state,
        "decided_by": approval.decided_by,
        "decided_at": approval.decided_at,
        "reason": approval.reason,
        "offer_id": approval.offer_id,
    }


def to_approval(row: ApprovalRow) -> Approval:
    return Approval(
        id=row.id,
        handoff_id=row.handoff_id,
        case_id=row.case_id,
        option_key=row.option_key,
        remedies=tuple(grant_from_json(one) for one in row.remedies),
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        note=row.note,
        state=ApprovalState(row.state),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reason=row.reason,
        offer_id=row.offer_id,
    )
