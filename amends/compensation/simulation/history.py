"""From the ledger to cases that can be asked about again."""

from amends.compensation.model import FirstDecision
from amends.compensation.simulation.model import Asked


def asked_of(first: FirstDecision) -> Asked:
    """Return a case as it was first decided.

    Records of earlier versions of the program hold only the facts which the decision used; the
    others count as unknown.
    """
    record = first.record
    return Asked(
        id=first.case_number,
        at=record.at,
        facts=record.facts,
        customer=first.customer_key,
        declined=first.declined,
        whole=record.facts != record.decision.get("facts_used"),
    )
