"""What a grant in a case stands on: the policy of the day, facts, and what was given before."""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime

from amends.cases import use_cases as cases
from amends.cases.model import Case
from amends.compensation.decision import Decision, RemedyGrant, decision_to_json
from amends.compensation.facts import check_facts
from amends.compensation.model import GIVEN
from amends.compensation.policy import Policy, PolicyVersion, Usage
from amends.compensation.ports import UnitOfWork
from amends.compensation.terms import Facts
from amends.compensation.usage import key_of, usage_of, without_open
from amends.compensation.use_cases import facts_of


@dataclass(frozen=True, slots=True)
class GrantOption:
    """One bundle that may be granted now, and the decision behind it."""

    grants: tuple[RemedyGrant, ...]
    decision: Decision

    @property
    def key(self) -> str:
        """Names kinds, amounts and clauses: what was confirmed is granted, or nothing is."""
        bundle = decision_to_json(replace(self.decision, alternatives=(self.grants,)))
        text = json.dumps(bundle["alternatives"], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:20]


@dataclass(frozen=True, slots=True)
class Ground:
    """What all decisions of one preview stand on."""

    case: Case
    version: PolicyVersion
    gathered: dict[str, object]  # as kept with the decision
    facts: Facts
    usage: Usage
    declined: int
    given: frozenset[str]


def ground_of(uow: UnitOfWork, policy: Policy, case: Case, now: datetime) -> Ground:
    version = policy.version_on(now.date())
    order = cases.order_of(uow, case)
    gathered = facts_of(uow, version, case, order, now)
    usage = usage_of(uow, version, case.id, key_of(case, order), now)
    offers = uow.ledger.offers_of_case(case.id)
    return Ground(
        case=case,
        version=version,
        gathered=gathered,
        facts=check_facts(version, gathered),
        usage=without_open(usage, offers, now),
        declined=sum(offer.is_declined for offer in offers),
        given=frozenset(
            clause
            for offer in offers
            for remedy in offer.remedies
            if remedy.state in GIVEN
            for clause in remedy.clauses
        ),
    )
