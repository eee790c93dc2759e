"""The review queue as trainers see it, and what they decide."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, tuple_, update
from sqlalchemy.orm import aliased

from amends.storage.repositories.review_groups import OPEN, ReviewGroups
from amends.storage.repositories.review_rows import (
    decision_values,
    read_reasons,
    to_decision,
    to_group,
    to_item,
)
from amends.storage.tables.conversations import MessageRow
from amends.storage.tables.reviews import (
    HOLDS,
    IS_OPEN,
    ReviewDecisionRow,
    ReviewGroupRow,
    ReviewRow,
)
from amends.training.review.errors import AlreadyDecided, NothingToUndo
from amends.training.review.model import (
    Counts,
    Decision,
    Group,
    Item,
    Place,
    Query,
    Reason,
)

_DECIDED = ReviewRow.decision_id.is_not(None)


class SqlReviews(ReviewGroups):
    """Implements the Reviews port of the training room."""

    def lock(self, group_id: int) -> bool:
        """Hold a group until the transaction ends; False when there is none."""
        held = select(ReviewGroupRow.id).where(ReviewGroupRow.id == group_id)
        return self._session.scalar(held.with_for_update()) is not None

    def members(self, group_id: int, last: int | None = None, limit: int = 500) -> Sequence[Item]:
        """A group's open messages, those that rank highest first; none newer than `last`."""
        query = _items().where(ReviewRow.group_id == group_id, OPEN)
        if last is not None:
            query = query.where(ReviewRow.id <= last)
        return self._items(query.order_by(ReviewRow.rank.desc(), ReviewRow.id.desc()).limit(limit))

    def open_ids(self, group_id: int, last: int) -> Sequence[int]:
        of_group = (ReviewRow.group_id == group_id, OPEN, ReviewRow.id <= last)
        return self._session.scalars(
            select(ReviewRow.id).where(*of_group).order_by(ReviewRow.rank.desc(), ReviewRow.id)
        ).all()

    def decide(self, ids: Sequence[int], decision: Decision) -> int:
        """Store a decision on open messages and return its id.

        Raises:
            AlreadyDecided: one of them is not open any more; roll back.
        """
        values = decision_values(decision)
        decision_id = self._insert_unless(ReviewDecisionRow, values, ReviewDecisionRow.id)
        assert decision_id is not None  # no unique constraint is in the way
        groups = set(self._session.scalars(_groups_of(ReviewRow.id.in_(ids))))
        decided = update(ReviewRow).where(ReviewRow.id.in_(ids), OPEN)
        if self._change(decided.values(decision_id=decision_id)) != len(ids):
            raise AlreadyDecided(None)
        self.refresh(groups)
        return decision_id

    def undo(self, decision_id: int, by: str, at: datetime) -> None:
        """Let a decision not hold any more, and its messages stand open again.

        Raises:
            NothingToUndo: it was undone already.
        """
        of_decision = ReviewRow.decision_id == decision_id
        groups = set(self._session.scalars(_groups_of(of_decision)))
        for group_id in sorted(groups):
            self.lock(group_id)
        undone = update(ReviewDecisionRow).where(ReviewDecisionRow.id == decision_id, HOLDS)
        if not self._change(undone.values(undone_at=at, undone_by=by)):
            raise NothingToUndo
        self._change(update(ReviewRow).where(of_decision).values(decision_id=None))
        for group_id, signature in self._signatures(sorted(groups)).items():
            self._find_by_bands(group_id, signature)
        self.refresh(groups)

    def item(self, item_id: int) -> Item | None:
        return next(iter(self._items(_items().where(ReviewRow.id == item_id))), None)

    def decision(self, decision_id: int) -> Decision | None:
        row = self._first(select(ReviewDecisionRow).where(ReviewDecisionRow.id == decision_id))
        return None if row is None else to_decision(row)

    def decided_items(self, decision_id: int, limit: int = 100) -> Sequence[Item]:
        of_decision = _items().where(ReviewRow.decision_id == decision_id)
        return self._items(of_decision.order_by(ReviewRow.rank.desc(), ReviewRow.id).limit(limit))

    def decision_on(self, group_id: int) -> Decision | None:
        """The latest decision on messages of a group."""
        latest = select(func.max(ReviewRow.decision_id)).where(
            ReviewRow.group_id == group_id, _DECIDED
        )
        decision_id = self._session.scalar(latest)
        return None if decision_id is None else self.decision(decision_id)

    def last_decision(self, by: str) -> Decision | None:
        """The latest decision of a person's that holds."""
        own = select(ReviewDecisionRow).where(ReviewDecisionRow.by == by, HOLDS)
        row = self._first(own.order_by(ReviewDecisionRow.id.desc()).limit(1))
        return None if row is None else to_decision(row)

    def became_example(self, decision_id: int, at: datetime) -> None:
        of_decision = ReviewDecisionRow.id == decision_id
        self._change(update(ReviewDecisionRow).where(of_decision).values(example_at=at))

    def group(self, group_id: int) -> Group | None:
        found = self._groups(_open_groups().where(ReviewGroupRow.id == group_id))
        return next(iter(found), None)

    def groups(self, query: Query, after: Place | None, limit: int) -> Sequence[Group]:
        """Open groups that fit, those that rank highest first."""
        groups = _narrowed(_open_groups(), query, ReviewGroupRow, ReviewGroupRow.last_at)
        if query.intent is not None:
            groups = groups.where(ReviewGroupRow.intent == query.intent)
        if after is not None:
            place = tuple_(ReviewGroupRow.rank, ReviewGroupRow.id)
            groups = groups.where(place < (after.rank, after.id))
        order = (ReviewGroupRow.rank.desc(), ReviewGroupRow.id.desc())
        return self._groups(groups.order_by(*order).limit(limit))

    def decisions(
        self, query: Query, after: Place | None, limit: int
    ) -> Sequence[tuple[Decision, Item | None]]:
        """Decisions, the latest first, each with the message that stood for its group."""
        found = _narrowed(
            select(ReviewDecisionRow).where(HOLDS), query, ReviewDecisionRow, ReviewDecisionRow.at
        )
        if query.intent is not None:
            meant = func.coalesce(ReviewDecisionRow.intent, ReviewDecisionRow.read_as)
            found = found.where(meant == query.intent)
        if after is not None:
            found = found.where(ReviewDecisionRow.id < after.id)
        rows = self._all(found.order_by(ReviewDecisionRow.id.desc()).limit(limit))
        leaders = self._items(_items().where(ReviewRow.id.in_([one.leader_id for one in rows])))
        by_id = {one.id: one for one in leaders}
        return [(to_decision(one), by_id.get(one.leader_id)) for one in rows]

    def counts(self) -> Counts:
        columns = ReviewGroupRow.reasons, ReviewGroupRow.intent
        found = self._session.execute(
            select(*columns, func.count(), func.sum(ReviewGroupRow.size))
            .where(IS_OPEN)
            .group_by(*columns)
        ).all()
        by_reason = dict.fromkeys(Reason, 0)
        by_intent: dict[str, int] = {}
        for reasons, intent, groups, _ in found:
            by_intent[intent] = by_intent.get(intent, 0) + groups
            for reason in read_reasons(reasons):
                by_reason[reason] += groups
        groups = sum(one[2] for one in found)
        return Counts(groups, sum(int(one[3]) for one in found), by_reason, by_intent)

    def decided_count(self) -> int:
        return self._session.scalar(select(func.count(ReviewDecisionRow.id)).where(HOLDS)) or 0

    def _items(self, query: Select[Any]) -> list[Item]:
        return [to_item(row, text) for row, text in self._session.execute(query)]

    def _groups(self, query: Select[Any]) -> list[Group]:
        found = self._session.execute(query)
        return [to_group(group, to_item(row, text)) for group, row, text in found]


