"""Goodwill that no clause gives: asked for by one person, approved by another, within a cap.

A clause that forbids, or that asks for a higher person than the one who approves, forbids an
exception too; every cap on goodwill and the authority of the person who approves bind it. The
assistant neither offers nor decides one: nothing here is part of `decide`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from amends.compensation.bounds import Limit, limits_on_goodwill
from amends.compensation.clauses import EXCEPTION, Part, Remedy, Role
from amends.compensation.decide import needs_person
from amends.compensation.decision import Decision, Outcome, RemedyGrant
from amends.compensation.ground import GrantOption, Ground
from amends.compensation.plan import fits
from amends.compensation.policy import Exceptions
from amends.compensation.ports import UnitOfWork
from amends.compensation.usage import customer_key
from amends.values import Money


@dataclass(frozen=True, slots=True)
class Allowance:
    """What may be granted as an exception in one case now: one of the kinds, up to `most`."""

    kinds: tuple[Remedy, ...]
    most: Money
    approver: Role  # with whose authority it would be granted


@dataclass(frozen=True, slots=True)
class Wanted:
    """One exception as it is asked for."""

    kind: str
    amount: Money


def may_ask(uow: UnitOfWork, ground: Ground, role: Role, now: datetime) -> Allowance | None:
    """Return what this role may ask for; None when there is nothing.

    It is what the highest role that approves could grant.
    """
    terms = ground.version.exceptions
    if terms is None or role not in terms.asked_by:
        return None
    highest = max(terms.approved_by, key=lambda one: one.rank)
    return _allowance(uow, ground, terms, highest, now)


def may_approve(uow: UnitOfWork, ground: Ground, role: Role, now: datetime) -> Allowance | None:
    """Return what this role may approve; None when there is nothing."""
    terms = ground.version.exceptions
    if terms is None or role not in terms.approved_by:
        return None
    return _allowance(uow, ground, terms, role, now)


def option_of(
    ground: Ground, allowance: Allowance | None, wanted: Wanted, role: Role, asked_by: str
) -> GrantOption | None:
    """Return the exception as something that can be granted; None when it is not allowed.

    Args:
        ground: what the case stands on.
        allowance: what may be granted in it.
        wanted: what is asked for.
        role: with whose authority it would be granted.
        asked_by: the id of the person who asks.
    """
    if allowance is None or wanted.amount.currency != allowance.most.currency:
        return None
    if not 0 < wanted.amount.amount_minor <= allowance.most.amount_minor:
        return None
    remedy = next((one for one in allowance.kinds if one.kind == wanted.kind), None)
    if remedy is None:
        return None
    grants = (_grant(remedy, wanted.amount),)
    return GrantOption(grants, _decision(ground, grants, role, asked_by))


def wanted_of(grants: tuple[RemedyGrant, ...]) -> Wanted | None:
    """Return the exception that a bundle is; None for what clauses give."""
    if len(grants) != 1 or grants[0].clauses != (EXCEPTION,) or grants[0].amount is None:
        return None
    return Wanted(grants[0].kind, grants[0].amount)


def _grant(remedy: Remedy, amount: Money) -> RemedyGrant:
    return RemedyGrant(
        kind=remedy.kind,
        recovery=remedy.recovery,
        part=Part.GOODWILL,
        amount=amount,
        clauses=(EXCEPTION,),
        title=dict(remedy.title),
        due_days=remedy.due_days,
    )


def _decision(
    ground: Ground, grants: tuple[RemedyGrant, ...], role: Role, asked_by: str
) -> Decision:
    version = ground.version
    return Decision(
        outcome=Outcome.REMEDY,
        alternatives=(grants,),
        clauses=(EXCEPTION,),
        caps=(),
        facts_used={},
        explanation=(
            f"Policy {version.policy}, version {version.id}; role {role}.",
            f"No clause gives this: an exception, asked for by {asked_by}.",
            f"Outcome: {Outcome.REMEDY}.",
        ),
        customer_reason=dict(version.reasons.remedy),
        rungs=1,
        rung=0,
        policy=version.policy,
        version=version.id,
    )


def _allowance(
    uow: UnitOfWork, ground: Ground, terms: Exceptions, role: Role, now: datetime
) -> Allowance | None:
    currency = ground.version.currency_of(ground.facts)
    speaking = [compiled.clause for compiled in ground.version.program.speaking(ground.facts)]
    if currency is None or any(needs_person(clause, role) for clause in speaking):
        return None
    forbids = [forbid for clause in speaking for forbid in clause.forbids]
    authority = ground.version.authority.get(role)
    not_his = authority.may_not_grant if authority else frozenset()
    kinds = tuple(
        remedy
        for remedy in map(ground.version.remedies.__getitem__, terms.remedies)
        if remedy.kind not in not_his
        and not any(fits(one, Part.GOODWILL, remedy, True, EXCEPTION) for one in forbids)
    )
    most = min(limit.left for limit in _limits(uow, ground, terms, role, currency, now))
    return Allowance(kinds, Money(most, currency), role) if kinds and most > 0 else None


def _limits(
    uow: UnitOfWork, ground: Ground, terms: Exceptions, role: Role, currency: str, now: datetime
) -> Iterator[Limit]:
    """Yield all that bounds an exception: the caps of all goodwill, and those of its own."""
    yield from limits_on_goodwill(ground.version, role, ground.usage, currency)
    since = now - timedelta(days=terms.customer_window_days)
    key = customer_key(uow, ground.case)
    given: dict[str, tuple[Mapping[str, int], Mapping[str, int]]] = {
        "exceptions.per_case": (terms.per_case.as_dict(), uow.ledger.exceptions_in(ground.case.id)),
        "exceptions.per_customer": (
            terms.per_customer.as_dict(),
            uow.ledger.exceptions_to(key, since),
        ),
    }
    for cap, (heights, used) in given.items():
        yield Limit(cap, heights[currency], heights[currency] - used.get(currency, 0))
