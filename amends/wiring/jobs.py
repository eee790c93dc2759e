"""What happens without anybody writing: remedies go out, offers expire, promises fall due,
silent customers are met, conversations are scored. Every job may run again at any moment, on any
process: each takes its work under a lock and finds nothing left when it was done before."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog

from amends.cases import use_cases as cases
from amends.cases.model import Promise, PromiseState
from amends.compensation import issuing
from amends.compensation import use_cases as compensation
from amends.compensation.issuing import Answer
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
    return _each("issue_remedies", [one.id for one in waiting], partial(_issue, app))


def _each(job: str, ids: Iterable[str], work: Callable[[str], bool]) -> int:
    """Do each piece of work; one that fails is left for the next round and holds up no other."""
    done = 0
    for piece in ids:
        try:
            done += work(piece)
        except Exception:
            log.exception("jobs.piece.failed", job=job, id=piece)
    return done


def _issue(app: App, remedy_id: str) -> bool:
    with app.db.write() as uow:
        remedy = issuing.prepare(uow, remedy_id)
        uow.commit()
    if remedy is None:
        return False
    answer = issuing.ask(app.payments, remedy)
    with app.db.write() as uow:
        return _tell_issued(app, uow, remedy, answer)


def _tell_issued(app: App, uow: UnitOfWork, remedy: Remedy, answer: Answer) -> bool:
    now = app.clock()
    case = cases.case_of(uow, remedy.case_id)
    conversation = uow.conversations.lock(case.conversation_id)
    issued = issuing.record(uow, remedy.id, answer, now)
    if issued is None:
        return False
    if issued.refused:
        handoff.request(uow, app.thresholds, conversation.id, ("refused",), now)
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
    with app.db.read() as uow:
        overdue = uow.promises.open_due_before(app.clock())
    by_id = {promise.id: promise for promise in overdue}
    return _each("mark_broken_promises", by_id, lambda key: _break(app, by_id[key]))


def _break(app: App, promise: Promise) -> bool:
    now = app.clock()
    with app.db.write() as uow:
        case = cases.case_of(uow, promise.case_id)
        uow.conversations.lock(case.conversation_id)
        if not uow.promises.set_state(promise.id, PromiseState.BROKEN, now):
            return False
        cases.add_entry(uow, case, now, "system", "promise_broken", {"what": promise.what})
        payload = {"case": case.number, "what": promise.what}
        uow.outbox.add("promise.broken", promise.id, payload, now)
        handoff.request(uow, app.thresholds, case.conversation_id, ("promise_broken",), now)
        uow.commit()
        return True


def meet_silence(app: App) -> int:
    """Remind customers who went silent, once, and close chats that were left."""
    now = app.clock()
    with app.db.read() as uow:
        # Twice the wait: a job that was late by less than that misses nobody.
        silent = uow.conversations.silent_between(now - 2 * REMIND_AFTER, now - REMIND_AFTER)
        left = uow.conversations.silent_between(LONG_AGO, now - CLOSE_AFTER)
    reminded = _each("meet_silence", silent, partial(_when_silent, app, _remind, REMIND_AFTER))
    return reminded + _each("meet_silence", left, partial(_when_silent, app, _close, CLOSE_AFTER))


def _when_silent(
    app: App,
    work: Callable[[UnitOfWork, Conversation, datetime], bool],
    silence: timedelta,
    conversation_id: str,
) -> bool:
    """Do the work unless somebody wrote, or took over, since the list was made."""
    now = app.clock()
    with app.db.write() as uow:
        conversation = uow.conversations.lock(conversation_id)
        last = uow.conversations.message(conversation.id, conversation.last_seq)
        silent = last is None or last.at < now - silence
        done = silent and conversation.mode is Mode.BOT and work(uow, conversation, now)
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
    with app.db.read() as uow:
        waiting = uow.scores.unscored(app.clock() - SCORE_AFTER)
    return _each("score_conversations", waiting, partial(_score, app))


def _score(app: App, conversation_id: str) -> bool:
    with app.db.write() as uow:
        satisfaction.score_conversation(uow, conversation_id, app.clock())
        uow.commit()
        return True


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
