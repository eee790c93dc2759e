"""Plan one rung: compute amounts, strike what is forbidden, check authority, apply caps.

Nothing is worded here; every rung of a ladder is planned, but only one is offered.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from amends.compensation.bounds import GoodwillPurse, Limit, limits_on_goodwill
from amends.compensation.clauses import Clause, Forbid, Part, Remedy, Role
from amends.compensation.decision import CapHit, Usage
from amends.compensation.policy import PolicyVersion
from amends.compensation.program import CompiledGrant, CompiledOption
from amends.compensation.terms import Facts
from amends.values import Money

Draft = tuple[CompiledGrant, int | None]
"""A grant and its amount in minor units; None where it has none, or it cannot be computed."""

Key = tuple[object, int | None]


class Situation:
    """Everything a decision depends on, and the amounts computed so far."""

    def __init__(self, version: PolicyVersion, facts: Facts, usage: Usage, role: Role):
        self.version = version
        self.facts = facts
        self.usage = usage
        self.role = role
        self.currency = version.currency_of(facts)
        self.authority = version.authority.get(role)
        self._minor: dict[CompiledGrant, int | None] = {}
        self._limits: list[Limit] | None = None
        self.maxima: dict[CompiledGrant, list[tuple[int, int]]] = {}

    def amount_of(self, compiled: CompiledGrant) -> int | None:
        """Return the amount in minor units; None when it cannot be computed."""
        if compiled in self._minor:
            return self._minor[compiled]
        minor, hits = None, list[tuple[int, int]]()
        if compiled.compute is not None and self.currency is not None:
            minor = compiled.compute(self.facts, self.currency, hits)
        if hits:
            self.maxima[compiled] = hits
        self._minor[compiled] = minor
        return minor

    def purse(self, hits: list[CapHit]) -> GoodwillPurse:
        currency = self.currency or ""
        if self._limits is None:
            self._limits = limits_on_goodwill(self.version, self.role, self.usage, currency)
        return GoodwillPurse(self._limits, currency, hits)


@dataclass(slots=True)
class Plan:
    """One rung. `allowed` is what forbids leave before caps, `bundles` what is left after both.

    `beyond` is set when something owed is more than this role may decide, or cannot be computed.
    """

    considered: list[CompiledGrant] = field(default_factory=list)
    allowed: list[list[Key]] = field(default_factory=list)
    bundles: list[list[Draft]] = field(default_factory=list)
    struck: list[tuple[Clause, CompiledGrant]] = field(default_factory=list)
    caps: list[CapHit] = field(default_factory=list)
    uncomputed: list[CompiledGrant] = field(default_factory=list)
    beyond: bool = False

    @property
    def outcome(self) -> list[list[Key]]:
        return [[(grant.key, minor) for grant, minor in bundle] for bundle in self.bundles]


def plan_rung(
    situation: Situation,
    combinations: Iterable[Sequence[CompiledOption]],
    forbidding: Sequence[Clause],
) -> Plan:
    plan = Plan()
    for options in combinations:
        drafts = _drafts(situation, options, plan)
        _check_entitlements(situation, drafts, plan)  # before forbids: a forbid only lessens
        if forbidding:
            drafts = [d for d in drafts if not _struck(d[0], forbidding, plan)]
        plan.allowed.append([(grant.key, minor) for grant, minor in drafts])
        bundle = _bounded(situation, drafts, plan)
        if bundle:
            plan.bundles.append(bundle)
    return plan


def _drafts(situation: Situation, options: Sequence[CompiledOption], plan: Plan) -> list[Draft]:
    drafts: list[Draft] = []
    for option in options:
        for grant in option.grants:
            plan.considered.append(grant)
            if grant.compute is None:
                drafts.append((grant, None))
                continue
            minor = situation.amount_of(grant)
            if minor:
                drafts.append((grant, minor))
            elif minor is None:
                plan.uncomputed.append(grant)
                if grant.owed:
                    plan.beyond = True
                    drafts.append((grant, None))
    return drafts


def _check_entitlements(situation: Situation, drafts: list[Draft], plan: Plan) -> None:
    authority, role, currency = situation.authority, situation.role, situation.currency
    if authority is None:
        return
    owed = [draft for draft in drafts if draft[0].owed]
    if not owed:
        return
    if any(grant.grant.remedy.kind in authority.may_not_grant for grant, _ in owed):
        plan.beyond = True
        plan.caps.append(CapHit(f"authority.{role}.kind", _ids(owed)))
    if authority.entitlement_per_case is None or currency is None:
        return
    total = sum(minor or 0 for _, minor in owed)
    limit = situation.version.entitlement_limit(role, currency)
    if limit is not None and total > limit:
        plan.beyond = True
        height, wanted = Money(limit, currency), Money(total, currency)
        none = Money(0, currency)
        cap = f"authority.{role}.entitlement"
        plan.caps.append(CapHit(cap, _ids(owed), height, wanted, none))


def _ids(drafts: list[Draft]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(grant.clause.id for grant, _ in drafts))


def _struck(grant: CompiledGrant, forbidding: Sequence[Clause], plan: Plan) -> bool:
    found = [c for c in forbidding if any(strikes(forbid, grant) for forbid in c.forbids)]
    plan.struck.extend((clause, grant) for clause in found)
    return bool(found)


def strikes(forbid: Forbid, compiled: CompiledGrant) -> bool:
    """Return whether the grant fits every mark of the forbid."""
    grant, clause = compiled.grant, compiled.clause
    return fits(forbid, clause.part, grant.remedy, grant.amount is not None, clause.id)


def fits(forbid: Forbid, part: Part | None, remedy: Remedy, money: bool, clause_id: str) -> bool:
    """Return whether a remedy of this part and kind, with money or without, is forbidden."""
    return (
        (forbid.part is None or forbid.part is part)
        and (not forbid.recovery or remedy.recovery in forbid.recovery)
        and (forbid.money is None or forbid.money is money)
        and (not forbid.kinds or remedy.kind in forbid.kinds)
        and (not forbid.clauses or clause_id in forbid.clauses)
    )


def _bounded(situation: Situation, drafts: list[Draft], plan: Plan) -> list[Draft]:
    kept: list[Draft] = []
    purse = None
    for grant, minor in drafts:
        if not grant.owed:
            if _not_for_role(situation, grant, plan):
                continue
            if minor is not None:
                purse = purse or situation.purse(plan.caps)
                minor = purse.take(minor, grant.clause.id)
                if minor == 0:
                    continue
        kept.append((grant, minor))
    return kept


def _not_for_role(situation: Situation, grant: CompiledGrant, plan: Plan) -> bool:
    authority = situation.authority
    if authority is None or grant.grant.remedy.kind not in authority.may_not_grant:
        return False
    plan.caps.append(CapHit(f"authority.{situation.role}.kind", (grant.clause.id,)))
    return True
