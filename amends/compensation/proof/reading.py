"""One version, read as formulas: when a clause speaks, what is open, what overrules what."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from amends.compensation.clauses import Clause
from amends.compensation.plan import strikes
from amends.compensation.policy import PolicyVersion
from amends.compensation.program import CompiledClause, CompiledGrant, CompiledOption
from amends.compensation.proof.amounts import (
    compares_in,
    compares_in_amount,
    computable,
    covered,
    positive,
)
from amends.compensation.proof.formula import Formula, conjunction, disjunction, negation
from amends.compensation.proof.search import Search
from amends.compensation.proof.space import Domain, Space
from amends.compensation.terms import Compare, Condition, Operator


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """One grant where it stands: on which step of its clause, in which option, when open."""

    step: int
    where: str
    compiled: CompiledGrant
    opened: CompiledOption
    open: Formula

    @property
    def clause(self) -> Clause:
        return self.compiled.clause

    @property
    def kind(self) -> str:
        return self.compiled.grant.remedy.kind


class Reading:
    """What the questions share: the space, two searches over it, and the clauses' effects.

    `known` looks among facts that are all known, `every` among unknown ones too.
    """

    def __init__(self, version: PolicyVersion, most_steps: int):
        self.version = version
        self.space = Space(version, list(_asked(version)))
        domains = self.space.domains
        known = {variable: domain.known for variable, domain in domains.items()}
        self.known = Search(known, most_steps)
        self.every = Search({v: _all_values(d) for v, d in domains.items()}, most_steps)
        self.most_steps = most_steps

    def speaks(self, clause: Clause) -> Formula:
        return self.space.met(clause.when)

    def one_speaks(self, clauses: Iterable[Clause]) -> Formula:
        return disjunction([self.speaks(clause) for clause in clauses])

    # -- effects ---------------------------------------------------------------------------------

    @property
    def persons(self) -> list[Clause]:
        """The clauses that take a case from the assistant."""
        return [c for c in self.version.clauses if c.needs_role]

    @property
    def granting(self) -> list[CompiledClause]:
        return [compiled for compiled in self.version.program.clauses if compiled.steps]

    @property
    def forbidding(self) -> list[Clause]:
        return [clause for clause in self.version.clauses if clause.forbids]

    def given(self, compiled: CompiledClause) -> Iterator[Given]:
        """Yield the grants of a clause."""
        speaks = self.speaks(compiled.clause)
        for step, options in enumerate(compiled.steps):
            declared = compiled.clause.steps[step].options
            for number, opened in enumerate(options):
                where = option_name(compiled.clause, step, number)
                is_open = conjunction([speaks, self.space.met(declared[number].when)])
                for grant in opened.grants:
                    yield Given(step, where, grant, opened, is_open)

    def all_given(self) -> Iterator[Given]:
        for compiled in self.granting:
            yield from self.given(compiled)

    def strikers(self, grant: CompiledGrant) -> list[Clause]:
        """Return the clauses that forbid this grant where they speak."""
        return [c for c in self.forbidding if any(strikes(f, grant) for f in c.forbids)]

    def gives(self, given: Given) -> Formula:
        """Return when the assistant gives this, but for its caps: open, not struck, not nothing."""
        amount = given.compiled.grant.amount
        worth = [] if amount is None else [covered(self.space), positive(self.space, amount)]
        return conjunction([given.open, negation(self.overruled(given.compiled)), *worth])

    def overruled(self, grant: CompiledGrant) -> Formula:
        """Return when the assistant does not give this: a person decides, or it is forbidden."""
        return self.one_speaks([*self.persons, *self.strikers(grant)])

    @cached_property
    def all_owed_is_clear(self) -> Formula:
        """Return when everything owed can be computed; else a person decides the whole case."""
        clear = []
        for given in self.all_given():
            amount = given.compiled.grant.amount
            if given.compiled.owed and amount is not None:
                known = conjunction([covered(self.space), computable(self.space, amount)])
                clear.append(disjunction([negation(given.open), known]))
        return conjunction(clear)

    def nothing_said(self) -> Formula:
        """Return when the assistant finds nothing granted, nothing refused, and no person named."""
        settling = [c for c in self.forbidding if any(f.everything for f in c.forbids)]
        offers = [g.open for compiled in self.granting for g in self.given(compiled) if not g.step]
        said = [self.one_speaks([*self.persons, *settling]), *offers]
        return negation(disjunction(said))


def option_name(clause: Clause, step: int, number: int) -> str:
    """Say where an option stands, counting from one, and only where there are several."""
    rung = f"rung {step + 1}" if len(clause.steps) > 1 else ""
    option = f"option {number + 1}" if len(clause.steps[step].options) > 1 else ""
    return ", ".join(filter(None, (rung, option)))


def _all_values(domain: Domain) -> tuple[int, ...]:
    rest = (number for number in range(len(domain.values)) if number not in domain.known)
    return (*domain.known, *rest)


def _asked(version: PolicyVersion) -> Iterator[Compare]:
    """Every comparison that any formula of the version makes."""
    for condition in _conditions(version):
        yield from compares_in(condition)
    for compiled in version.program.clauses:
        for grant in (g for step in compiled.steps for option in step for g in option.grants):
            if grant.grant.amount is not None:
                yield from compares_in_amount(version, grant.grant.amount)
    for fact in version.facts.values():
        if fact.every_value_needs_a_clause and fact.values:
            yield Compare(fact.name, Operator.IN, fact.values)


def _conditions(version: PolicyVersion) -> Iterator[Condition]:
    for clause in version.clauses:
        yield clause.when
        for step in clause.steps:
            for option in step.options:
                yield option.when
