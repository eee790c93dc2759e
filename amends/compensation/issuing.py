"""Carry accepted remedies out through the company's systems, each exactly once.

Three steps, so that no transaction waits for another system: `prepare` in one transaction, `ask`
in none, `record` in another. Cut off anywhere, they can be run again: the remedy's id is the key
under which the company's system does it once.
"""

from dataclasses import dataclass
from datetime import datetime

from amends.cases import use_cases as cases
from amends.cases.model import Case, PromiseState
from amends.compensation.ledger import new_code
from amends.compensation.model import Remedy, Step
from amends.compensation.ports import PaymentRefused, Payments, UnitOfWork


@dataclass(frozen=True, slots=True)
class Answer:
    """What the company's system said: done (with a reference, if it gives one), or why not."""

    reference: str | None
    refusal: str | None = None


@dataclass(frozen=True, slots=True)
class Issued:
    remedy: Remedy
    case: Case
    reference: str | None
    refused: bool = False


def prepare(uow: UnitOfWork, remedy_id: str) -> Remedy | None:
    """Return an accepted remedy, ready to be carried out; None when that was done already.

    A voucher gets its code before the company's system hears of it, so that it always hears the
    same one.
    """
    remedy = _accepted(uow, remedy_id)
    if remedy is not None and remedy.kind == "voucher" and remedy.code is None:
        uow.ledger.set_code(remedy.id, new_code())
        return uow.ledger.remedy(remedy.id)
    return remedy


def ask(payments: Payments, remedy: Remedy) -> Answer:
    """Have the remedy carried out; any error but a refusal is left to the next try."""
    try:
        return Answer(payments.issue(remedy))
    except PaymentRefused as refused:
        return Answer(None, refusal=str(refused) or "no reason given")


def record(uow: UnitOfWork, remedy_id: str, answer: Answer, now: datetime) -> Issued | None:
    """Write down what came of it; None when it stands in the books already.

    A refused remedy's promise stays open: it falls due, or a person keeps it in another way.
    """
    remedy = _accepted(uow, remedy_id)
    if remedy is None:
        return None
    case = cases.case_of(uow, remedy.case_id)
    if answer.refusal is not None:
        uow.ledger.add_step(remedy.id, Step.FAILED, now, "system", {"reason": answer.refusal})
        return Issued(remedy, case, None, refused=True)
    detail = {"reference": answer.reference}
    uow.ledger.add_step(remedy.id, Step.ISSUED, now, "system", detail)
    uow.ledger.add_step(remedy.id, Step.SETTLED, now, "system", detail)
    _keep_promise(uow, remedy, now)
    payload = {"remedy_id": remedy.id, "case": case.number, "kind": remedy.kind}
    uow.outbox.add("remedy.issued", remedy.id, payload, now)
    return Issued(remedy, case, answer.reference)


def _accepted(uow: UnitOfWork, remedy_id: str) -> Remedy | None:
    remedy = uow.ledger.remedy(remedy_id)
    return remedy if remedy is not None and remedy.state is Step.ACCEPTED else None


def _keep_promise(uow: UnitOfWork, remedy: Remedy, now: datetime) -> None:
    for promise in uow.promises.of_case(remedy.case_id):
        if promise.remedy_id == remedy.id:
            uow.promises.set_state(promise.id, PromiseState.KEPT, now)
