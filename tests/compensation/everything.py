"""Decide a small policy on every set of facts that it can meet."""

from collections.abc import Iterator
from functools import cached_property
from itertools import combinations, product

from amends.compensation.clauses import Clause
from amends.compensation.decide import decide
from amends.compensation.decision import Decision, Outcome
from amends.compensation.facts import check_facts
from amends.compensation.plan import strikes
from amends.compensation.policy import PolicyVersion
from amends.compensation.program import CompiledClause
from amends.compensation.terms import Facts, facts_in_amount, facts_in_condition
from tests.compensation.small_policies import VALUES


class Everything:
    """A version, and each set of facts that it can meet, decided for the assistant."""

    def __init__(self, version: PolicyVersion):
        self.version = version
        self.names = [name for name in VALUES if name in _names(version)]

    @cached_property
    def all_facts(self) -> list[Facts]:
        rows = product(*(VALUES[name] for name in self.names))
        return [check_facts(self.version, dict(zip(self.names, row, strict=True))) for row in rows]

    @cached_property
    def known_facts(self) -> list[Facts]:
        return [facts for facts in self.all_facts if not self.unknown(facts)]

    def silent(self, facts: Facts) -> bool:
        decision = decide(self.version, facts)
        return decision.outcome is Outcome.PERSON and not decision.clauses

    def unknown(self, facts: Facts) -> list[str]:
        """The facts that are not known; a currency that the policy does not cover counts so."""
        covered = (None, *self.version.currencies)
        return [
            name
            for name in self.names
            if facts[name] is None or (name == "currency" and facts[name] not in covered)
        ]

    def never_speaking(self) -> set[str]:
        spoken = {c.clause.id for f in self.all_facts for c in self.version.program.speaking(f)}
        return {clause.id for clause in self.version.clauses} - spoken

    def never_open(self, compiled: CompiledClause) -> set[tuple[int, int]]:
        """The options, by rung and number, that are closed wherever the clause speaks."""
        spoken = [facts for facts in self.all_facts if compiled.holds(facts)]
        return {
            (rung, number)
            for rung, options in enumerate(compiled.steps)
            for number, option in enumerate(options)
            if not any(option.holds(facts) for facts in spoken)
        }

    def always_struck(self, compiled: CompiledClause) -> bool:
        """Whether the clause can grant, but everything that it can grant is always forbidden."""
        struck = set[bool]()
        for facts in self.all_facts:
            if not compiled.holds(facts):
                continue
            speaking = self.version.program.speaking(facts)
            forbids = [forbid for c in speaking for forbid in c.clause.forbids]
            options = [o for options in compiled.steps for o in options if o.holds(facts)]
            for grant in (grant for option in options for grant in option.grants):
                struck.add(any(strikes(forbid, grant) for forbid in forbids))
        return struck == {True}

    def only_for_staff(self, clause: Clause) -> bool:
        speaking = [
            [c.clause for c in self.version.program.speaking(facts)] for facts in self.all_facts
        ]
        together = [found for found in speaking if clause in found]
        alone = [found for found in together if not any(c.needs_role for c in found)]
        return bool(together) and not alone

    def same(self, first: Clause, second: Clause) -> bool:
        speaking = [{c.clause.id for c in self.version.program.speaking(f)} for f in self.all_facts]
        met = [(first.id in found, second.id in found) for found in speaking]
        effects = [(c.part, c.steps, c.forbids, c.needs_role) for c in (first, second)]
        agree = all(one is other for one, other in met) and any(one for one, _ in met)
        return agree and effects[0] == effects[1]

    def doubled(self) -> set[tuple[str, str, str]]:
        found: set[tuple[str, str, str]] = set()
        for facts in self.all_facts:
            for rung in range(3):
                found.update(doubled_in(decide(self.version, facts, rung=rung)))
        return found


def doubled_in(decision: Decision) -> Iterator[tuple[str, str, str]]:
    """Yield the kind and both clauses for what is twice in one offer."""
    for bundle in decision.alternatives:
        for one, other in combinations(bundle, 2):
            if (one.kind, one.part) == (other.kind, other.part):
                for first, second in product(one.clauses, other.clauses):
                    if first != second:
                        yield one.kind, *sorted((first, second))  # type: ignore[misc]


def _names(version: PolicyVersion) -> set[str]:
    found = {"currency"} if uses_money(version) else set[str]()
    for clause in version.clauses:
        found.update(facts_in_condition(clause.when))
        for option in (option for step in clause.steps for option in step.options):
            found.update(facts_in_condition(option.when))
            for grant in option.grants:
                found.update(facts_in_amount(grant.amount) if grant.amount else ())
    return found


def uses_money(version: PolicyVersion) -> bool:
    return "MoneyTable" in repr(version.clauses)
