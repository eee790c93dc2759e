"""Carry accepted remedies out through the company's systems, each exactly once.

Three steps, so that no transaction waits for another system: `prepare` in one transaction, `ask`
in none, `record` in another. Cut off anywhere, they can be run again: the remedy's id is the key
under which the company's system does it once, and it is asked the same each time. What that system
says later of its own accord is recorded by the same `record`.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from amends.cases import promising
from amends.cases import use_cases as cases
from amends.cases.announcements import reference
from amends.cases.model import Case, PromiseState
from amends.compensation.errors import UnknownRemedy
from amends.compensation.ledger import new_code, steps_to
from amends.compensation.model import Instruction, Remedy, Report, Retry, Step
from amends.compensation.ports import (
    PaymentRefused,
    Payments,
    PaymentsUnavailable,
    UnitOfWork,
)
from amends.compensation.retrying import pause_after

CODES_TRIED = 5
"""Codes of 72 bits do not meet; should they ever, another one is drawn."""

FAILED_ENTRY = "remedy_failed"
DIFFERS_ENTRY = "payment_answers_differ"
DELAYED_ENTRY = "remedy_delayed"


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a report led to: `steps` (none: it stood in the books), or a contradiction to them."""

    remedy: Remedy
    case: Case
    report: Report
    steps: tuple[Step, ...] = ()
    contradicts: bool = False
    is_new: bool = True  # False: this contradiction was written down before

    @property
    def is_settled(self) -> bool:
        return Step.SETTLED in self.steps

    @property
    def is_failed(self) -> bool:
        return Step.FAILED in self.steps


@dataclass(frozen=True, slots=True)
class Delayed:
    """A remedy that the company's system could not carry out for long."""

    remedy: Remedy
    case: Case


def remedy_of(uow: UnitOfWork, remedy_id: str) -> Remedy:
    remedy = uow.ledger.remedy(remedy_id)
    if remedy is None:
        raise UnknownRemedy(remedy_id)
    return remedy


def prepare(uow: UnitOfWork, remedy_id: str) -> Instruction | None:
    """Return what is to be asked of the company's system; None when that was done already.

    A voucher gets its code before the company's system hears of it, so that it always hears the
    same one.
    """
    remedy = uow.ledger.remedy(remedy_id)
    if remedy is None:
        return None
    # Whoever takes an acceptance back holds the conversation too: one of both comes first.
    case = cases.case_of(uow, remedy.case_id)
    uow.conversations.lock(case.conversation_id)
    remedy = remedy_of(uow, remedy_id)
    if remedy.state is not Step.ACCEPTED:
        return None
    if remedy.kind == "voucher" and remedy.code is None:
        remedy = replace(remedy, code=_give_code(uow, remedy))
    return Instruction(remedy, case.number)


def _give_code(uow: UnitOfWork, remedy: Remedy) -> str:
    for _ in range(CODES_TRIED):
        code = uow.ledger.set_code(remedy.id, new_code())
        if code is not None:
            return code
    raise RuntimeError(f"no free voucher code for remedy {remedy.id} in {CODES_TRIED} draws")


def ask(payments: Payments, instruction: Instruction) -> Report:
    """Have the remedy carried out.

    Raises:
        PaymentsUnavailable: nobody knows what came of it; to be asked again later. So does any
            other error of the connection.
    """
    try:
        return payments.issue(instruction)
    except PaymentRefused as refused:
        return Report(Step.FAILED, reason=str(refused) or "no reason given")


def record(uow: UnitOfWork, remedy_id: str, report: Report, now: datetime) -> Recorded:
    """Write down what the company's system says, now or later; the same again changes nothing.

    The caller holds the conversation. `remedy.issued` is announced when the remedy is settled and
    at no other moment: what only was taken on can still fail. A failed remedy's promise stays
    open: it falls due, or a person keeps it in another way.

    Raises:
        UnknownRemedy: there is none of this id.
    """
    remedy = remedy_of(uow, remedy_id)
    case = cases.case_of(uow, remedy.case_id)
    steps = steps_to(remedy.state, report.step)
    if steps is None:
        is_new = _note_contradiction(uow, remedy, case, report, now)
        return Recorded(remedy, case, report, contradicts=True, is_new=is_new)
    if report.reference is None:
        report = replace(report, reference=uow.ledger.reference_of(remedy.id))
    recorded = Recorded(remedy, case, report, steps)
    _take(uow, recorded, now)
    return recorded


