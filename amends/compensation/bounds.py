"""Bound goodwill by every cap and by the role's authority, naming each one that was too low."""

from typing import NamedTuple

from amends.compensation.clauses import Role
from amends.compensation.currency import format_money
from amends.compensation.decision import CapHit, Usage
from amends.compensation.policy import PolicyVersion
from amends.values import Money


class Limit(NamedTuple):
    """A cap's full height and what earlier goodwill has left of it, minor units."""

    cap: str
    height: int
    left: int


def limits_on_goodwill(
    version: PolicyVersion, role: Role, usage: Usage, currency: str
) -> list[Limit]:
    """Return every limit on goodwill in this currency, in the order they are explained."""
    heights = version.cap_heights[role].get(currency, ())
    given = {
        "per_customer": usage.given_to_customer,
        "per_day": usage.given_today,
    }
    return [
        Limit(cap, height, height - given.get(cap, usage.given_to_case).get(currency, 0))
        for cap, height in heights
    ]


class GoodwillPurse:
    """What may still be given in one bundle; taking from it records the caps that bound."""

    def __init__(self, limits: list[Limit], currency: str, hits: list[CapHit]):
        self._limits = limits
        self._currency = currency
        self._hits = hits
        self._spent = 0

    def take(self, wanted: int, clause_id: str) -> int:
        """Return how much of the wanted amount may be given, minor units."""
        granted = wanted
        for limit in self._limits:
            left = limit.left - self._spent
            if left < granted:
                granted = max(0, left)
        if granted < wanted:
            self._record(wanted, granted, clause_id)
        self._spent += granted
        return granted

    def _record(self, wanted: int, granted: int, clause_id: str) -> None:
        for limit in self._limits:
            if limit.left - self._spent < wanted:
                self._hits.append(
                    CapHit(
                        limit.cap,
                        (clause_id,),
                        Money(limit.height, self._currency),
                        Money(wanted, self._currency),
                        Money(granted, self._currency),
                    )
                )


def describe_hit(hit: CapHit) -> str:
    """Return one line for staff on a bound that was too low."""
    clauses = ", ".join(hit.clauses)
    if hit.limit is None or hit.wanted is None or hit.granted is None:
        return f"cap {hit.cap}: this role may not grant what {clauses} gives"
    return (
        f"cap {hit.cap} ({format_money(hit.limit)}): {clauses} wanted "
        f"{format_money(hit.wanted)}, got {format_money(hit.granted)}"
    )
