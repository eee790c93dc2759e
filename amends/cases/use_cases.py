"""Steps in the life of a case. Each runs inside one transaction that the caller commits."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from amends.cases import announcements
from amends.cases.details import NO_ORDER, Detail, says_what_happened, stated_wish, wish_of
from amends.cases.errors import CaseClosed, UnknownCase
from amends.cases.model import (
    OPEN_STATUSES,
    Case,
    CaseEntry,
    CaseId,
    CaseStatus,
    Category,
    NextStep,
    Order,
    Wish,
    known_category,
)
from amends.cases.numbers import new_case_number
from amends.cases.ports import UnitOfWork
from amends.values import new_id

REPEAT_WINDOW = timedelta(days=30)
"""Recovery lifts satisfaction only once: a second complaint inside 30 days goes to a person."""

TAKEN_BACK, NOT_SOLVED = "taken_back", "not_solved"
"""Why a closed case is opened again: an acceptance was undone, or the problem is still there."""

SEVERITIES = ("low", "medium", "high", "critical")


@dataclass(frozen=True, slots=True)
class Complaint:
    """One message that complains."""

    conversation_id: str
    seq: int
    category: Category
    secondary: tuple[Category, ...]
    text: str
    severity: str
    flags: frozenset[str]
    order_number: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a complaint: a case was `opened`, it was `added` to the case on the table,
    or it was `noted` as a second problem to take up after that case."""

    case: Case
    how: str


def take_complaint(
    uow: UnitOfWork, complaint: Complaint, at: datetime, resolve_by: datetime | None = None
) -> Taken:
    """Open a case for a complaint, or give it its place beside the case that is on the table.

    Args:
        uow: the open transaction.
        complaint: what the customer wrote.
        at: the present moment.
        resolve_by: the deadline of a case that is opened.
    """
    current = current_case(uow, complaint.conversation_id)
    if current is None:
        return Taken(_open_case(uow, complaint, at, resolve_by), "opened")
    with_staff = current.status is CaseStatus.WITH_STAFF
    if with_staff or (
        complaint.category is current.category and not _is_about_another_order(current, complaint)
    ):
        return Taken(_add_words(uow, current, complaint, at), "added")
    add_entry(uow, current, at, "customer", "second_problem", _problem(complaint))
    return Taken(current, "noted")


def current_case(uow: UnitOfWork, conversation_id: str) -> Case | None:
    """Return the case on the table: the latest one that is not closed."""
    open_cases = [
        c for c in uow.cases.of_conversation(conversation_id) if c.status in OPEN_STATUSES
    ]
    return open_cases[-1] if open_cases else None


def latest_case(uow: UnitOfWork, conversation_id: str) -> Case | None:
    cases = uow.cases.of_conversation(conversation_id)
    return cases[-1] if cases else None


def case_of(uow: UnitOfWork, case_id: str) -> Case:
    case = uow.cases.get(case_id)
    if case is None:
        raise UnknownCase(case_id)
    return case


def open_case_of(uow: UnitOfWork, case_id: str) -> Case:
    case = case_of(uow, case_id)
    if case.status not in OPEN_STATUSES:
        raise CaseClosed(case.number)
    return case


def record_details(uow: UnitOfWork, case_id: str, details: dict[Detail, str], at: datetime) -> Case:
    """Write what the customer told; a later answer replaces an earlier one."""
    case = open_case_of(uow, case_id)
    for detail, value in details.items():
        case = _with_detail(case, detail, value)
    if details:
        uow.cases.save(case)
        add_entry(uow, case, at, "customer", "details", {k.value: v for k, v in details.items()})
    return case


def order_of(uow: UnitOfWork, case: Case) -> Order | None:
    if case.order_number in (None, NO_ORDER):
        return None
    return uow.orders.find(case.order_number or "")


def withdraw(uow: UnitOfWork, case_id: str, at: datetime) -> Case:
    """The customer takes the complaint back; the case stays in the books."""
    case = open_case_of(uow, case_id)
    return _close(uow, case, CaseStatus.WITHDRAWN, "withdrawn", "customer", at)


def resolve(uow: UnitOfWork, case_id: str, outcome: str, actor: str, at: datetime) -> Case:
    case = open_case_of(uow, case_id)
    return _close(uow, case, CaseStatus.RESOLVED, outcome, actor, at)


def reopen(
    uow: UnitOfWork,
    case_id: str,
    actor: str,
    at: datetime,
    why: str = TAKEN_BACK,
    resolve_by: datetime | None = None,
) -> Case:
    """Open a closed case again: what ended it does not hold any more.

    Args:
        uow: the open transaction.
        case_id: a closed case.
        actor: who opens it.
        at: the present moment.
        why: `TAKEN_BACK` or `NOT_SOLVED`.
        resolve_by: its new deadline; without one the old one stands.
    """
    case = case_of(uow, case_id)
    again = replace(
        case,
        status=CaseStatus.OPEN,
        next_step=NextStep.CUSTOMER_ANSWERS.value,
        outcome=None,
        closed_at=None,
        resolution_due_at=resolve_by or case.resolution_due_at,
    )
    uow.cases.save(again)
    add_entry(uow, again, at, actor, "reopened", {"outcome_before": case.outcome, "why": why})
    return again


