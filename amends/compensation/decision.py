"""A decision as data, what it was bounded by, and its JSON form."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from amends.compensation.clauses import Part, Recovery
from amends.compensation.policy import Usage
from amends.compensation.terms import FactValue
from amends.values import Json, Money

__all__ = [
    "CapHit",
    "Decision",
    "Outcome",
    "RemedyGrant",
    "Usage",
    "cap_to_json",
    "decision_from_json",
    "decision_to_json",
    "grant_from_json",
    "grant_to_json",
    "money_to_json",
]


class Outcome(StrEnum):
    REMEDY = "remedy"
    NONE = "none"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class RemedyGrant:
    """One remedy as decided; `choice_group` names the clause whose alternatives it belongs to."""

    kind: str
    recovery: Recovery
    part: Part
    amount: Money | None
    clauses: tuple[str, ...]
    title: dict[str, str]
    due_days: int | None = None
    quantity: int | None = None
    choice_group: str | None = None


@dataclass(frozen=True, slots=True)
class CapHit:
    """A bound that was lower than what the clauses wanted to give."""

    cap: str  # maximum, per_case, per_customer, per_day, authority.<role>[.entitlement|.kind]
    clauses: tuple[str, ...]
    limit: Money | None = None
    wanted: Money | None = None
    granted: Money | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What the policy says about one set of facts, for one role on one rung of the ladder.

    `alternatives` holds one to three bundles of which the customer picks one; `remedies` is the
    first of them. Both are empty unless the outcome is a remedy.
    """

    outcome: Outcome
    alternatives: tuple[tuple[RemedyGrant, ...], ...]
    clauses: tuple[str, ...]
    caps: tuple[CapHit, ...]
    facts_used: dict[str, FactValue]
    explanation: tuple[str, ...]
    customer_reason: dict[str, str]
    rungs: int
    rung: int
    policy: str
    version: str

    @property
    def remedies(self) -> tuple[RemedyGrant, ...]:
        return self.alternatives[0] if self.alternatives else ()


def decision_to_json(decision: Decision) -> Json:
    """Return the decision as JSON values; `decision_from_json` gives an equal one back."""
    return {
        "outcome": str(decision.outcome),
        "alternatives": [[grant_to_json(g) for g in bundle] for bundle in decision.alternatives],
        "clauses": list(decision.clauses),
        "caps": [cap_to_json(hit) for hit in decision.caps],
        "facts_used": {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in decision.facts_used.items()
        },
        "explanation": list(decision.explanation),
        "customer_reason": dict(decision.customer_reason),
        "rungs": decision.rungs,
        "rung": decision.rung,
        "policy": decision.policy,
        "version": decision.version,
    }


def decision_from_json(data: Json) -> Decision:
    return Decision(
        outcome=Outcome(data["outcome"]),
        alternatives=tuple(
            tuple(grant_from_json(grant) for grant in bundle) for bundle in data["alternatives"]
        ),
        clauses=tuple(data["clauses"]),
        caps=tuple(_cap_from_json(hit) for hit in data["caps"]),
        facts_used={
            name: tuple(value) if isinstance(value, list) else value
            for name, value in data["facts_used"].items()
        },
        explanation=tuple(data["explanation"]),
        customer_reason=dict(data["customer_reason"]),
        rungs=data["rungs"],
        rung=data["rung"],
        policy=data["policy"],
        version=data["version"],
    )


def money_to_json(money: Money | None) -> Json | None:
    if money is None:
        return None
    return {"amount_minor": money.amount_minor, "currency": money.currency}


def _money_from_json(data: Json | None) -> Money | None:
    return None if data is None else Money(data["amount_minor"], data["currency"])


def grant_to_json(grant: RemedyGrant) -> Json:
    return {
        "kind": grant.kind,
        "recovery": str(grant.recovery),
        "part": str(grant.part),
        "amount": money_to_json(grant.amount),
        "clauses": list(grant.clauses),
        "title": dict(grant.title),
        "due_days": grant.due_days,
        "quantity": grant.quantity,
        "choice_group": grant.choice_group,
    }


def grant_from_json(data: Mapping[str, Any]) -> RemedyGrant:
    return RemedyGrant(
        kind=data["kind"],
        recovery=Recovery(data["recovery"]),
        part=Part(data["part"]),
        amount=_money_from_json(data["amount"]),
        clauses=tuple(data["clauses"]),
        title=dict(data["title"]),
        due_days=data["due_days"],
        quantity=data["quantity"],
        choice_group=data["choice_group"],
    )


def cap_to_json(hit: CapHit) -> Json:
    return {
        "cap": hit.cap,
        "clauses": list(hit.clauses),
        "limit": money_to_json(hit.limit),
        "wanted": money_to_json(hit.wanted),
        "granted": money_to_json(hit.granted),
    }


def _cap_from_json(data: Mapping[str, Any]) -> CapHit:
    return CapHit(
        cap=data["cap"],
        clauses=tuple(data["clauses"]),
        limit=_money_from_json(data["limit"]),
        wanted=_money_from_json(data["wanted"]),
        granted=_money_from_json(data["granted"]),
    )
