"""Ask every question of one version, and say so where one could not be answered."""

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Final

from amends.compensation.policy import PolicyVersion
from amends.compensation.proof.effects import always_struck, forbids_nothing, only_for_staff
from amends.compensation.proof.findings import Finding, Kind
from amends.compensation.proof.gaps import gaps, gaps_by_unknown_facts
from amends.compensation.proof.overlaps import adds_in_vain, duplicates, overlaps
from amends.compensation.proof.reach import unreachable
from amends.compensation.proof.reading import Reading
from amends.compensation.proof.search import Unproved
from amends.compensation.proof.tiers import tier_gaps, unreached_tiers

MOST_STEPS: Final = 20_000
"""Steps allowed for one question; the shipped policies need some hundreds for the longest."""


def prove(version: PolicyVersion, most_steps: int = MOST_STEPS) -> Iterator[Finding]:
    """Yield what is unreachable, without effect, doubled or left open, in reading order.

    What is not reported of it was proved not to be, within the ranges that the facts declare.
    """
    reading = Reading(version, most_steps)
    for place, findings in _questions(reading):
        try:
            yield from findings
        except Unproved as reason:
            yield Finding(version.id, place, f"could not be proved {reason}", Kind.UNPROVED)


def _questions(reading: Reading) -> Iterator[tuple[str, Iterable[Finding]]]:
    version = reading.version
    for clause in version.clauses:
        yield clause.id, unreachable(reading, clause)
        yield clause.id, forbids_nothing(reading, clause)
        yield clause.id, only_for_staff(reading, clause)
    for compiled in reading.granting:
        yield compiled.clause.id, always_struck(reading, compiled)
        for given in reading.given(compiled):
            yield compiled.clause.id, tier_gaps(reading, given)
        yield compiled.clause.id, adds_in_vain(reading, compiled)
    yield "tiers", unreached_tiers(reading)
    for first, second in combinations(version.clauses, 2):
        yield second.id, duplicates(reading, first, second)
    for one, other in combinations(reading.granting, 2):
        yield other.clause.id, overlaps(reading, one, other)
    yield "gap", gaps(reading)
    yield "unknown facts", gaps_by_unknown_facts(reading)
