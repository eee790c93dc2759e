"""Reads, in a handful of counting queries, how things stand now."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, Text, cast, func, literal_column, select

from amends.records.figures import LOOK_BACK, OTHER, Figures, Waiting, bounded
from amends.storage.repositories.base import Repository
from amends.storage.tables.cases import PromiseRow
from amends.storage.tables.compensation import RemedyRow, RemedyStepRow
from amends.storage.tables.conversations import IS_PENDING as MESSAGE_PENDING
from amends.storage.tables.conversations import ConversationRow, MessageRow
from amends.storage.tables.handoff import HandoffRow
from amends.storage.tables.mail import IS_PENDING as MAIL_PENDING
from amends.storage.tables.mail import MailRow
from amends.storage.tables.webhooks import HAS_FAILED, WebhookDeliveryRow
from amends.storage.tables.webhooks import IS_PENDING as DELIVERY_PENDING

TOUCHED = timedelta(hours=1)
MOST_WAITING = 5_000

# Written out rather than bound, so that both databases use the partial indexes.
_WAITS = HandoffRow.state == literal_column("'waiting'")
_OPEN = PromiseRow.state == literal_column("'open'")


class SqlFigures(Repository):
    """Implements the FigureReader port of the records room."""

    def read(self, now: datetime) -> Figures:
        """Count; the caller decides how often, for the cost grows with a day's work."""
        return Figures(
            at=now,
            waiting=self._waiting(now),
            handoffs=self._handoffs(now - LOOK_BACK),
            promises=self._promises(now),
            remedies=self._remedies(now - LOOK_BACK),
            pending=self._pending(),
            failed_webhooks=self._count(select(func.count()).where(HAS_FAILED), WebhookDeliveryRow),
            conversations=self._conversations(now - TOUCHED),
        )

    def clock(self) -> datetime | None:
        """Return the server's time, or where there is no server the latest change in the books."""
        if self._is_postgres:
            return self._session.scalar(select(func.now()))
        return self._session.scalar(select(func.max(ConversationRow.changed_at)))

    def _waiting(self, now: datetime) -> dict[tuple[str, int], Waiting]:
        rows = self._rows(
            select(HandoffRow.reasons, HandoffRow.priority, HandoffRow.requested_at)
            .where(_WAITS)
            .order_by(HandoffRow.priority, HandoffRow.requested_at)
            .limit(MOST_WAITING)
        )
        kept = bounded(Counter(_first(row.reasons) for row in rows))
        found: dict[tuple[str, int], Waiting] = {}
        for row in rows:
            key = (_named(_first(row.reasons), kept), row.priority)
            before = found.get(key, Waiting(0, 0.0))
            waited = max(0.0, (now - row.requested_at).total_seconds())
            found[key] = Waiting(before.count + 1, max(before.oldest_seconds, waited))
        return found

    def _handoffs(self, since: datetime) -> dict[str, int]:
        reasons = cast(HandoffRow.reasons, Text)
        rows = self._rows(
            select(func.min(reasons).label("reasons"), func.count().label("many"))
            .where(HandoffRow.requested_at >= since)
            .group_by(reasons)
        )
        counts: Counter[str] = Counter()
        for row in rows:
            counts[_first(_from_text(row.reasons))] += row.many
        kept = bounded(counts)
        named: Counter[str] = Counter()
        for reason, count in counts.items():
            named[_named(reason, kept)] += count
        return dict(named)

    def _promises(self, now: datetime) -> dict[str, int]:
        overdue = self._count(
            select(func.count()).where(_OPEN, PromiseRow.due_at < now), PromiseRow
        )
        all_open = self._count(select(func.count()).where(_OPEN), PromiseRow)
        ended = self._rows(
            select(PromiseRow.state, func.count().label("many"))
            .where(PromiseRow.ended_at >= now - LOOK_BACK)
            .group_by(PromiseRow.state)
        )
        past = {row.state.value: row.many for row in ended}
        return {"kept": 0, "broken": 0, **past, "open": all_open - overdue, "overdue": overdue}

    def _remedies(self, since: datetime) -> dict[tuple[str, str], tuple[int, int]]:
        rows = self._rows(
            select(
                RemedyStepRow.step,
                RemedyRow.currency,
                func.count().label("many"),
                func.coalesce(func.sum(RemedyRow.amount_minor), 0).label("minor"),
            )
            .join(RemedyRow, RemedyRow.id == RemedyStepRow.remedy_id)
            .where(RemedyStepRow.at >= since)
            .group_by(RemedyStepRow.step, RemedyRow.currency)
        )
        return {
            (row.step.value, row.currency or "none"): (row.many, int(row.minor)) for row in rows
        }

    def _pending(self) -> dict[str, int]:
        conversations = select(func.count(func.distinct(MessageRow.conversation_id)))
        return {
            "conversations": self._count(conversations.where(MESSAGE_PENDING), MessageRow),
            "mails": self._count(select(func.count()).where(MAIL_PENDING), MailRow),
            "webhooks": self._count(
                select(func.count()).where(DELIVERY_PENDING), WebhookDeliveryRow
            ),
        }

    def _conversations(self, since: datetime) -> dict[str, int]:
        rows = self._rows(
            select(ConversationRow.mode, func.count().label("many"))
            .where(ConversationRow.changed_at >= since)
            .group_by(ConversationRow.mode)
        )
        return {row.mode.value: row.many for row in rows}

    def _rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        return self._session.execute(query).all()

    def _count(self, query: Select[tuple[int]], table: type) -> int:
        return self._session.scalar(query.select_from(table)) or 0


def _first(reasons: Sequence[str]) -> str:
    return reasons[0] if reasons else OTHER


def _named(reason: str, kept: tuple[str, ...]) -> str:
    return reason if reason in kept else OTHER


def _from_text(reasons: str) -> list[str]:
    return list(json.loads(reasons))
