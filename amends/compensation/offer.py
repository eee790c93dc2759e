"""Put one planned rung into words and grants: what the customer is offered, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from amends.compensation.bounds import describe_hit
from amends.compensation.clauses import Clause
from amends.compensation.currency import format_minor
from amends.compensation.decision import CapHit, RemedyGrant
from amends.compensation.plan import Draft, Plan, Situation
from amends.compensation.program import CompiledGrant
from amends.values import Money


@dataclass(frozen=True, slots=True)
class Offered:
    """What came of one rung, worded. `granted_by`, `struck_by` and `spoke` are clauses."""

    alternatives: tuple[tuple[RemedyGrant, ...], ...]
    granted_by: list[Clause]
    spoke: list[Clause]
    struck_by: list[Clause]
    caps: tuple[CapHit, ...]
    lines: list[str]


def word_plan(situation: Situation, plan: Plan) -> Offered:
    """Return the plan as grants and lines for staff."""
    currency = situation.currency
    alternatives = _distinct([_merged(bundle, currency) for bundle in plan.bundles])
    names = {name for bundle in alternatives for grant in bundle for name in grant.clauses}
    spoke = list({grant.clause.id: grant.clause for grant in plan.considered}.values())
    struck = {id(grant) for _, grant in plan.struck}
    caps = [*_maxima(situation, plan, struck), *plan.caps]
    return Offered(
        alternatives=tuple(alternatives),
        granted_by=[clause for clause in spoke if clause.id in names],
        spoke=spoke,
        struck_by=list({clause.id: clause for clause, _ in plan.struck}.values()),
        caps=tuple(_distinct(caps)) if caps else (),
        lines=_lines(situation, plan, caps),
    )


def _maxima(situation: Situation, plan: Plan, struck: set[int]) -> list[CapHit]:
    currency = situation.currency
    if not situation.maxima or currency is None:
        return []
    return [
        CapHit(
            "maximum",
            (grant.clause.id,),
            Money(most, currency),
            Money(wanted, currency),
            Money(most, currency),
        )
        for grant in plan.considered
        if id(grant) not in struck
        for wanted, most in situation.maxima.get(grant, ())
    ]


def _lines(situation: Situation, plan: Plan, caps: Iterable[CapHit]) -> list[str]:
    lines = [
        _arithmetic(situation, grant)
        for grant in dict.fromkeys(plan.considered)
        if grant.describe is not None
    ]
    lines += [
        f"{clause.id} forbids {grant.grant.remedy.kind} ({grant.clause.id})"
        for clause, grant in plan.struck
    ]
    lines += map(describe_hit, caps)
    return list(dict.fromkeys(lines))


def _arithmetic(situation: Situation, compiled: CompiledGrant) -> str:
    kind, clause, currency = compiled.grant.remedy.kind, compiled.clause, situation.currency
    minor = situation.amount_of(compiled)
    if minor is None or currency is None or compiled.describe is None:
        return f"{clause.id}: the amount of {kind} cannot be computed from the known facts"
    how = compiled.describe(situation.facts, currency)
    result = format_minor(minor, currency)
    return f"{clause.id}: {kind} = {how}" + ("" if how == result else f" = {result}")


def _merged(drafts: Sequence[Draft], currency: str | None) -> tuple[RemedyGrant, ...]:
    """Two clauses that give the same thing that is not money give it once."""
    grants: dict[object, RemedyGrant] = {}
    for number, (compiled, minor) in enumerate(drafts):
        grant = _to_grant(compiled, minor, currency)
        same = (grant.kind, grant.part, grant.quantity) if minor is None else number
        earlier = grants.get(same)
        grants[same] = grant if earlier is None else _joined(earlier, grant)
    return tuple(grants.values())


def _to_grant(compiled: CompiledGrant, minor: int | None, currency: str | None) -> RemedyGrant:
    clause, grant = compiled.clause, compiled.grant
    assert clause.part is not None  # only clauses with a part have grants
    return RemedyGrant(
        kind=grant.remedy.kind,
        recovery=grant.remedy.recovery,
        part=clause.part,
        amount=Money(minor, currency) if minor and currency else None,
        clauses=(clause.id,),
        title=dict(grant.title),
        due_days=grant.due_days,
        quantity=grant.quantity,
        choice_group=compiled.choice_group,
    )


def _joined(first: RemedyGrant, second: RemedyGrant) -> RemedyGrant:
    days = [grant.due_days for grant in (first, second) if grant.due_days is not None]
    return RemedyGrant(
        kind=first.kind,
        recovery=first.recovery,
        part=first.part,
        amount=first.amount,
        clauses=tuple(dict.fromkeys((*first.clauses, *second.clauses))),
        title=first.title,
        due_days=min(days, default=None),
        quantity=first.quantity,
        choice_group=first.choice_group or second.choice_group,
    )


def _distinct[T](items: Sequence[T]) -> list[T]:
    if len(items) < 2:
        return list(items)
    return [item for number, item in enumerate(items) if item not in items[:number]]
