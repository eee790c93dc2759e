"""Ask for what is beyond one's authority, and decide on it. Each runs in the caller's transaction.

An approval grants nothing by itself: the policy decides anew at that moment, with the authority of
the person who approves. So caps, budgets and forbidding clauses hold as ever.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from amends.cases import use_cases as cases
from amends.cases.errors import CaseClosed
from amends.cases.model import Case
from amends.compensation import exceptions, grants
from amends.compensation.clauses import Role
from amends.compensation.exceptions import Wanted
from amends.compensation.grants import Grantor
from amends.compensation.ground import GrantOption, ground_of
from amends.compensation.policy import Policy
from amends.compensation.usage import hold
from amends.compensation.use_cases import Accepted
from amends.handoff import use_cases as handoff
from amends.handoff.approval_model import Approval, ApprovalState, Stale
from amends.handoff.errors import (
    AlreadyDecided,
    AskedAlready,
    NoException,
    NoOpenCase,
    NoReason,
    NothingToAsk,
    NotYours,
    OwnRequest,
    UnknownRequest,
)
from amends.handoff.model import HandoffState, StaffMember
from amends.handoff.ports import UnitOfWork
from amends.handoff.rights import Right, require
from amends.values import new_id

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a request; `granted` is None when it had gone stale."""

    approval: Approval
    granted: Accepted | None = None


def ask(
    uow: UnitOfWork,
    policy: Policy,
    handoff_id: str,
    option_key: str,
    note: str,
    staff: StaffMember,
    role: Role,
    now: datetime,
) -> Approval:
    """Ask a supervisor for an option that is beyond the person's authority.

    Args:
        option_key: `key` of an option that the preview lists as `beyond`.
        role: The authority of the person who asks.

    Raises:
        UnknownHandoff, NotYours: the chat is not this person's.
        NoOpenCase: there is nothing to grant in.
        NoReason: there is no note.
        NothingToAsk: the option is not beyond this authority, or not to be had at all.
        AskedAlready: the same is asked for already.
    """
    case = _case_of_mine(uow, handoff_id, staff)
    words = _reason(note)
    preview = grants.preview(uow, policy, case.id, role, now)
    option = next((one for one in preview.beyond if one.key == option_key), None)
    if option is None:
        raise NothingToAsk(case.number)
    return _asked(uow, case, option, handoff_id, words, staff, now)


def ask_exception(
    uow: UnitOfWork,
    policy: Policy,
    handoff_id: str,
    wanted: Wanted,
    note: str,
    staff: StaffMember,
    role: Role,
    now: datetime,
) -> Approval:
    """Ask for goodwill that no clause of the policy gives.

    Raises:
        UnknownHandoff, NotYours: the chat is not this person's.
        NoOpenCase: there is nothing to grant in.
        NoReason: there is no note.
        NoException: the policy has none for this case, this role, this kind or this amount.
        AskedAlready: the same is asked for already.
    """
    case = _case_of_mine(uow, handoff_id, staff)
    words = _reason(note)
    ground = ground_of(uow, policy, case, now)
    allowance = exceptions.may_ask(uow, ground, role, now)
    option = exceptions.option_of(ground, allowance, wanted, role, staff.id)
    if option is None:
        raise NoException(case.number)
    return _asked(uow, case, option, handoff_id, words, staff, now)


def _asked(
    uow: UnitOfWork,
    case: Case,
    option: GrantOption,
    handoff_id: str,
    words: str,
    staff: StaffMember,
    now: datetime,
) -> Approval:
    asked = Approval(
        id=new_id(),
        handoff_id=handoff_id,
        case_id=case.id,
        option_key=option.key,
        remedies=option.grants,
        asked_by=staff.id,
        asked_at=now,
        note=words,
    )
    if not uow.approvals.add(asked):
        raise AskedAlready(case.number)
    _enter(uow, case, asked, now, staff.id, "approval_asked", {"note": words})
    return asked


def approve(
    uow: UnitOfWork,
    policy: Policy,
    approval_id: str,
    staff: StaffMember,
    role: Role,
    now: datetime,
) -> Decided:
    """Grant what was asked for if the policy still lets this role give it, exactly once.

    The remedy is granted under the name of the person who approves; the person who asked stands
    in the entry and keeps the case. What is not to be had any more is marked as stale.

    Raises:
        NotAllowed: the role may not approve.
        UnknownRequest, AlreadyDecided, OwnRequest.
    """
    approval = _to_decide(uow, approval_id, staff)
    case = cases.case_of(uow, approval.case_id)
    # Held until the end, so that nothing changes between looking and granting.
    hold(uow, case)
    uow.ledger.lock_budget()
    stale = _why_stale(uow, policy, approval, role, now)
    if stale is not None:
        ended = _end(uow, approval, ApprovalState.STALE, staff, now, reason=stale.value)
        _enter(uow, case, ended, now, staff.id, "approval_stale", {"why": stale.value})
        return Decided(ended)
    by = Grantor(staff.id, staff.name)
    what = exceptions.wanted_of(approval.remedies) or approval.option_key
    granted = grants.grant(uow, policy, case.id, what, by, role, now, asked_by=approval.asked_by)
    offer_id = granted.remedies[0].offer_id
    ended = _end(uow, approval, ApprovalState.APPROVED, staff, now, offer_id=offer_id)
    _enter(uow, case, ended, now, staff.id, "approval_granted", {"offer_id": offer_id})
    return Decided(ended, granted)


