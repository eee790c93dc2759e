"""The bridge to a help desk of the company's own: what is due there is told, beside the jobs."""

import random
from collections.abc import Sequence
from functools import partial
from zlib import crc32

import structlog

from amends.handoff import bridge
from amends.handoff.help_desk import Close, Forward, HandOver, Work
from amends.handoff.ports import ChatGone, HelpDesk, HelpDeskUnavailable
from amends.wiring.app import App

log = structlog.get_logger()

LANES = 4
"""Conversations are spread over so many: one of them is always told in order."""


def tell_help_desk(app: App) -> int:
    """Begin to tell what is due; returns how many lanes began."""
    if app.help_desk is None:
        return 0
    with app.db.read() as uow:
        due = uow.help_desk.due(app.clock())
    lanes: dict[int, list[str]] = {}
    for conversation_id in due:
        lanes.setdefault(crc32(conversation_id.encode()) % LANES, []).append(conversation_id)
    return sum(
        app.lanes.start("help_desk", str(number), partial(_tell_each, app, app.help_desk, ids))
        for number, ids in lanes.items()
    )


def look_for_people(app: App) -> int:
    """See whether anybody is at the help desk; waiting customers are told the truth by it."""
    if app.help_desk is not None:
        app.lanes.start("help_desk", "people", partial(_look, app, app.help_desk))
    return 0


def _look(app: App, help_desk: HelpDesk) -> None:
    try:
        is_staffed = help_desk.is_staffed()
    except HelpDeskUnavailable as failure:
        _warn(failure)
        return
    if is_staffed:
        with app.db.write() as uow:
            bridge.seen(uow, app.clock())
            uow.commit()


def _tell_each(app: App, help_desk: HelpDesk, conversation_ids: Sequence[str]) -> None:
    """Tell all there is of each; a help desk that is down is not asked about the rest."""
    for conversation_id in conversation_ids:
        try:
            while _tell_next(app, help_desk, conversation_id):
                pass
        except HelpDeskUnavailable:
            return
        except Exception:
            log.exception("help_desk.chat.failed", conversation_id=conversation_id)


def _tell_next(app: App, help_desk: HelpDesk, conversation_id: str) -> bool:
    """Tell one thing; whether there may be another.

    Raises:
        HelpDeskUnavailable: it is told later; that is written down.
    """
    with app.db.write() as uow:
        work = bridge.take(uow, app.thresholds, conversation_id, app.clock())
        uow.commit()
    if work is None:
        return False
    try:
        external_id = _ask(help_desk, work)
    except HelpDeskUnavailable as failure:
        _postpone(app, work, failure)
        raise
    except ChatGone:
        log.warning("help_desk.chat.gone", conversation_id=conversation_id)
        with app.db.write() as uow:
            bridge.lost(uow, app.thresholds, work, app.clock())
            uow.commit()
        return True
    with app.db.write() as uow:
        bridge.record(uow, work, external_id, app.clock())
        uow.commit()
    return True


def _ask(help_desk: HelpDesk, work: Work) -> str | None:
    """Make the call; returns the help desk's id of a chat that was handed over."""
    again = work.chat.is_again
    match work.step:
        case HandOver():
            return help_desk.hand_over(work.step)
        case Forward():
            help_desk.forward(work.chat.external_id or "", work.step, again=again)
        case Close():
            help_desk.close(work.chat.external_id or "", work.step, again=again)
    return None


def _postpone(app: App, work: Work, failure: HelpDeskUnavailable) -> None:
    _warn(failure, conversation_id=work.chat.conversation_id, tries=work.chat.tries)
    with app.db.write() as uow:
        bridge.postpone(uow, work, str(failure), failure.retry_after, random.random(), app.clock())
        uow.commit()


def _warn(failure: HelpDeskUnavailable, **facts: object) -> None:
    if failure.misconfigured:
        log.error("help_desk.misconfigured", reason=str(failure), **facts)
    else:
        log.warning("help_desk.unavailable", reason=str(failure), **facts)
