"""What waits for a decision, as it is listed for those who decide."""

from collections.abc import Mapping
from dataclasses import dataclass

from amends.cases import use_cases as cases
from amends.cases.model import Category
from amends.handoff.approval_model import Approval
from amends.handoff.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class Pending:
    approval: Approval
    case_number: str
    category: Category


def pending(uow: UnitOfWork, known: Mapping[str, Pending]) -> tuple[Pending, ...]:
    """Return the requests that wait, oldest first.

    Args:
        known: What was returned before, by the id of the request; it is not looked up again.
    """
    return tuple(known.get(one.id) or _pending(uow, one) for one in uow.approvals.pending())


def _pending(uow: UnitOfWork, approval: Approval) -> Pending:
    case = cases.case_of(uow, approval.case_id)
    return Pending(approval, case.number, case.category)