def _items() -> Select[Any]:
    """Return the query for messages of the queue, each with what it says."""
    message = aliased(MessageRow)
    return (
        select(ReviewRow, message.text)
        .join(
            message,
            (message.conversation_id == ReviewRow.conversation_id) & (message.seq == ReviewRow.seq),
        )
        .execution_options(populate_existing=True)
    )


def _open_groups() -> Select[Any]:
    """Return the query for open groups, each with the message that stands for it."""
    return (
        select(ReviewGroupRow, ReviewRow, MessageRow.text)
        .join(ReviewRow, ReviewRow.id == ReviewGroupRow.leader_id)
        .join(
            MessageRow,
            (MessageRow.conversation_id == ReviewRow.conversation_id)
            & (MessageRow.seq == ReviewRow.seq),
        )
        .where(IS_OPEN)
        .execution_options(populate_existing=True)
    )


def _narrowed(found: Select[Any], query: Query, row: Any, at: Any) -> Select[Any]:
    if query.reason is not None:
        found = found.where(row.reasons.like(f"% {query.reason.value} %"))
    if query.language is not None:
        found = found.where(row.language == query.language)
    if query.since is not None:
        found = found.where(at >= query.since)
    if query.before is not None:
        found = found.where(at < query.before)
    return found


def _groups_of(condition: Any) -> Select[tuple[int]]:
    return select(ReviewRow.group_id).where(condition).distinct()
