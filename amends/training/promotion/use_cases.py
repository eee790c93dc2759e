"""Promote, roll back, ask for work in the background, let a candidate read along."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from amends.training.promotion.errors import (
    NoShadow,
    NothingToRollBackTo,
    PromotionOutdated,
    PromotionRefused,
    ReasonNeeded,
    ShadowUnderWay,
    UnknownModel,
    WorkUnderWay,
)
from amends.training.promotion.judge import Judgement, judge
from amends.training.promotion.model import (
    LONGEST_REASON,
    Examination,
    Promotion,
    PromotionKind,
    Shadow,
    Step,
    StepState,
    Work,
    WorkState,
)
from amends.training.promotion.ports import UnitOfWork
from amends.training.promotion.rules import Consequence, PromotionRules
from amends.values import new_id

LEASE = timedelta(seconds=30)
"""Work whose holder says nothing for so long is begun anew by whoever is there."""
MOST_ATTEMPTS = 5
"""Work that ended its process so often is given up; more memory may be what it needs."""


def judgement_of(uow: UnitOfWork, rules: PromotionRules, model: str) -> Judgement:
    return judge(rules, uow.models.last_examination(model))


def promote(
    uow: UnitOfWork,
    rules: PromotionRules,
    model: str,
    live: str | None,
    reason: str,
    by: str,
    now: datetime,
    read: int | None = None,
) -> Promotion:
    """Let a model answer customers from now on.

    Args:
        live: The model that answers until now.
        by: A member of staff's id, or who typed the command.
        read: The number of the promotion that whoever decides has seen; None: whichever holds.

    Raises:
        PromotionRefused: The rules refuse it, whatever is said for it.
        ReasonNeeded: It may be promoted for a reason, and none is given.
        PromotionOutdated: Another model was promoted meanwhile.
    """
    examination = uow.models.last_examination(model)
    found = judge(rules, examination)
    if found.is_refused:
        raise PromotionRefused(model, found.of(Consequence.REFUSE))
    if found.needs_reason and not reason.strip():
        raise ReasonNeeded(model, found.of(Consequence.REASON))
    return _store(uow, model, live, reason, PromotionKind.PROMOTE, examination, by, now, read)


def roll_back(
    uow: UnitOfWork,
    kept: Collection[str],
    by: str,
    now: datetime,
    reason: str = "",
    read: int | None = None,
) -> Promotion:
    """Let the model answer again that was live before the present one.

    Args:
        kept: The models whose files exist.

    Raises:
        NothingToRollBackTo: Nothing was promoted, or what it replaced is not known.
        UnknownModel: The file of that model is gone.
        PromotionOutdated: Another model was promoted meanwhile.
    """
    target = rollback_target(uow.models.promotions(1))
    if target is None:
        raise NothingToRollBackTo
    if target not in kept:
        raise UnknownModel(target)
    live = uow.models.promotions(1)[0].model
    examination = uow.models.last_examination(target)
    return _store(uow, target, live, reason, PromotionKind.ROLLBACK, examination, by, now, read)


def rollback_target(promotions: Collection[Promotion]) -> str | None:
    """Return which model a rollback leads to, given the latest promotion."""
    latest = next(iter(promotions), None)
    return latest.replaced if latest else None


def _store(
    uow: UnitOfWork,
    model: str,
    live: str | None,
    reason: str,
    kind: PromotionKind,
    examination: Examination | None,
    by: str,
    now: datetime,
    read: int | None,
) -> Promotion:
    latest = uow.models.promotions(1)
    number = latest[0].number if latest else 0
    made = Promotion(
        number=number + 1,
        model=model,
        at=now,
        by=by,
        reason=reason.strip()[:LONGEST_REASON],
        kind=kind,
        replaced=live,
        examination=examination.id if examination else None,
    )
    is_stored = (read is None or read == number) and uow.models.promote(
        made.model, now, by, made.reason, kind, live, made.examination, made.number
    )
    if not is_stored:
        raise PromotionOutdated
    return made


def ask_for_work(uow: UnitOfWork, model: str | None, folds: int, by: str, now: datetime) -> Work:
    """Ask for a training with its examination, or for the examination of a model.

    Raises:
        WorkUnderWay: Other work is still open.
    """
    work = Work(new_id(), model, folds, now, by)
    if not uow.model_work.add(work):
        raise WorkUnderWay
    return work


def claim_work(uow: UnitOfWork, holder: str, now: datetime) -> Work | None:
    """Take what nobody works on; what ended its process too often is given up instead."""
    work = uow.model_work.claim(holder, now, now + LEASE)
    if work is None:
        return None
    if work.cancel_wanted:
        uow.model_work.save(ended(work, WorkState.CANCELLED, now))
        return None
    if work.attempts > MOST_ATTEMPTS:
        error = f"It ended unexpectedly {MOST_ATTEMPTS} times; the machine may lack memory."
        uow.model_work.save(ended(work, WorkState.FAILED, now, error))
        return None
    return work


def ended(work: Work, state: WorkState, now: datetime, error: str = "") -> Work:
    """Return work that has come to its end; a step that was under way did not come to its own."""
    steps = tuple(_stopped(step, state) for step in work.steps)
    return replace(work, state=state, steps=steps, ended_at=now, error=error, lease_until=None)


def _stopped(step: Step, state: WorkState) -> Step:
    if state is WorkState.FAILED and step.state is StepState.RUNNING:
        return replace(step, state=StepState.FAILED)
    if state is not WorkState.DONE and step.state in (StepState.RUNNING, StepState.WAITING):
        return replace(step, state=StepState.SKIPPED)
    return step


def start_shadow(uow: UnitOfWork, model: str, by: str, now: datetime) -> Shadow:
    """Let a candidate read along from now on.

    Raises:
        ShadowUnderWay: Another one does.
    """
    shadow = Shadow(new_id(), model, now, by)
    if not uow.shadows.add(shadow):
        current = uow.shadows.current()
        raise ShadowUnderWay(current.model if current else model)
    return shadow


def stop_shadow(uow: UnitOfWork, now: datetime) -> Shadow:
    """Let the candidate that reads along stop.

    Raises:
        NoShadow: None does.
    """
    current = uow.shadows.current()
    if current is None or not uow.shadows.stop(current.id, now):
        raise NoShadow
    return current
