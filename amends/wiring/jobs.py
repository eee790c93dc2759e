"""What happens without anybody writing: remedies go out, offers expire, promises fall due,
silent customers are met, conversations are scored. Every job may run again at any moment, on any
process: each takes its work under a lock and finds nothing left when it was done before."""

import asyncio
import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog

from amends.audit.acting import acting_as
from amends.cases import promising
from amends.cases import use_cases as cases
from amends.cases.model import Promise
from amends.compensation import issuing
from amends.compensation import use_cases as compensation
from amends.compensation.model import Instruction, Report
from amends.compensation.ports import PaymentsUnavailable
from amends.conversations.model import Conversation, Draft, Mode, Role
from amends.handoff import fallbacks
from amends.handoff import use_cases as handoff
from amends.handoff.thresholds import Thresholds
from amends.satisfaction.ports import UnitOfWork
from amends.wiring import (
    case_index,
    check_in,
    help_desk,
    mail,
    model_serving,
    model_work,
    notices,
    retention,
    reviews,
    scoring,
    settlement,
    shadow,
    watching,
    webhooks,
)
from amends.wiring.app import App
from amends.wiring.rules import LOOK_EVERY_SECONDS

log = structlog.get_logger()

REMIND_AFTER = timedelta(minutes=15)
"""A customer who was asked something and went silent is reminded once."""

CLOSE_AFTER = timedelta(hours=24)
"""After so long without a word the chat is closed; the case and its number stay."""

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

CLOCKS_DIFFER = timedelta(seconds=5)

FAILURES_IN_A_ROW = 3
"""After so many the rest of a round is left alone: a system that is down is not asked about each
remedy, one time-out after the other."""


@dataclass(frozen=True, slots=True)
class Job:
    name: str
    every_seconds: float
    run: Callable[[App], int]
    first_after_seconds: float = 0.0


def issue_remedies(app: App) -> int:
    """Carry out what customers accepted; ask a person about what fails for long."""
    with app.db.read() as uow:
        waiting = uow.ledger.to_carry_out(app.clock(), resting(app))
    down = Down()
    done = _each("issue_remedies", [one.id for one in waiting], partial(_issue, app, down))
    limit = timedelta(hours=app.settings.payments_person_after_hours)
    with app.db.read() as uow:
        failing = uow.ledger.failing_since(app.clock() - limit)
    _each("issue_remedies", [one.remedy_id for one in failing], partial(_ask_about_delay, app))
    return done


def resting(app: App) -> timedelta:
    """Return how long an accepted remedy is left alone, so that it can be taken back.

    A little longer than the customer may do so: clocks of two machines differ.
    """
    rest = timedelta(seconds=app.settings.take_back_seconds)
    return rest + CLOCKS_DIFFER if rest else rest


@dataclass
class Down:
    """How often in a row the company's system could not answer in this round."""

    in_a_row: int = 0

    @property
    def enough(self) -> bool:
        """Whether to leave the rest for the next round: it is the system, not the remedy."""
        return self.in_a_row >= FAILURES_IN_A_ROW


def _each(job: str, ids: Iterable[str], work: Callable[[str], bool]) -> int:
    """Do each piece of work; one that fails is left for the next round and holds up no other."""
    done = 0
    for piece in ids:
        try:
            done += work(piece)
        except Exception:
            log.exception("jobs.piece.failed", job=job, id=piece)
    return done


def _issue(app: App, down: Down, remedy_id: str) -> bool:
    if down.enough:
        return False
    with app.db.write() as uow:
        instruction = issuing.prepare(uow, remedy_id)
        uow.commit()
    if instruction is None:
        return False
    report = _ask(app, instruction)
    if isinstance(report, PaymentsUnavailable):
        down.in_a_row += 1
        _postpone(app, remedy_id, report)
        return False
    down.in_a_row = 0
    with app.db.write() as uow:
        recorded = settlement.hear(uow, app.thresholds, remedy_id, report, app.clock())
        uow.commit()
    return bool(recorded.steps)


def _ask(app: App, instruction: Instruction) -> Report | PaymentsUnavailable:
    try:
        return issuing.ask(app.payments, instruction)
    except PaymentsUnavailable as failure:
        return failure
    except Exception as error:  # whatever else a company's own adapter may raise
        log.exception("payments.adapter.broken", remedy_id=instruction.remedy.id)
        return PaymentsUnavailable(f"{type(error).__name__}: {error}")


