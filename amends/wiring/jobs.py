"""What happens without anybody writing: remedies go out, offers expire, promises fall due,
silent customers are met, conversations are scored. Every job may run again at any moment, on any
process: each takes its work under a lock and finds nothing left when it was done before."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from amends.cases import use_cases as cases
from amends.cases.model import PromiseState
from amends.compensation import use_cases as compensation
from amends.compensation.model import Remedy, Step
from amends.conversations.model import Conversation, Draft, Mode, Role
from amends.handoff import use_cases as handoff
from amends.satisfaction import use_cases as satisfaction
from amends.satisfaction.ports import UnitOfWork
from amends.wiring import notices
from amends.wiring.app import App

log = structlog.get_logger()

REMIND_AFTER = timedelta(minutes=15)
"""A customer who was asked something and went silent is reminded once."""

CLOSE_AFTER = timedelta(hours=24)
"""After so long without a word the chat is closed; the case and its number stay."""

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

SCORE_AFTER = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Job:
    name: str
    every_seconds: float
    run: Callable[[App], int]


def issue_remedies(app: App) -> int:
    """Carry out what customers accepted."""
    with app.db.read() as uow:
        waiting = uow.ledger.in_state(Step.ACCEPTED)
    return sum(_issue(app, remedy) for remedy in waiting)


def _issue(app: App, remedy: Remedy) -> bool:
    now = app.clock()
    with app.db.write() as uow:
        issued = compensation.issue(uow, app.payments, remedy, now)
        if issued is None:
            return False
        if issued.refused:
            handoff.request(uow, app.thresholds, issued.case.conversation_id, ("refused",), now)
        conversation = uow.conversations.lock(issued.case.conversation_id)
        uow.conversations.append(conversation.id, notices.issued(issued, conversation), now)
        uow.commit()
        return True


def expire_offers(app: App) -> int:
    with app.db.write() as uow:
        expired = compensation.expire_offers(uow, app.clock())
        uow.commit()
        return expired


def mark_broken_promises(app: App) -> int:
    """Mark promises whose time has passed, tell the outside, and put a person on the case."""
    now = app.clock()
    with app.db.write() as uow:
        overdue = uow.promises.open_due_before(now)
        for promise in overdue:
            if not uow.promises.set_state(promise.id, PromiseState.BROKEN, now):
                continue
            case = cases.case_of(uow, promise.case_id)
            cases.add_entry(uow, case, now, "system", "promise_broken", {"what": promise.what})
            payload = {"case": case.number, "what": promise.what}
            uow.outbox.add("promise.broken", promise.id, payload, now)
            handoff.request(uow, app.thresholds, case.conversation_id, ("promise_broken",), now)
        uow.commit()
        return len(overdue)


def meet_silence(app: App) -> int:
    """Remind customers who went silent, once, and close chats that were left."""
    now = app.clock()
    with app.db.read() as uow:
        # Twice the wait: a job that was late by less than that misses nobody.
        silent = uow.conversations.silent_between(now - 2 * REMIND_AFTER, now - REMIND_AFTER)
        left = uow.conversations.silent_between(LONG_AGO, now - CLOSE_AFTER)
    reminded = sum(_in_transaction(app, _remind, one) for one in silent)
    return reminded + sum(_in_transaction(app, _close, one) for one in left)


def _in_transaction(
    app: App, work: Callable[[UnitOfWork, Conversation, datetime], bool], conversation_id: str
) -> bool:
    with app.db.write() as uow:
        conversation = uow.conversations.lock(conversation_id)
        done = conversation.mode is Mode.BOT and work(uow, conversation, app.clock())
        uow.commit()
        return done


def _remind(uow: UnitOfWork, conversation: Conversation, now: datetime) -> bool:
    case = cases.current_case(uow, conversation.id)
    last = uow.conversations.message(conversation.id, conversation.last_seq)
    if case is None or last is None or last.role is not Role.BOT:
        return False  # nothing is asked of the customer, or they were reminded already
    text = notices.reminder(case.number, conversation.language)
    uow.conversations.append(conversation.id, Draft(Role.SYSTEM, text), now)
    return True


def _close(uow: UnitOfWork, conversation: Conversation, now: datetime) -> bool:
    uow.conversations.set_mode(conversation.id, Mode.CLOSED, at=now)
    return True


def score_conversations(app: App) -> int:
    now = app.clock()
    with app.db.read() as uow:
        waiting = uow.scores.unscored(now - SCORE_AFTER)
    for conversation_id in waiting:
        with app.db.write() as uow:
            satisfaction.score_conversation(uow, conversation_id, now)
            uow.commit()
    return len(waiting)


JOBS: tuple[Job, ...] = (
    Job("issue_remedies", 1.0, issue_remedies),
    Job("expire_offers", 60.0, expire_offers),
    Job("mark_broken_promises", 15.0, mark_broken_promises),
    Job("meet_silence", 30.0, meet_silence),
    Job("score_conversations", 30.0, score_conversations),
)


async def run_job(app: App, job: Job) -> None:
    """Run one job for ever; a failure is logged and the next round tries again."""
    while True:
        try:
            done = await asyncio.to_thread(job.run, app)
            if done:
                log.info("jobs.job.done", job=job.name, count=done)
        except Exception:
            log.exception("jobs.job.failed", job=job.name)
        await asyncio.sleep(job.every_seconds)
