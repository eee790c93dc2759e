"""Staff grant a remedy: the policy says what their role may give, and nothing else can be given."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from amends.cases import promising
from amends.cases import use_cases as cases
from amends.cases.model import Case, CaseStatus, NextStep, Promise
from amends.compensation import exceptions
from amends.compensation.clauses import Role
from amends.compensation.decide import decide
from amends.compensation.decision import Decision, Outcome, decision_to_json
from amends.compensation.errors import NotGrantable
from amends.compensation.exceptions import Allowance, Wanted
from amends.compensation.grant_words import arranged, due_of, message
from amends.compensation.ground import GrantOption, Ground, ground_of
from amends.compensation.ledger import lay_out, with_state
from amends.compensation.model import DecisionRecord, Offer, Remedy, Step
from amends.compensation.policy import Policy
from amends.compensation.ports import UnitOfWork
from amends.compensation.usage import hold, key_of
from amends.compensation.use_cases import Accepted, take_back_offers
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
class Preview:
    """What may be granted in a case right now.

    `beyond` is what only `role_needed` may grant; `decision` tells why when there is nothing.
    `messages` is what the customer would read, word for word, by the key of each option; `titles`
    are those of the policy's clauses, by id. `exception` is what this role may ask for although no
    clause gives it.
    """

    case: Case
    role: Role
    options: tuple[GrantOption, ...]
    beyond: tuple[GrantOption, ...]
    role_needed: Role | None
    decision: Decision
    messages: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    exception: Allowance | None = None


def preview(uow: UnitOfWork, policy: Policy, case_id: str, role: Role, now: datetime) -> Preview:
    """List what this role may grant in the case; changes nothing.

    Every rung from the current one on is listed: the ladder binds the assistant, and the role's
    authority binds staff. What was granted in this case already is left out.

    Raises:
        UnknownCase, CaseClosed: there is nothing to grant in.
    """
    case = cases.open_case_of(uow, case_id)
    ground = ground_of(uow, policy, case, now)
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
        exception=exceptions.may_ask(uow, ground, role, now),
    )


def _beyond(
    ground: Ground, role: Role, known: set[str]
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
    alternative: str | Wanted,
    staff: Grantor,
    role: Role,
    now: datetime,
    asked_by: str | None = None,
) -> Accepted:
    """Grant one option of the preview and tell the customer; an open offer is taken back.

    Args:
        alternative: `key` of the option that was confirmed, or an exception that was approved.
        role: The authority with which it is granted.
        asked_by: The id of a colleague who asked for it, who keeps the case.

    Raises:
        UnknownCase, CaseClosed: there is nothing to grant in.
        NotGrantable: beyond the authority, granted already, or no longer what was confirmed.
    """
    case = cases.open_case_of(uow, case_id)
    hold(uow, case)
    uow.ledger.lock_budget()
    take_back_offers(uow, case.id, now)
    ground = ground_of(uow, policy, case, now)
    chosen = _chosen(uow, ground, alternative, role, now, asked_by)
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


def _chosen(
    uow: UnitOfWork,
    ground: Ground,
    alternative: str | Wanted,
    role: Role,
    now: datetime,
    asked_by: str | None,
) -> GrantOption:
    if isinstance(alternative, str):
        options, _ = _options(ground, role)
        chosen = next((option for option in options if option.key == alternative), None)
    else:
        allowance = exceptions.may_approve(uow, ground, role, now)
        chosen = exceptions.option_of(ground, allowance, alternative, role, asked_by or "")
    if chosen is None:
        raise NotGrantable(ground.case.number)
    return chosen


def _options(ground: Ground, role: Role) -> tuple[tuple[GrantOption, ...], Decision]:
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


def _decide(ground: Ground, role: Role, rung: int) -> Decision:
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
    order = cases.order_of(uow, case)
    key = key_of(case, order)
    offer = lay_out(case.id, record.id, record.rung, (chosen.grants,), key, order, staff.id, now)
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