def _postpone(app: App, remedy_id: str, failure: PaymentsUnavailable) -> None:
    """Let the remedy wait for another try, longer after each; the log says why."""
    with app.db.write() as uow:
        retry = settlement.postpone(uow, remedy_id, failure, random.random(), app.clock())
        uow.commit()
    if retry is None:
        return
    facts = {"reason": str(failure), "tries": retry.tries, "next_at": retry.next_at.isoformat()}
    if failure.misconfigured:
        log.error("payments.system.misconfigured", remedy_id=remedy_id, **facts)
    else:
        log.warning("payments.system.unavailable", remedy_id=remedy_id, **facts)


def _ask_about_delay(app: App, remedy_id: str) -> bool:
    with app.db.write() as uow:
        asked = settlement.ask_about_delay(uow, app.thresholds, remedy_id, app.clock())
        uow.commit()
        return asked


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
        if not promising.break_promise(uow, case, promise, now):
            return False
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


def tell_late(app: App) -> int:
    """Tell waiting customers, once, that the answer comes later than promised."""
    with app.db.read() as uow:
        late = [one.id for one in uow.handoffs.untold(app.clock())]
    return _each("tell_late", late, partial(_with_handoff, app, fallbacks.tell_late))


def take_away_chats(app: App) -> int:
    """Put the chats of staff who are gone or silent back into the queue."""
    with app.db.read() as uow:
        alone = fallbacks.left_alone(uow, app.thresholds, app.clock())
    return _each("take_away_chats", alone, partial(_with_handoff, app, fallbacks.take_away))


def _with_handoff(
    app: App, work: Callable[[UnitOfWork, Thresholds, str, datetime], bool], handoff_id: str
) -> bool:
    with app.db.write() as uow:
        done = work(uow, app.thresholds, handoff_id, app.clock())
        uow.commit()
        return done


def note_audit_head(app: App) -> int:
    """Write the head of the audit log into this process's log, which is kept elsewhere."""
    with app.db.read() as uow:
        head = uow.audit.head()
    log.info("audit.head.noted", noted=f"{head.number}:{head.hash}")
    return 0


def read_rules(app: App) -> int:
    """Let what was laid down at the desk meanwhile hold in this process too."""
    return int(app.rules.refresh())


JOBS: tuple[Job, ...] = (
    Job("note_audit_head", 900.0, note_audit_head),
    Job("read_rules", LOOK_EVERY_SECONDS, read_rules),
    Job("read_figures", 15.0, watching.read_figures),
    Job("issue_remedies", 1.0, issue_remedies),
    Job("expire_offers", 60.0, expire_offers),
    Job("mark_broken_promises", 15.0, mark_broken_promises),
    Job("meet_silence", 30.0, meet_silence),
    Job("score_conversations", 30.0, scoring.score_conversations),
    Job("fill_review_queue", 30.0, reviews.fill_review_queue, first_after_seconds=5.0),
    Job("outdate_scores", 24 * 3600.0, scoring.outdate_scores),
    Job("deliver_webhooks", 1.0, webhooks.deliver),
    Job("tell_help_desk", 1.0, help_desk.tell_help_desk),
    Job("look_for_people", 15.0, help_desk.look_for_people),
    Job("forget_events", 3600.0, webhooks.forget_events),
    Job("answer_access_requests", 1.0, mail.answer_access_requests),
    Job("send_mails", 1.0, mail.send_mails),
    Job("forget_mails", 3600.0, mail.forget_mails),
    Job("check_in_by_mail", 1800.0, check_in.check_in_by_mail, first_after_seconds=30.0),
    Job("erase_what_is_past", 24 * 3600.0, retention.erase_what_is_past, first_after_seconds=600.0),
    Job("index_cases", 2.0, case_index.index_cases),
    Job("serve_promoted_model", 2.0, model_serving.look_at_engines),
    Job("do_model_work", 2.0, model_work.do_model_work),
    Job("read_along", 60.0, shadow.read_along),
    Job("tell_late", 15.0, tell_late),
    # After a restart the desk's pages need a moment until they are seen again.
    Job("take_away_chats", 15.0, take_away_chats, first_after_seconds=60.0),
)


async def run_job(app: App, job: Job) -> None:
    """Run one job for ever; a failure is logged and the next round tries again."""
    app.pulse.expect(job.name, job.every_seconds, job.first_after_seconds)
    await asyncio.sleep(job.first_after_seconds)
    while True:
        began = time.monotonic()
        try:
            with acting_as(f"job:{job.name}"):
                done = await asyncio.to_thread(job.run, app)
            app.pulse.succeeded(job.name, time.monotonic() - began)
            if done:
                log.info("jobs.job.done", job=job.name, count=done)
        except Exception:
            app.pulse.failed(job.name, time.monotonic() - began)
            log.exception("jobs.job.failed", job=job.name)
        await asyncio.sleep(job.every_seconds)
