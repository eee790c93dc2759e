"""How anything is done at the desk: one transaction, one log line, one refusal in plain words.

Refused
└── SignedOut     the session has ended; nothing is done any more
"""

from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from amends.audit.acting import acting_as
from amends.cases import use_cases as cases
from amends.cases.errors import CaseError
from amends.compensation.errors import CompensationError, LedgerError
from amends.conversations.errors import ConversationError, EmptyMessage
from amends.conversations.transactions import Transactions
from amends.desk import help_words
from amends.desk.speech import mark, tr
from amends.handoff.errors import (
    AlreadyClaimed,
    CannedError,
    HandoffError,
    NobodyThere,
    NotAllowed,
    NoteMissing,
    NotPassedToYou,
    NotReturned,
    NotYours,
    PassedOn,
    RequestError,
    UnknownHandoff,
)
from amends.handoff.model import StaffMember
from amends.satisfaction.ports import UnitOfWork
from amends.wiring.app import App

log = structlog.get_logger()

_REFUSALS = (HandoffError, CaseError, LedgerError, ConversationError, CompensationError)

_SENTENCES: dict[type[Exception], str] = {
    UnknownHandoff: mark("This chat has ended in the meantime."),
    EmptyMessage: mark("There is nothing to send yet."),
    PassedOn: mark("You have passed this chat on; take it back first."),
    NotPassedToYou: mark("This chat is not passed to you any more."),
    NobodyThere: mark("Nobody at the desk can take this now; choose somebody else."),
    NoteMissing: mark("Write a note for whoever takes the chat."),
    NotReturned: mark("The assistant does not have this chat any more."),
    NotAllowed: mark("Your role does not allow this; ask an administrator if you need it."),
}


class Refused(Exception):
    """Base; `str()` is one sentence for the person at the desk."""


class SignedOut(Refused):
    def __init__(self) -> None:
        super().__init__(tr("You are signed out. Please sign in again."))


class Acting:
    """One person under one session; what they can do is in the classes built on this one."""

    def __init__(
        self, app: App, transactions: Transactions[UnitOfWork], member: StaffMember, token_hash: str
    ) -> None:
        self._app = app
        self._transactions = transactions
        self._member = member
        self._token_hash = token_hash

    async def _change[T](
        self,
        action: str,
        handoff_id: str,
        work: Callable[[UnitOfWork, datetime], T],
        **facts: object,
    ) -> T:
        now = self._app.clock()

        def guarded(uow: UnitOfWork) -> tuple[T, dict[str, str | None]]:
            if uow.staff.session(self._token_hash, now) is None:
                raise SignedOut
            uow.staff.use_session(self._token_hash, now)
            with acting_as(self._member.id):
                result = work(uow, now)
            return result, _ids(uow, handoff_id)

        ids: dict[str, str | None] = {"handoff_id": handoff_id, "staff_id": self._member.id}
        try:
            result, found = await self._refusing(self._transactions.write, handoff_id, guarded)
        except Refused as refused:
            reason = type(refused.__cause__ or refused).__name__
            log.info(f"desk.{action}.refused", reason=reason, **ids)
            raise
        log.info(f"desk.{action}.done", **ids, **found, **facts)
        return result

    async def _refusing[T](
        self,
        run: Callable[[Callable[[UnitOfWork], T]], Awaitable[T]],
        handoff_id: str,
        work: Callable[[UnitOfWork], T],
    ) -> T:
        try:
            return await run(work)
        except AlreadyClaimed as error:
            name = await self._holder(handoff_id) or tr("A colleague")
            raise Refused(tr("{name} was faster and has this chat.", name=name)) from error
        except NotYours as error:
            name = await self._holder(handoff_id) or tr("Nobody")
            raise Refused(tr("{name} has this chat now; claim it first.", name=name)) from error
        except (CannedError, RequestError) as error:
            raise Refused(help_words.refusal(error)) from error
        except _REFUSALS as error:
            raise Refused(tr(_SENTENCES.get(type(error), str(error)))) from error

    async def _holder(self, handoff_id: str) -> str | None:
        """Return the name of who has a chat now."""

        def read(uow: UnitOfWork) -> str | None:
            found = uow.handoffs.get(handoff_id)
            member = uow.staff.get(found.claimed_by) if found and found.claimed_by else None
            return member.name if member else None

        return await self._transactions.read(read)


def _ids(uow: UnitOfWork, handoff_id: str) -> dict[str, str | None]:
    found = uow.handoffs.get(handoff_id)
    case = cases.latest_case(uow, found.conversation_id) if found else None
    return {
        "conversation_id": found.conversation_id if found else None,
        "case_id": case.id if case else None,
    }