def set_progress(
    uow: UnitOfWork,
    case_id: str,
    status: CaseStatus,
    next_step: NextStep,
    at: datetime,
    owner: str | None = None,
) -> Case:
    """Move an open case on; owner and next step are always set."""
    case = open_case_of(uow, case_id)
    moved = replace(case, status=status, next_step=next_step.value, owner=owner or case.owner)
    if moved != case:
        uow.cases.save(moved)
        data = {"status": status.value, "next_step": next_step.value, "owner": moved.owner}
        add_entry(uow, moved, at, "system", "progress", data)
    return moved


def take_next_problem(
    uow: UnitOfWork, conversation_id: str, at: datetime, resolve_by: datetime | None = None
) -> Case | None:
    """Open a case for the oldest second problem that was noted and not yet taken up."""
    for case in uow.cases.of_conversation(conversation_id):
        entries = uow.cases.entries(case.id)
        done = {entry.data["seq"] for entry in entries if entry.kind == "second_problem_taken"}
        for entry in entries:
            if entry.kind == "second_problem" and entry.data["seq"] not in done:
                add_entry(uow, case, at, "bot", "second_problem_taken", {"seq": entry.data["seq"]})
                complaint = _noted(conversation_id, case, entry)
                return _open_case(uow, complaint, at, resolve_by)
    return None


def add_entry(
    uow: UnitOfWork, case: Case, at: datetime, actor: str, kind: str, data: dict[str, Any]
) -> None:
    uow.cases.add_entry(CaseEntry(case.id, at, actor, kind, data))


def _open_case(
    uow: UnitOfWork, complaint: Complaint, at: datetime, resolve_by: datetime | None
) -> Case:
    conversation = uow.conversations.get(complaint.conversation_id)
    customer_id = conversation.customer_id if conversation else None
    case = Case(
        id=CaseId(new_id()),
        number=new_case_number(uow.cases.number_taken),
        conversation_id=complaint.conversation_id,
        category=complaint.category,
        secondary=complaint.secondary,
        status=CaseStatus.OPEN,
        severity=complaint.severity,
        flags=complaint.flags,
        opened_at=at,
        opened_by_seq=complaint.seq,
        owner="bot",
        next_step=NextStep.CUSTOMER_ANSWERS.value,
        customer_id=customer_id,
        order_number=complaint.order_number,
        what_happened=complaint.text if says_what_happened(complaint.text) else None,
        wish=stated_wish(complaint.text),
        repeat_complaint=_is_repeat(uow, customer_id, complaint.conversation_id, at),
        resolution_due_at=resolve_by,
    )
    uow.cases.add(case)
    add_entry(uow, case, at, "customer", "complained", _problem(complaint))
    uow.outbox.add("case.opened", case.id, announcements.of_case(case), at)
    return case


def _is_repeat(
    uow: UnitOfWork, customer_id: str | None, conversation_id: str, at: datetime
) -> bool:
    if customer_id is None:
        return False
    recent = uow.cases.of_customer_since(customer_id, at - REPEAT_WINDOW)
    return any(
        case.conversation_id != conversation_id and case.status is not CaseStatus.WITHDRAWN
        for case in recent
    )


def _add_words(uow: UnitOfWork, case: Case, complaint: Complaint, at: datetime) -> Case:
    said = f"{case.what_happened}\n{complaint.text}" if case.what_happened else complaint.text
    grown = replace(
        case,
        what_happened=said[:4000],
        flags=case.flags | complaint.flags,
        severity=max(case.severity, complaint.severity, key=SEVERITIES.index),
        # The order that the case is about stays: it may be decided and offered for already.
        order_number=case.order_number or complaint.order_number,
    )
    uow.cases.save(grown)
    add_entry(uow, grown, at, "customer", "added", _problem(complaint))
    return grown


def _is_about_another_order(case: Case, complaint: Complaint) -> bool:
    known, named = case.order_number, complaint.order_number
    return None not in (known, named) and known != NO_ORDER and known != named


def _with_detail(case: Case, detail: Detail, value: str) -> Case:
    match detail:
        case Detail.ORDER_NUMBER:
            return replace(case, order_number=value)
        case Detail.ITEM:
            return replace(case, item=value)
        case Detail.WHAT_HAPPENED:
            return replace(case, what_happened=value)
        case Detail.WISH:
            return replace(case, wish=wish_of(value) or Wish.OTHER, wish_text=value)


def _close(
    uow: UnitOfWork, case: Case, status: CaseStatus, outcome: str, actor: str, at: datetime
) -> Case:
    pending = any(p.state == "open" for p in uow.promises.of_case(case.id))
    step = NextStep.REMEDY_IS_ISSUED if pending else NextStep.NOTHING
    closed = replace(case, status=status, outcome=outcome, closed_at=at, next_step=step.value)
    uow.cases.save(closed)
    add_entry(uow, closed, at, actor, "closed", {"status": status.value, "outcome": outcome})
    # A case that was opened again may be closed again, which is another event.
    key = f"{case.id}:{at.isoformat()}"
    uow.outbox.add("case.closed", key, announcements.of_case(closed), at)
    return closed


def _problem(complaint: Complaint) -> dict[str, Any]:
    return {
        "seq": complaint.seq,
        "category": complaint.category.value,
        "text": complaint.text,
        "severity": complaint.severity,
        "order_number": complaint.order_number,
    }


def _noted(conversation_id: str, case: Case, entry: CaseEntry) -> Complaint:
    return Complaint(
        conversation_id=conversation_id,
        seq=entry.data["seq"],
        category=known_category(entry.data["category"]),
        secondary=(),
        text=entry.data["text"],
        severity=entry.data["severity"],
        flags=frozenset(),
        order_number=entry.data.get("order_number") or case.order_number,
    )
