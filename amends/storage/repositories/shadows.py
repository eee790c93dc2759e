"""What a candidate makes of customers' messages, and the messages of the last days."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select, tuple_, update

from amends.conversations.model import Role
from amends.storage.repositories.base import Repository
from amends.storage.tables.conversations import MessageRow, UnderstandingRow
from amends.storage.tables.models import ModelShadowRow, ShadowReadingRow
from amends.training.promotion.model import Agreement, ReadLive, Shadow, Shadowed
from amends.training.promotion.record import reading_of, reading_to_json

OPEN_SLOT = 1
MANY = 500
"""Places looked up with one statement."""


class SqlShadows(Repository):
    """Implements the Shadows port of the training room."""

    def add(self, shadow: Shadow) -> bool:
        values = {
            "id": shadow.id,
            "slot": OPEN_SLOT,
            "model": shadow.model,
            "since": shadow.since,
            "by": shadow.by,
            "error": "",
        }
        return self._insert_unless(ModelShadowRow, values, ModelShadowRow.id) is not None

    def current(self) -> Shadow | None:
        row = self._first(select(ModelShadowRow).where(ModelShadowRow.slot == OPEN_SLOT))
        return None if row is None else _to_shadow(row)

    def latest(self) -> Shadow | None:
        row = self._first(
            select(ModelShadowRow)
            .order_by(ModelShadowRow.since.desc(), ModelShadowRow.id.desc())
            .limit(1)
        )
        return None if row is None else _to_shadow(row)

    def stop(self, shadow_id: str, at: datetime) -> bool:
        met = self._change(
            update(ModelShadowRow)
            .where(ModelShadowRow.id == shadow_id, ModelShadowRow.slot == OPEN_SLOT)
            .values(slot=None, until=at)
        )
        return met == 1

    def take(self, shadow_id: str, now: datetime, until: datetime) -> bool:
        is_free = or_(ModelShadowRow.lease_until.is_(None), ModelShadowRow.lease_until <= now)
        met = self._change(
            update(ModelShadowRow)
            .where(ModelShadowRow.id == shadow_id, ModelShadowRow.slot == OPEN_SLOT, is_free)
            .values(lease_until=until)
        )
        return met == 1

    def release(self, shadow_id: str, error: str) -> None:
        self._change(
            update(ModelShadowRow)
            .where(ModelShadowRow.id == shadow_id)
            .values(lease_until=None, error=error)
        )

    def unread(self, shadow: Shadow, limit: int) -> Sequence[ReadLive]:
        is_read = and_(
            ShadowReadingRow.shadow_id == shadow.id,
            ShadowReadingRow.conversation_id == UnderstandingRow.conversation_id,
            ShadowReadingRow.seq == UnderstandingRow.seq,
        )
        found = self._session.execute(
            select(MessageRow, UnderstandingRow.at, UnderstandingRow.parse)
            .join(UnderstandingRow, _is_of_message())
            .outerjoin(ShadowReadingRow, is_read)
            .where(
                UnderstandingRow.at >= shadow.since,
                ShadowReadingRow.shadow_id.is_(None),
                *_in_own_words(),
            )
            .order_by(UnderstandingRow.at, UnderstandingRow.conversation_id, UnderstandingRow.seq)
            .limit(limit)
        )
        return [
            ReadLive(message.conversation_id, message.seq, at, message.text, parse)
            for message, at, parse in found.tuples()
        ]

    def record(self, shadow_id: str, read: Sequence[Shadowed]) -> None:
        for one in read:
            values = {
                "shadow_id": shadow_id,
                "conversation_id": one.conversation_id,
                "seq": one.seq,
                "at": one.at,
                "agrees": one.agrees,
                "live": reading_to_json(one.live),
                "shadow": reading_to_json(one.shadow),
            }
            keys = ["shadow_id", "conversation_id", "seq"]
            self._insert_missing(ShadowReadingRow, keys, values)

    def agreement(self, shadow_id: str) -> Agreement:
        agreed = func.coalesce(func.sum(case((ShadowReadingRow.agrees, 1), else_=0)), 0)
        read, agreeing = self._session.execute(
            select(func.count(), agreed).where(ShadowReadingRow.shadow_id == shadow_id)
        ).one()
        return Agreement(int(read), int(agreeing))

    def changed(self, shadow_id: str, limit: int) -> Sequence[Shadowed]:
        rows = self._all(
            select(ShadowReadingRow)
            .where(ShadowReadingRow.shadow_id == shadow_id, ShadowReadingRow.agrees.is_(False))
            .order_by(ShadowReadingRow.at.desc(), ShadowReadingRow.conversation_id)
            .limit(limit)
        )
        return [
            Shadowed(
                row.conversation_id, row.seq, row.at, reading_of(row.live), reading_of(row.shadow)
            )
            for row in rows
        ]


class SqlRecentMessages(Repository):
    """Implements the RecentMessages port of the training room."""

    def since(self, since: datetime, limit: int) -> Sequence[tuple[str, int, str]]:
        found = self._session.execute(
            select(MessageRow.conversation_id, MessageRow.seq, MessageRow.text)
            .join(UnderstandingRow, _is_of_message())
            .where(
                UnderstandingRow.at >= since,
                *_in_own_words(),
            )
            .order_by(UnderstandingRow.at.desc(), MessageRow.conversation_id, MessageRow.seq)
            .limit(limit)
        )
        return [(row[0], row[1], row[2]) for row in found]

    def texts(self, places: Sequence[tuple[str, int]]) -> dict[tuple[str, int], str]:
        found: dict[tuple[str, int], str] = {}
        place = tuple_(MessageRow.conversation_id, MessageRow.seq)
        for start in range(0, len(places), MANY):
            rows = self._session.execute(
                select(MessageRow.conversation_id, MessageRow.seq, MessageRow.text).where(
                    place.in_(list(places[start : start + MANY]))
                )
            )
            found |= {(row[0], row[1]): row[2] for row in rows}
        return found


def _in_own_words() -> tuple[ColumnElement[bool], ...]:
    """What holds of a message that a customer wrote; a tapped choice is not read."""
    return (
        MessageRow.role == Role.CUSTOMER,
        MessageRow.payload.is_(None),
        MessageRow.text != "",
    )


def _is_of_message() -> ColumnElement[bool]:
    return and_(
        MessageRow.conversation_id == UnderstandingRow.conversation_id,
        MessageRow.seq == UnderstandingRow.seq,
    )


def _to_shadow(row: ModelShadowRow) -> Shadow:
    return Shadow(row.id, row.model, row.since, row.by, row.until, row.error)
