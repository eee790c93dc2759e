"""Tiers of amounts: those that are never reached, and facts that fit none of them."""

from collections.abc import Iterator

from amends.compensation.facts import check_facts
from amends.compensation.proof.amounts import Staircase, computable, covered, firsts, staircases
from amends.compensation.proof.examples import example_of
from amends.compensation.proof.findings import Example, Finding, Kind
from amends.compensation.proof.formula import Formula, conjunction, disjunction, negation
from amends.compensation.proof.reading import Given, Reading
from amends.compensation.proof.search import Unproved
from amends.compensation.terms import Tiers


def unreached_tiers(reading: Reading) -> Iterator[Finding]:
    """Say which tiers never count. A named amount may be used by several clauses: one is enough."""
    for tiers, (place, asked) in _uses(reading).items():
        reached = disjunction(asked)
        if reading.every.find(reached) is None:
            continue  # the clause or option is never open, which is said of it
        for number, first in enumerate(firsts(reading.space, tiers), start=1):
            if reading.every.find(conjunction([reached, first])) is None:
                met = reading.space.met(tiers.tiers[number - 1].when)
                alone = reading.every.find(conjunction([reached, met])) is None
                why = "no facts fit it there" if alone else "an earlier one always holds first"
                message = f"tier {number} of its amount is never reached: {why}"
                yield Finding(reading.version.id, place, message, Kind.UNREACHABLE)


def _uses(reading: Reading) -> dict[Tiers, tuple[str, list[Formula]]]:
    """By tiers: the first clause that uses them, and when each clause does."""
    found: dict[Tiers, tuple[str, list[Formula]]] = {}
    for given in reading.all_given():
        for stairs in staircases(reading.space, given.compiled.grant.amount, given.open):
            found.setdefault(stairs.tiers, (given.clause.id, []))[1].append(stairs.reached)
    return found


def tier_gaps(reading: Reading, given: Given) -> Iterator[Finding]:
    """Show known facts with which the assistant would grant this, but for want of a fitting tier.

    Such a case is refused without a clause that refuses it.
    """
    amount = given.compiled.grant.amount
    if amount is None:
        return
    asked = [given.open, covered(reading.space), computable(reading.space, amount)]
    asked.append(negation(reading.overruled(given.compiled)))
    for stairs in staircases(reading.space, amount, conjunction(asked)):
        if not stairs.alone:
            continue
        none = _none(reading, stairs)
        found = reading.known.find(none)
        if found is not None:
            yield _gap(reading, given, example_of(reading, none, found))
            return


def _none(reading: Reading, stairs: Staircase) -> Formula:
    met = [reading.space.met(tier.when) for tier in stairs.tiers.tiers]
    return conjunction([stairs.reached, negation(disjunction(met))])


def _gap(reading: Reading, given: Given, example: Example) -> Finding:
    version, compute = reading.version, given.compiled.compute
    facts = check_facts(version, example.facts)
    currency = version.currency_of(facts)
    if compute is None or currency is None or compute(facts, currency, []) != 0:
        raise Unproved(f"by computing the {given.kind} for {example}")
    message = f"no tier fits, so its {given.kind} is nothing"
    return Finding(version.id, given.clause.id, message, Kind.GAP, example=example)
