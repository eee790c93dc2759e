"""Whoever wants to know is told which conversations a commit changed, right after it.

The session sees to it, so that no writer can forget it. It is a hint and no more: a process that
is cut off after its commit tells nobody, so whoever listens also looks by itself now and then.
"""

from collections.abc import Callable

import structlog
from sqlalchemy.event import listen
from sqlalchemy.orm import Session

from amends.storage.audit.recording import RecordedSession

log = structlog.get_logger()

Hear = Callable[[str], None]
"""Takes a conversation's id, in the thread that committed; must not block."""

_CHANGED, HEARERS = "amends_changed", "amends_hearers"


def note_change(session: Session, conversation_id: str) -> None:
    session.info.setdefault(_CHANGED, set()).add(conversation_id)


def _tell(session: Session) -> None:
    if session.in_nested_transaction():
        return  # a savepoint: the transaction goes on
    for conversation_id in session.info.pop(_CHANGED, ()):
        for hear in session.info.get(HEARERS, ()):
            try:
                hear(conversation_id)
            except Exception:  # what was committed stays committed
                log.exception("storage.change.untold", conversation_id=conversation_id)


listen(RecordedSession, "after_commit", _tell)
