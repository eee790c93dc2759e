"""Trained models: examinations, promotions, work in the background, and what engines serve."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select, update

from amends.storage.repositories.base import Repository
from amends.storage.tables.models import (
    ModelExaminationRow,
    ModelPromotionRow,
    ModelServingRow,
    ModelWorkRow,
)
from amends.training.promotion.model import (
    Examination,
    Promotion,
    PromotionKind,
    Serving,
    Work,
    WorkState,
)
from amends.training.promotion.record import examination_of, record_of, step_of, step_to_json

OPEN_SLOT = 1


class SqlModels(Repository):
    """Implements the Models port of the training room."""

    def add_examination(self, examination: Examination) -> None:
        values = {
            "id": examination.id,
            "model": examination.model,
            "against": examination.against,
            "at": examination.at,
            "by": examination.by,
            "record": record_of(examination),
        }
        self._insert(ModelExaminationRow, values)

    def examination(self, examination_id: str) -> Examination | None:
        row = self._first(
            select(ModelExaminationRow).where(ModelExaminationRow.id == examination_id)
        )
        return None if row is None else examination_of(row.record)

    def last_examination(self, model: str) -> Examination | None:
        row = self._first(
            select(ModelExaminationRow)
            .where(ModelExaminationRow.model == model)
            .order_by(ModelExaminationRow.at.desc(), ModelExaminationRow.id)
            .limit(1)
        )
        return None if row is None else examination_of(row.record)

    def promote(
        self,
        model: str,
        at: datetime,
        by: str,
        reason: str,
        kind: PromotionKind,
        replaced: str | None,
        examination: str | None,
        number: int,
    ) -> bool:
        values = {
            "number": number,
            "model": model,
            "at": at,
            "by": by,
            "reason": reason,
            "kind": kind,
            "replaced": replaced,
            "examination_id": examination,
        }
        return self._insert_unless(ModelPromotionRow, values, ModelPromotionRow.number) is not None

    def promotions(self, limit: int = 50) -> Sequence[Promotion]:
        rows = self._all(
            select(ModelPromotionRow).order_by(ModelPromotionRow.number.desc()).limit(limit)
        )
        return [_to_promotion(row) for row in rows]


class SqlModelWork(Repository):
    """Implements the ModelWork port of the training room."""

    def add(self, work: Work) -> bool:
        values = {
            "id": work.id,
            "model": work.model,
            "folds": work.folds,
            "asked_at": work.asked_at,
            "asked_by": work.asked_by,
            "cancel_wanted": work.cancel_wanted,
            **_progress(work),
        }
        return self._insert_unless(ModelWorkRow, values, ModelWorkRow.id) is not None

    def get(self, work_id: str) -> Work | None:
        row = self._first(select(ModelWorkRow).where(ModelWorkRow.id == work_id))
        return None if row is None else _to_work(row)

    def latest(self) -> Work | None:
        row = self._first(
            select(ModelWorkRow)
            .order_by(ModelWorkRow.asked_at.desc(), ModelWorkRow.id.desc())
            .limit(1)
        )
        return None if row is None else _to_work(row)

    def claim(self, holder: str, now: datetime, until: datetime) -> Work | None:
        is_free = or_(
            ModelWorkRow.state == WorkState.WAITING,
            and_(ModelWorkRow.state == WorkState.RUNNING, ModelWorkRow.lease_until <= now),
        )
        met = self._change(
            update(ModelWorkRow)
            .where(ModelWorkRow.slot == OPEN_SLOT, is_free)
            .values(
                holder=holder,
                lease_until=until,
                state=WorkState.RUNNING,
                attempts=ModelWorkRow.attempts + 1,
                started_at=now,
                steps=[],
            )
        )
        if not met:
            return None
        row = self._first(select(ModelWorkRow).where(ModelWorkRow.slot == OPEN_SLOT))
        return None if row is None else _to_work(row)

    def save(self, work: Work) -> bool:
        met = self._change(
            update(ModelWorkRow)
            .where(
                ModelWorkRow.id == work.id,
                ModelWorkRow.slot == OPEN_SLOT,
                ModelWorkRow.holder == work.holder,
                ModelWorkRow.attempts == work.attempts,
            )
            .values(_progress(work))
        )
        return met == 1

    def cancel(self, work_id: str, now: datetime) -> bool:
        is_asked = and_(ModelWorkRow.id == work_id, ModelWorkRow.slot == OPEN_SLOT)
        ended = self._change(
            update(ModelWorkRow)
            .where(is_asked, ModelWorkRow.state == WorkState.WAITING)
            .values(state=WorkState.CANCELLED, slot=None, ended_at=now, cancel_wanted=True)
        )
        return bool(ended) or bool(
            self._change(update(ModelWorkRow).where(is_asked).values(cancel_wanted=True))
        )


class SqlModelServing(Repository):
    """Implements the ModelServing port of the training room."""

    def save(self, serving: Serving) -> None:
        values = {
            "engine": serving.engine,
            "model": serving.model,
            "wanted": serving.wanted,
            "error": serving.error,
            "at": serving.at,
        }
        self._put(ModelServingRow, ["engine"], values)

    def all(self) -> Sequence[Serving]:
        rows = self._all(select(ModelServingRow).order_by(ModelServingRow.engine))
        return [Serving(row.engine, row.model, row.wanted, row.error, row.at) for row in rows]


def _progress(work: Work) -> dict[str, Any]:
    """Return what changes while work goes on."""
    return {
        "slot": OPEN_SLOT if work.state.is_open else None,
        "state": work.state,
        "holder": work.holder,
        "lease_until": work.lease_until,
        "attempts": work.attempts,
        "started_at": work.started_at,
        "ended_at": work.ended_at,
        "steps": [step_to_json(step) for step in work.steps],
        "error": work.error,
        "result": work.result,
        "examination_id": work.examination,
    }


def _to_promotion(row: ModelPromotionRow) -> Promotion:
    return Promotion(
        number=row.number,
        model=row.model,
        at=row.at,
        by=row.by,
        reason=row.reason,
        kind=row.kind,
        replaced=row.replaced,
        examination=row.examination_id,
    )


def _to_work(row: ModelWorkRow) -> Work:
    return Work(
        id=row.id,
        model=row.model,
        folds=row.folds,
        asked_at=row.asked_at,
        asked_by=row.asked_by,
        state=row.state,
        holder=row.holder,
        lease_until=row.lease_until,
        attempts=row.attempts,
        started_at=row.started_at,
        ended_at=row.ended_at,
        steps=tuple(step_of(step) for step in row.steps),
        cancel_wanted=row.cancel_wanted,
        error=row.error,
        result=row.result,
        examination=row.examination_id,
    )