def refuse(
    uow: UnitOfWork, approval_id: str, reason: str, staff: StaffMember, now: datetime
) -> Approval:
    """Refuse a request, with a reason for the person who asked.

    Raises:
        NotAllowed: the role may not decide.
        NoReason, UnknownRequest, AlreadyDecided, OwnRequest.
    """
    words = _reason(reason)
    approval = _to_decide(uow, approval_id, staff)
    ended = _end(uow, approval, ApprovalState.REFUSED, staff, now, reason=words)
    case = cases.case_of(uow, approval.case_id)
    _enter(uow, case, ended, now, staff.id, "approval_refused", {"reason": words})
    return ended


def withdraw(uow: UnitOfWork, approval_id: str, staff: StaffMember, now: datetime) -> Approval:
    """Take one's own request back.

    Raises:
        UnknownRequest, AlreadyDecided.
        NotYours: somebody else asked.
    """
    approval = _pending(uow, approval_id)
    if approval.asked_by != staff.id:
        raise NotYours(approval.handoff_id)
    ended = _end(uow, approval, ApprovalState.WITHDRAWN, staff, now)
    case = cases.case_of(uow, approval.case_id)
    _enter(uow, case, ended, now, staff.id, "approval_withdrawn", {})
    return ended


def of_case(uow: UnitOfWork, case_id: str) -> Sequence[Approval]:
    """All requests of a case, the latest first."""
    return uow.approvals.of_case(case_id)


def _case_of_mine(uow: UnitOfWork, handoff_id: str, staff: StaffMember) -> Case:
    found = handoff.mine(uow, handoff_id, staff)
    case = cases.current_case(uow, found.conversation_id)
    if case is None:
        raise NoOpenCase(handoff_id)
    return case


def _to_decide(uow: UnitOfWork, approval_id: str, staff: StaffMember) -> Approval:
    require(staff, Right.APPROVE)
    approval = _pending(uow, approval_id)
    if approval.asked_by == staff.id:
        raise OwnRequest(approval_id)
    return approval


def _pending(uow: UnitOfWork, approval_id: str) -> Approval:
    approval = uow.approvals.lock(approval_id)
    if approval is None:
        raise UnknownRequest(approval_id)
    if approval.state is not ApprovalState.PENDING:
        raise AlreadyDecided(approval_id, approval.state.value, approval.decided_by)
    return approval


def _why_stale(
    uow: UnitOfWork, policy: Policy, approval: Approval, role: Role, now: datetime
) -> Stale | None:
    found = uow.handoffs.get(approval.handoff_id)
    if found is None or found.state is HandoffState.ENDED:
        return Stale.CHAT_ENDED
    try:
        case = cases.open_case_of(uow, approval.case_id)
    except CaseClosed:
        return Stale.CASE_CLOSED
    wanted = exceptions.wanted_of(approval.remedies)
    if wanted is None:
        preview = grants.preview(uow, policy, case.id, role, now)
        may = approval.option_key in {one.key for one in preview.options}
    else:
        ground = ground_of(uow, policy, case, now)
        allowance = exceptions.may_approve(uow, ground, role, now)
        may = exceptions.option_of(ground, allowance, wanted, role, approval.asked_by) is not None
    return None if may else Stale.NOT_GRANTED_ANY_MORE


def _end(
    uow: UnitOfWork,
    approval: Approval,
    state: ApprovalState,
    staff: StaffMember,
    now: datetime,
    reason: str | None = None,
    offer_id: str | None = None,
) -> Approval:
    ended = replace(
        approval,
        state=state,
        decided_by=staff.id,
        decided_at=now,
        reason=reason,
        offer_id=offer_id,
    )
    if not uow.approvals.decide(ended):
        raise AlreadyDecided(approval.id, state.value, None)
    return ended


def _enter(
    uow: UnitOfWork,
    case: Case,
    approval: Approval,
    now: datetime,
    actor: str,
    kind: str,
    more: dict[str, str],
) -> None:
    clauses = sorted({clause for one in approval.remedies for clause in one.clauses})
    data = {
        "request_id": approval.id,
        "clauses": clauses,
        "asked_by": approval.asked_by,
        **more,
    }
    cases.add_entry(uow, case, now, actor, kind, data)


def _reason(words: str) -> str:
    tidy = " ".join(words.split())[:LONGEST_REASON]
    if not tidy:
        raise NoReason
    return tidy
