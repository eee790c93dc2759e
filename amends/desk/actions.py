"""What staff do in their own chats, and how they come to have them."""

from dataclasses import dataclass
from datetime import datetime

from amends.cases import use_cases as cases
from amends.cases.model import Case
from amends.compensation import grants
from amends.compensation.clauses import Role
from amends.compensation.grants import Grantor, Preview
from amends.compensation.use_cases import Accepted
from amends.conversations import cleaning
from amends.conversations.model import Message, Mode
from amends.conversations.use_cases import hand_pending_to_staff
from amends.desk.acting import Acting, Refused, SignedOut
from amends.desk.speech import mark, tr
from amends.handoff import canned, marks, queue, taking
from amends.handoff import use_cases as handoff
from amends.handoff.approval_model import ApprovalState
from amends.handoff.errors import UnknownHandoff
from amends.handoff.fit import is_passed_to
from amends.handoff.model import Handoff, HandoffState, StaffMember, StaffRole
from amends.handoff.queue import Summary
from amends.handoff.rights import Right, may, require
from amends.satisfaction.model import Survey
from amends.satisfaction.ports import UnitOfWork
from amends.satisfaction.scoring import course
from amends.satisfaction.telling import turns_of

__all__ = ["AUTHORITY", "LONGEST_ANSWER", "Actions", "Opened", "Refused", "SignedOut"]

LONGEST_ANSWER = 4000

AUTHORITY: dict[StaffRole, Role] = {
    StaffRole.AGENT: Role.AGENT,
    StaffRole.ADMIN: Role.AGENT,  # runs the installation; money is not part of that
    StaffRole.SUPERVISOR: Role.SUPERVISOR,
    StaffRole.MANAGER: Role.SUPERVISOR,
}
"""With whose authority staff grant remedies; a trainer grants none."""


@dataclass(frozen=True, slots=True)
class Opened:
    """All that is shown of one chat."""

    summary: Summary
    claimed_by_name: str | None
    names: dict[str, str]  # of all staff, by id
    is_readable: bool = True  # a colleague's chat is read by those who may listen in
    may_take_back: bool = False  # from the assistant
    survey: Survey | None = None  # how the customer rated, if they did
    outlook: tuple[float, ...] = ()  # predicted satisfaction after each message, 1 to 5


class Actions(Acting):
    """One person's actions, under one session."""

    async def open(self, handoff_id: str) -> Opened:
        def work(uow: UnitOfWork) -> Opened:
            found = queue.summary(uow, handoff_id)
            names = {member.id: member.name for member in uow.staff.all()}
            returned = taking.may_take_back(found.handoff, self._member)
            return Opened(
                found,
                names.get(found.handoff.claimed_by or ""),
                names,
                is_readable=_is_readable(found.handoff, self._member)
                or self._decides_on(uow, found),
                may_take_back=returned and found.conversation.mode is not Mode.CLOSED,
                survey=uow.surveys.of_conversation(found.conversation.id),
                outlook=course(turns_of(found.messages, dict(found.moods)), self._app.weights),
            )

        return await self._refusing(self._transactions.read, handoff_id, work)

    def _decides_on(self, uow: UnitOfWork, found: Summary) -> bool:
        """Whether something is asked for in the case that this person may decide on, or did."""
        if found.case is None or not may(self._member, Right.APPROVE):
            return False
        asked = uow.approvals.of_case(found.case.id)
        return any(
            one.state is ApprovalState.PENDING or one.decided_by == self._member.id for one in asked
        )

    async def claim(self, handoff_id: str) -> Handoff:
        """Take a waiting chat.

        Raises:
            Refused: a colleague was faster (and is named), or the chat has ended.
        """

        def work(uow: UnitOfWork, now: datetime) -> Handoff:
            require(self._member, Right.ANSWER_CHATS)
            taken = handoff.claim(uow, handoff_id, self._member, now)
            hand_pending_to_staff(uow, taken.conversation_id)
            return taken

        return await self._change("claim", handoff_id, work)

    async def answer(self, handoff_id: str, text: str, key: str | None = None) -> Message:
        """Write to the customer, once however often it comes with the same `key`."""
        if len(text) > LONGEST_ANSWER:
            raise Refused(
                tr(
                    "Your message has {count} characters; at most {most} are sent.",
                    count=len(text),
                    most=LONGEST_ANSWER,
                )
            )

        def work(uow: UnitOfWork, now: datetime) -> Message:
            cleaned = cleaning.accept_staff(text)
            canned.refuse_gaps(cleaned)
            return handoff.answer(uow, handoff_id, self._member, cleaned, now, key)

        return await self._change("answer", handoff_id, work)

    async def return_to_bot(self, handoff_id: str, was_needed: bool | None = None) -> None:
        def work(uow: UnitOfWork, now: datetime) -> None:
            handoff.return_to_bot(uow, handoff_id, self._member, now)
            marks.mark(uow, handoff_id, was_needed)

        await self._change("return_to_bot", handoff_id, work)

    async def requeue(self, handoff_id: str) -> Handoff:
        def work(uow: UnitOfWork, now: datetime) -> Handoff:
            return handoff.requeue(uow, handoff_id, self._member, self._app.thresholds, now)

        return await self._change("requeue", handoff_id, work)

    async def resolve(self, handoff_id: str, outcome: str, was_needed: bool | None = None) -> None:
        def work(uow: UnitOfWork, now: datetime) -> None:
            ask = self._app.ask_survey
            handoff.resolve(uow, handoff_id, self._member, outcome, now, ask)
            marks.mark(uow, handoff_id, was_needed)

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
            raise Refused(tr("Your role does not grant remedies."))
        return role


def _case_of(uow: UnitOfWork, handoff_id: str) -> Case:
    found = uow.handoffs.get(handoff_id)
    if found is None:
        raise UnknownHandoff(handoff_id)
    case = cases.current_case(uow, found.conversation_id)
    if case is None:
        raise Refused(mark("This chat has no open case, so there is nothing to grant in."))
    return case


def _is_readable(found: Handoff, member: StaffMember) -> bool:
    is_a_colleagues = found.state is HandoffState.CLAIMED and found.claimed_by != member.id
    return not is_a_colleagues or is_passed_to(found, member) or may(member, Right.LISTEN_IN)
