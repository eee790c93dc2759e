"""What helps staff in a chat: suggested steps, canned replies, requests beyond one's authority."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from amends.cases.model import OPEN_STATUSES
from amends.compensation import grants
from amends.compensation.clauses import Role
from amends.compensation.currency import to_minor
from amends.compensation.exceptions import Wanted
from amends.compensation.grants import Preview
from amends.desk import help_words
from amends.desk.acting import Acting, Refused
from amends.desk.actions import AUTHORITY
from amends.desk.speech import mark
from amends.handoff import approvals, canned, queue
from amends.handoff.approval_model import Approval
from amends.handoff.approvals import Decided
from amends.handoff.canned import CannedReply, Values
from amends.handoff.canned_values import values_in_chat
from amends.handoff.errors import AlreadyDecided
from amends.handoff.next_steps import NextStep, next_steps
from amends.handoff.queue import Summary
from amends.satisfaction.ports import UnitOfWork
from amends.values import Money

_AMOUNT = re.compile(r"\d{1,9}(?:[.,]\d{1,3})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Help:
    """What is suggested in a chat, and what was asked for in its case."""

    steps: tuple[NextStep, ...]
    approvals: tuple[Approval, ...]
    names: dict[str, str]  # of all staff, by id


@dataclass(frozen=True, slots=True)
class Replies:
    """The canned replies, and what is filled into them in one chat."""

    replies: tuple[CannedReply, ...]
    values: Values
    language: str
    category: str | None


class HelpActions(Acting):
    """One person's actions, under one session."""

    async def look(self, handoff_id: str) -> Help:
        now = self._app.clock()

        def work(uow: UnitOfWork) -> Help:
            found = queue.summary(uow, handoff_id)
            asked = tuple(approvals.of_case(uow, found.case.id)) if found.case else ()
            names = {member.id: member.name for member in uow.staff.all()}
            preview = self._preview(uow, found, now)
            return Help(next_steps(found, preview, asked, now), asked, names)

        return await self._refusing(self._transactions.read, handoff_id, work)

    async def replies(self, handoff_id: str) -> Replies:
        company = self._app.settings.company_name

        def work(uow: UnitOfWork) -> Replies:
            found = queue.summary(uow, handoff_id)
            return Replies(
                replies=tuple(uow.canned.all()),
                values=values_in_chat(found, self._member.name, company),
                language=found.conversation.language,
                category=found.case.category.value if found.case else None,
            )

        return await self._refusing(self._transactions.read, handoff_id, work)

    async def preview(self, handoff_id: str) -> Preview | None:
        """Return what may be granted, or asked for, in the chat's case."""
        now = self._app.clock()

        def work(uow: UnitOfWork) -> Preview | None:
            return self._preview(uow, queue.summary(uow, handoff_id), now)

        return await self._refusing(self._transactions.read, handoff_id, work)

    async def ask(self, handoff_id: str, option_key: str, note: str) -> Approval:
        """Ask for what is beyond one's authority.

        Raises:
            Refused: it is not, the note is missing, or the chat is somebody else's.
        """
        role = self._authority()

        def work(uow: UnitOfWork, now: datetime) -> Approval:
            return approvals.ask(
                uow, self._app.policy, handoff_id, option_key, note, self._member, role, now
            )

        return await self._change("ask_approval", handoff_id, work)

    async def ask_exception(self, handoff_id: str, kind: str, amount: str, note: str) -> Approval:
        """Ask for what no clause of the policy gives.

        Args:
            handoff_id: the chat.
            kind: of the remedy.
            amount: as it was typed, in the currency of the case.
            note: why.

        Raises:
            Refused: it is not possible, the note is missing, or the chat is somebody else's.
        """
        role = self._authority()

        def work(uow: UnitOfWork, now: datetime) -> Approval:
            preview = self._preview(uow, queue.summary(uow, handoff_id), now)
            if preview is None or preview.exception is None:
                raise Refused(mark("No exception is possible in this case."))
            money = read_money(amount, preview.exception.most.currency)
            if money is None:
                raise Refused(mark("Write the amount in figures, such as 12.50."))
            wanted, policy = Wanted(kind, money), self._app.policy
            return approvals.ask_exception(
                uow, policy, handoff_id, wanted, note, self._member, role, now
            )

        return await self._change("ask_exception", handoff_id, work)

    async def approve(self, handoff_id: str, approval_id: str) -> Decided:
        """Grant what was asked for, if the policy gives it to this person's role now.

        Raises:
            Refused: somebody was faster (and is named), or asked for it themselves.
        """
        role = self._authority()

        def work(uow: UnitOfWork, now: datetime) -> Decided:
            return approvals.approve(uow, self._app.policy, approval_id, self._member, role, now)

        return await self._change("approve", handoff_id, work, role=role.value)

    async def refuse(self, handoff_id: str, approval_id: str, reason: str) -> Approval:
        def work(uow: UnitOfWork, now: datetime) -> Approval:
            return approvals.refuse(uow, approval_id, reason, self._member, now)

        return await self._change("refuse_approval", handoff_id, work)

    async def withdraw(self, handoff_id: str, approval_id: str) -> Approval:
        def work(uow: UnitOfWork, now: datetime) -> Approval:
            return approvals.withdraw(uow, approval_id, self._member, now)

        return await self._change("withdraw_approval", handoff_id, work)

    def _preview(self, uow: UnitOfWork, found: Summary, now: datetime) -> Preview | None:
        role, case = AUTHORITY.get(self._member.role), found.case
        if role is None or case is None or case.status not in OPEN_STATUSES:
            return None
        return grants.preview(uow, self._app.policy, case.id, role, now)

    def _authority(self) -> Role:
        role = AUTHORITY.get(self._member.role)
        if role is None:
            raise Refused(mark("Your role does not grant remedies."))
        return role

    async def _refusing[T](
        self,
        run: Callable[[Callable[[UnitOfWork], T]], Awaitable[T]],
        handoff_id: str,
        work: Callable[[UnitOfWork], T],
    ) -> T:
        try:
            return await super()._refusing(run, handoff_id, work)
        except Refused as refused:
            cause = refused.__cause__
            if not isinstance(cause, AlreadyDecided):
                raise
            name = await self._name(cause.staff_id)
            raise Refused(help_words.refusal(cause, name)) from cause

    async def _name(self, staff_id: str | None) -> str | None:
        def read(uow: UnitOfWork) -> str | None:
            member = uow.staff.get(staff_id) if staff_id else None
            return member.name if member else None

        return await self._transactions.read(read)


def read_money(typed: str, currency: str) -> Money | None:
    """Return an amount as people write it, 12.50 or 12,50; None when it is none."""
    if not _AMOUNT.fullmatch(typed.strip()):
        return None
    try:
        return Money(to_minor(Decimal(typed.strip().replace(",", ".")), currency), currency)
    except ValueError:  # finer than the currency's smallest unit
        return None


def search(known: Replies, query: str) -> list[CannedReply]:
    return canned.search(known.replies, query, known.category)


def filled(known: Replies, reply: CannedReply) -> tuple[str, str]:
    """Return the language and the text of a reply as it is put into the composer."""
    language, text = reply.text_in(known.language)
    return language, canned.fill(text, language, known.values)
