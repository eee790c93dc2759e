"""Staff grant a remedy: the policy says what their role may give, and nothing else can be given."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from amends.cases import promising
from amends.cases import use_cases as cases
from amends.cases.model import Case, CaseStatus, NextStep, Promise
from amends.compensation.clauses import Role
from amends.compensation.decide import decide
from amends.compensation.decision import Decision, Outcome, RemedyGrant, decision_to_json
from amends.compensation.errors import NotGrantable
from amends.compensation.facts import check_facts
from amends.compensation.grant_words import arranged, due_of, message
from amends.compensation.ledger import lay_out, with_state
from amends.compensation.model import GIVEN, DecisionRecord, Offer, Remedy, Step
from amends.compensation.policy import Policy, PolicyVersion, Usage
from amends.compensation.ports import UnitOfWork
from amends.compensation.terms import Facts
from amends.compensation.usage import customer_key, usage_of, without_open
from amends.compensation.use_cases import Accepted, facts_of, take_back_offers
from amends.compensation.words import promise_card
from amends.conversations.model import Draft
from amends.conversations.model import Role as Speaker
from amends.values import new_id


@dataclass(frozen=True, slots=True)
class Grantor:
    """Who grants."""

    id: str
    name: str


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
class Preview:
    """What may be granted in a case right now.

    `beyond` is what only `role_needed` may grant; `decision` tells why when there is nothing.
    `messages` is what the customer would read, word for word, by the key of each option; `titles`
    are those of the policy's clauses, by id.
    """

    case: Case
    role: Role
    options: tuple[GrantOption, ...]
    beyond: tuple[GrantOption, ...]
    role_needed: Role | None
    decision: Decision
    messages: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Ground:
    """What all decisions of one preview stand on."""

    version: PolicyVersion
    gathered: dict[str, object]  # as kept with the decision
    facts: Facts
    usage: Usage
    declined: int
    given: frozenset[str]


def preview(uow: UnitOfWork, policy: Policy, case_id: str, role: Role, now: datetime) -> Preview:
    """List what this role may grant in the case; changes nothing.

    Every rung from the current one on is listed: the ladder binds the assistant, and the role's
    authority binds staff. What was granted in this case already is left out.

    Raises:
        UnknownCase, CaseClosed: there is nothing to grant in.
    """
    case = cases.open_case_of(uow, case_id)
    ground = _ground(uow, policy, case, now)
    options, decision = _options(ground, role)
    beyond, role_needed = _beyond(ground, role, {option.key for option in options})
    conversation = uow.conversations.get(case.conversation_id)
    language = conversation.language if conversation else "en"
    return Preview(
        case=case,
        role=role,
        options=options,
        beyond=beyond,
        role_needed=role_needed,
        decision=decision,
        messages={one.key: message(case, one.grants, language, now) for one in options},
        titles={clause.id: clause.title for clause in ground.version.clauses},
    )


def _beyond(
    ground: _Ground, role: Role, known: set[str]
) -> tuple[tuple[GrantOption, ...], Role | None]:
    """Return what the next role that may grant more could grant, and which role that is."""
    for higher in (r for r in Role if r.rank > role.rank):
        more = tuple(o for o in _options(ground, higher)[0] if o.key not in known)
        if more:
            return more, higher
    return (), None


def grant(
    uow: UnitOfWork,
    policy: Policy,
    case_id: str,
    alternative: str,
    staff: Grantor,
    role: Role,
    now: datetime,
    asked_by: str | None = None,
) -> Accepted:
    """Grant one option of the preview and tell the customer; an open offer is taken back.

    Args:
        alternative: `key` of the option that was confirmed.
        role: The authority with which it is granted.
        asked_by: The id of a colleague who asked for it, who keeps the case.

    Raises:
        UnknownCase, CaseClosed: there is nothing to grant in.
        NotGrantable: beyond the authority, granted already, or no longer what was confirmed.
    """
    case = cases.open_case_of(uow, case_id)
    uow.ledger.lock_customer(customer_key(uow, case))
    take_back_offers(uow, case.id, now)
    ground = _ground(uow, policy, case, now)
    options, _ = _options(ground, role)
    chosen = next((option for option in options if option.key == alternative), None)
    if chosen is None:
        raise NotGrantable(case.number)
    offer = _offer(uow, case, ground.gathered, chosen, staff, role, now)
    _enter(uow, case, offer, chosen, staff, role, now, asked_by)
    promises = tuple(_promise(uow, case, remedy, staff, now) for remedy in offer.remedies)
    case = cases.set_progress(
        uow,
        case.id,
        CaseStatus.WITH_STAFF,
        NextStep.REMEDY_IS_ISSUED,
        now,
        owner=asked_by or staff.id,
    )
    _tell(uow, case, offer.remedies, promises, staff, now)
    return Accepted(case, offer.remedies, promises)


def _ground(uow: UnitOfWork, policy: Policy, case: Case, now: datetime) -> _Ground:
    version = policy.version_on(now.date())
    gathered = facts_of(uow, version, case, cases.order_of(uow, case), now)
    offers = uow.ledger.offers_of_case(case.id)
    return _Ground(
        version=version,
        gathered=gathered,
        facts=check_facts(version, gathered),
        usage=without_open(usage_of(uow, version, case, now), offers, now),
        declined=sum(offer.is_declined for offer in offers),
        given=frozenset(
            clause
            for offer in offers
            for remedy in offer.remedies
            if remedy.state in GIVEN
            for clause in remedy.clauses
        ),
    )


def _options(ground: _Ground, role: Role) -> tuple[tuple[GrantOption, ...], Decision]:
    """Return the options of every rung that is left, and the decision on the first of them."""
    first = _decide(ground, role, ground.declined)
    if 0 < first.rungs <= ground.declined:  # all was declined: the last rung may still be given
        first = _decide(ground, role, first.rungs - 1)
    later = [_decide(ground, role, rung) for rung in range(first.rung + 1, first.rungs)]
    found = {
        option.key: option
        for decision in (first, *later)
        if decision.outcome is Outcome.REMEDY
        for option in _not_yet_given(decision, ground.given)
    }
    return tuple(found.values()), first


def _decide(ground: _Ground, role: Role, rung: int) -> Decision:
    return decide(ground.version, ground.facts, ground.usage, role, rung)


def _not_yet_given(decision: Decision, given: frozenset[str]) -> list[GrantOption]:
    bundles = [
        tuple(one for one in bundle if given.isdisjoint(one.clauses))
        for bundle in decision.alternatives
    ]
    return [GrantOption(bundle, decision) for bundle in bundles if bundle]


def _offer(
    uow: UnitOfWork,
    case: Case,
    gathered: dict[str, object],
    chosen: GrantOption,
    staff: Grantor,
    role: Role,
    now: datetime,
) -> Offer:
    decision = replace(chosen.decision, alternatives=(chosen.grants,))
    record = DecisionRecord(
        id=new_id(),
        case_id=case.id,
        at=now,
        policy=decision.policy,
        version=decision.version,
        role=role.value,
        rung=decision.rung,
        facts=gathered,
        outcome=str(decision.outcome),
        decision=decision_to_json(decision),
    )
    uow.ledger.add_decision(record)
    offer = lay_out(
        case.id,
        record.id,
        record.rung,
        (chosen.grants,),
        customer_key(uow, case),
        cases.order_of(uow, case),
        staff.id,
        now,
    )
    uow.ledger.add_offer(offer)
    for remedy in offer.remedies:
        uow.ledger.add_step(remedy.id, Step.ACCEPTED, now, staff.id, None)
    return with_state(offer, 0, Step.ACCEPTED, Step.DECLINED)


def _enter(
    uow: UnitOfWork,
    case: Case,
    offer: Offer,
    chosen: GrantOption,
    staff: Grantor,
    role: Role,
    now: datetime,
    asked_by: str | None,
) -> None:
    data: dict[str, object] = {
        "offer_id": offer.id,
        "decision_id": offer.decision_id,
        "clauses": sorted({clause for one in chosen.grants for clause in one.clauses}),
        "role": role.value,
    }
    if asked_by is not None:
        data["asked_by"] = asked_by
    cases.add_entry(uow, case, now, staff.id, "granted", data)


def _promise(uow: UnitOfWork, case: Case, remedy: Remedy, staff: Grantor, now: datetime) -> Promise:
    due_at = due_of(remedy, now)
    return promising.promise(uow, case, remedy.kind, due_at, staff.id, now, remedy_id=remedy.id)


def _tell(
    uow: UnitOfWork,
    case: Case,
    remedies: tuple[Remedy, ...],
    promises: tuple[Promise, ...],
    staff: Grantor,
    now: datetime,
) -> None:
    conversation = uow.conversations.lock(case.conversation_id)
    language = conversation.language
    text = arranged(remedies, promises, language)
    card = promise_card(remedies, promises, language)
    draft = Draft(Speaker.STAFF, text, card=card, author=staff.name)
    uow.conversations.append(conversation.id, draft, now)