def _take(uow: UnitOfWork, recorded: Recorded, now: datetime) -> None:
    """Take the steps, and leave what goes with them."""
    remedy, case, report = recorded.remedy, recorded.case, recorded.report
    for step in recorded.steps:
        detail = {"reason": report.reason} if step is Step.FAILED else {}
        detail["reference"] = report.reference
        uow.ledger.add_step(remedy.id, step, now, "system", detail)
    if recorded.steps:
        uow.ledger.end_retries(remedy.id)
    if recorded.is_settled:
        _keep_promise(uow, remedy, case, now)
        uow.outbox.add("remedy.issued", remedy.id, _announcement(remedy, case), now)
    if recorded.is_failed:
        data = {"what": remedy.kind, "remedy_id": remedy.id, "reason": report.reason}
        cases.add_entry(uow, case, now, "system", FAILED_ENTRY, data)


def _announcement(remedy: Remedy, case: Case) -> dict[str, Any]:
    """Without a voucher's code, which is money to whoever reads it."""
    return {
        **reference(case),
        "category": case.category.value,
        "remedy_id": remedy.id,
        "kind": remedy.kind,
        "recovery": remedy.recovery,
        "part": remedy.part,
        "amount_minor": remedy.amount.amount_minor if remedy.amount else None,
        "currency": remedy.amount.currency if remedy.amount else None,
        "order_number": remedy.order_number,
        "customer_id": remedy.customer_id,
    }


def _note_contradiction(
    uow: UnitOfWork, remedy: Remedy, case: Case, report: Report, now: datetime
) -> bool:
    """Write into the timeline that books and payment system differ; False when it stands there."""
    data = {
        "what": remedy.kind,
        "remedy_id": remedy.id,
        "stands": remedy.state.value,
        "said": report.step.value,
        "reference": report.reference,
        "reason": report.reason,
    }
    if any(e.kind == DIFFERS_ENTRY and e.data == data for e in uow.cases.entries(case.id)):
        return False
    cases.add_entry(uow, case, now, "system", DIFFERS_ENTRY, data)
    return True


def _keep_promise(uow: UnitOfWork, remedy: Remedy, case: Case, now: datetime) -> None:
    """End the remedy's promise; past its time it can only be broken."""
    for promise in uow.promises.of_case(case.id):
        if promise.remedy_id != remedy.id or promise.state is not PromiseState.OPEN:
            continue
        if now <= promise.due_at:
            uow.promises.set_state(promise.id, PromiseState.KEPT, now)
        else:
            promising.break_promise(uow, case, promise, now)


def postpone(
    uow: UnitOfWork, remedy_id: str, failure: PaymentsUnavailable, chance: float, now: datetime
) -> Retry | None:
    """Let an accepted remedy wait for its next try; None when it was carried out meanwhile.

    The caller holds the conversation: another process may just now be recording that it was
    carried out. Two processes that fail at the same moment count as one try.

    Args:
        chance: Between 0 and 1, drawn anew for each failure; see `pause_after`.

    Raises:
        UnknownRemedy: there is none of this id.
    """
    if remedy_of(uow, remedy_id).state is not Step.ACCEPTED:
        return None
    before = uow.ledger.retry_of(remedy_id)
    if before is not None and before.next_at > now:
        return before
    tries = before.tries + 1 if before else 1
    pause = pause_after(tries, chance, failure.retry_after, failure.misconfigured)
    retry = Retry(
        remedy_id=remedy_id,
        tries=tries,
        first_failed_at=before.first_failed_at if before else now,
        next_at=now + pause,
        reason=str(failure),
        person_asked_at=before.person_asked_at if before else None,
    )
    uow.ledger.save_retry(retry)
    return retry


def note_delay(uow: UnitOfWork, remedy_id: str, now: datetime) -> Delayed | None:
    """Write down, once, that a remedy has failed for so long that a person is to look at it.

    The promise stays open and the remedy is tried on. None when it is noted already, or over.
    """
    retry = uow.ledger.retry_of(remedy_id)
    if retry is None or retry.person_asked_at is not None:
        return None
    remedy = remedy_of(uow, remedy_id)
    case = cases.case_of(uow, remedy.case_id)
    uow.ledger.save_retry(replace(retry, person_asked_at=now))
    data = {"what": remedy.kind, "remedy_id": remedy.id, "reason": retry.reason}
    cases.add_entry(uow, case, now, "system", DELAYED_ENTRY, data)
    return Delayed(remedy, case)
