"""What other systems are told of a case: ids and words of closed sets, nothing a customer wrote."""

from typing import Any

from amends.cases.model import Case, Promise


def of_case(case: Case) -> dict[str, Any]:
    return {
        **reference(case),
        "customer_id": case.customer_id,
        "category": case.category.value,
        "secondary": [one.value for one in case.secondary],
        "severity": case.severity,
        "status": case.status.value,
        "outcome": case.outcome,
    }


def of_broken_promise(case: Case, promise: Promise) -> dict[str, Any]:
    return {
        **reference(case),
        "promise_id": promise.id,
        "what": promise.what,
        "due_at": promise.due_at.isoformat(),
        "remedy_id": promise.remedy_id,
    }


def of_moved_promise(case: Case, made: Promise, earlier: Promise) -> dict[str, Any]:
    return {
        **reference(case),
        "promise_id": made.id,
        "replaces": earlier.id,
        "what": made.what,
        "due_at": made.due_at.isoformat(),
        "was_due_at": earlier.due_at.isoformat(),
        "remedy_id": made.remedy_id,
    }


def reference(case: Case) -> dict[str, Any]:
    """What names a case in each event that concerns it."""
    return {
        "case_id": case.id,
        "case_number": case.number,
        "conversation_id": case.conversation_id,
    }
