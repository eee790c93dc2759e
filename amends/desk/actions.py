"""What staff do at the desk. Each action is one transaction, one log line, and one refusal in
plain words.

Refused
└── SignedOut     the session has ended; nothing is done any more
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from amends.cases import use_cases as cases
from amends.cases.errors import CaseError
from amends.cases.model import Case
from amends.compensation import grants
from amends.compensation.clauses import Role
from amends.compensation.errors import CompensationError, LedgerError
from amends.compensation.grants import Grantor, Preview
from amends.compensation.use_cases import Accepted
from amends.conversations import cleaning
from amends.conversations.errors import ConversationError, EmptyMessage
from amends.conversations.model import Message
from amends.conversations.transactions import Transactions
from amends.conversations.use_cases import hand_pending_to_staff
from amends.handoff import queue
from amends.handoff import use_cases as handoff
from amends.handoff.errors import AlreadyClaimed, HandoffError, NotYours, UnknownHandoff
from amends.handoff.model import Handoff, StaffMember, StaffRole
from amends.handoff.queue import Summary
from amends.satisfaction.ports import UnitOfWork
from amends.wiring.app import App

log = structlog.get_logger()

LONGEST_ANSWER = 4000

AUTHORITY: dict[StaffRole, Role] = {
    StaffRole.AGENT: Role.AGENT,
    StaffRole.ADMIN: Role.AGENT,  # runs the installation; money is not part of that
    StaffRole.SUPERVISOR: Role.SUPERVISOR,
    StaffRole.MANAGER: Role.SUPERVISOR,
}
"""With whose authority staff grant remedies; a trainer grants none."""

_REFUSALS = (HandoffError, CaseError, LedgerError, ConversationError, CompensationError)


class Refused(Exception):
    """Base; `str()` is one sentence for the person at the desk."""


class SignedOut(Refused):
    def __init__(self) -> None:
        super().__init__("You are signed out. Please sign in again.")


@dataclass(frozen=True, slots=True)
class Opened:
    """All that is shown of one chat."""

    summary: Summary
    claimed_by_name: str | None
    names: dict[str, str]  # of all staff, by id


class Actions:
    """One person's actions, under one session."""

    def __init__(
        self, app: App, transactions: Transactions[UnitOfWork], member: StaffMember, token_hash: str
    ) -> None:
        self._app = app
        self._transactions = transactions
        self._member = member
        self._token_hash = token_hash

    async def open(self, handoff_id: str) -> Opened:
        def work(uow: UnitOfWork) -> Opened:
            found = queue.summary(uow, handoff_id)
            names = {member.id: member.name for member in uow.staff.all()}
            return Opened(found, names.get(found.handoff.claimed_by or ""), names)

        return await self._refusing(self._transactions.read, handoff_id, work)

    async def claim(self, handoff_id: str) -> Handoff:
        """Take a waiting chat.

        Raises:
            Refused: a colleague was faster (and is named), or the chat has ended.
        """

        def work(uow: UnitOfWork, now: datetime) -> Handoff:
            taken = handoff.claim(uow, handoff_id, self._member, now)
            hand_pending_to_staff(uow, taken.conversation_id)
            return taken

        return await self._change("claim", handoff_id, work)

    async def answer(self, handoff_id: str, text: str) -> Message:
        if len(text) > LONGEST_ANSWER:
            raise Refused(
                f"Your message has {len(text)} characters; at most {LONGEST_ANSWER} are sent."
            )

        def work(uow: UnitOfWork, now: datetime) -> Message:
            cleaned = cleaning.accept_staff(text)
            return handoff.answer(uow, handoff_id, self._member, cleaned, now)

        return await self._change("answer", handoff_id, work)

    async def return_to_bot(self, handoff_id: str) -> None:
        def work(uow: UnitOfWork, now: datetime) -> None:
            handoff.return_to_bot(uow, handoff_id, self._member, now)

        await self._change("return_to_bot", handoff_id, work)

    async def requeue(self, handoff_id: str) -> Handoff:
        def work(uow: UnitOfWork, now: datetime) -> Handoff:
            return handoff.requeue(uow, handoff_id, self._member, self._app.thresholds, now)

        return await self._change("requeue", handoff_id, work)

    async def resolve(self, handoff_id: str, outcome: str) -> None:
        def work(uow: UnitOfWork, now: datetime) -> None:
            handoff.resolve(uow, handoff_id, self._member, outcome, now)

        await self._change("resolve", handoff_id, work, outcome=outcome)

    async def preview_grants(self, handoff_id: str) -> Preview:
        """List what this person may grant in the chat's case.

        Raises:
            Refused: there is no open case, or this person's role grants nothing.
        """
        role, now = self._authority(), self._app.clock()

        def work(uow: UnitOfWork) -> Preview:
            case = _case_of(uow, handoff_id)
            return grants.preview(uow, self._app.policy, case.id, role, now)

        return await self._refusing(self._transactions.read, handoff_id, work)

    async def grant(self, handoff_id: str, key: str) -> Accepted:
        role = self._authority()

        def work(uow: UnitOfWork, now: datetime) -> Accepted:
            handoff.mine(uow, handoff_id, self._member)
            case = _case_of(uow, handoff_id)
            by = Grantor(self._member.id, self._member.name)
            return grants.grant(uow, self._app.policy, case.id, key, by, role, now)

        return await self._change("grant", handoff_id, work, role=role.value)

    def _authority(self) -> Role:
        role = AUTHORITY.get(self._member.role)
        if role is None:
            raise Refused(f"Your role ({self._member.role.value}) does not grant remedies.")
        return role

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
        run: Callable[[Callable[[UnitOfWork], T]], object],
        handoff_id: str,
        work: Callable[[UnitOfWork], T],
    ) -> T:
        try:
            return await run(work)  # type: ignore[misc,no-any-return]
        except AlreadyClaimed as error:
            name = await self._transactions.read(lambda uow: _holder(uow, handoff_id))
            raise Refused(f"{name or 'A colleague'} was faster and has this chat.") from error
        except UnknownHandoff as error:
            raise Refused("This chat has ended in the meantime.") from error
        except NotYours as error:
            name = await self._transactions.read(lambda uow: _holder(uow, handoff_id))
            raise Refused(f"{name or 'Nobody'} has this chat now; claim it first.") from error
        except EmptyMessage as error:
            raise Refused("There is nothing to send yet.") from error
        except _REFUSALS as error:
            raise Refused(str(error)) from error


def _case_of(uow: UnitOfWork, handoff_id: str) -> Case:
    found = uow.handoffs.get(handoff_id)
    if found is None:
        raise UnknownHandoff(handoff_id)
    case = cases.current_case(uow, found.conversation_id)
    if case is None:
        raise Refused("This chat has no open case, so there is nothing to grant in.")
    return case


def _holder(uow: UnitOfWork, handoff_id: str) -> str | None:
    found = uow.handoffs.get(handoff_id)
    return _name(uow, found.claimed_by) if found else None


def _name(uow: UnitOfWork, staff_id: str | None) -> str | None:
    member = uow.staff.get(staff_id) if staff_id else None
    return member.name if member else None


def _ids(uow: UnitOfWork, handoff_id: str) -> dict[str, str | None]:
    found = uow.handoffs.get(handoff_id)
    case = cases.latest_case(uow, found.conversation_id) if found else None
    return {
        "conversation_id": found.conversation_id if found else None,
        "case_id": case.id if case else None,
    }
