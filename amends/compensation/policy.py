"""A compensation policy as data: dated versions of clauses, caps, authority and wording."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from amends.compensation.clauses import Clause, Remedy, Role, Texts
from amends.compensation.compile import CurrencyOf
from amends.compensation.errors import NoVersionError
from amends.compensation.program import Program, compile_program, currency_function
from amends.compensation.terms import FactDeclaration, MoneyTable


@dataclass(frozen=True, slots=True)
class Authority:
    """What one role may grant in a case; None is no limit of its own."""

    goodwill_per_case: MoneyTable | None = None
    entitlement_per_case: MoneyTable | None = None
    may_not_grant: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Caps:
    """Bounds on goodwill for everybody, whatever the role."""

    per_case: MoneyTable | None = None
    per_customer: MoneyTable | None = None
    customer_window_days: int = 90
    per_day: MoneyTable | None = None


@dataclass(frozen=True, slots=True)
class Exceptions:
    """Goodwill that no clause gives: who asks, who approves, in which kinds, and how much."""

    asked_by: frozenset[Role]
    approved_by: frozenset[Role]
    remedies: tuple[str, ...]
    per_case: MoneyTable
    per_customer: MoneyTable
    customer_window_days: int


@dataclass(frozen=True, slots=True)
class Usage:
    """Goodwill already given (or reserved by an open offer), minor units by currency."""

    given_to_customer: Mapping[str, int] = field(default_factory=dict)
    given_to_case: Mapping[str, int] = field(default_factory=dict)
    given_today: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def none(cls) -> "Usage":
        return _NO_USAGE


_NO_USAGE = Usage()


@dataclass(frozen=True, slots=True)
class Reasons:
    """Wordings for the customer where no clause brings its own, and the way to a second look."""

    remedy: Texts
    none: Texts
    person: Texts
    recourse: Texts


@dataclass(frozen=True)
class PolicyVersion:
    """The policy as in force from `valid_from` to `valid_to`, both included."""

    policy: str
    id: str
    valid_from: date
    valid_to: date | None
    languages: tuple[str, ...]
    currencies: tuple[str, ...]
    currency_fact: str | None
    facts: Mapping[str, FactDeclaration]
    remedies: Mapping[str, Remedy]
    clauses: tuple[Clause, ...]
    caps: Caps
    authority: Mapping[Role, Authority]
    reasons: Reasons
    unused: tuple[str, ...] = ()
    exceptions: Exceptions | None = None  # None: what no clause gives is not given

    def covers(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def clause(self, clause_id: str) -> Clause:
        return next(clause for clause in self.clauses if clause.id == clause_id)

    @cached_property
    def currency_of(self) -> CurrencyOf:
        return currency_function(self.currencies, self.currency_fact)

    @cached_property
    def cap_heights(self) -> dict[Role, dict[str, tuple[tuple[str, int], ...]]]:
        """By role and currency: the name and height of every limit on goodwill, minor units."""
        return {role: self._heights(role) for role in Role}

    def _heights(self, role: Role) -> dict[str, tuple[tuple[str, int], ...]]:
        authority = self.authority.get(role, Authority())
        tables = (
            (f"authority.{role}", authority.goodwill_per_case),
            ("per_case", self.caps.per_case),
            ("per_customer", self.caps.per_customer),
            ("per_day", self.caps.per_day),
        )
        known = [(cap, table.as_dict()) for cap, table in tables if table is not None]
        return {c: tuple((cap, heights[c]) for cap, heights in known) for c in self.currencies}

    def entitlement_limit(self, role: Role, currency: str) -> int | None:
        """Return the most a role may confirm as owed in one case, minor units; None: no limit."""
        authority = self.authority.get(role)
        if authority is None or authority.entitlement_per_case is None:
            return None
        return authority.entitlement_per_case.as_dict().get(currency)

    @cached_property
    def program(self) -> Program:
        """The clauses as functions; made on first use, so a changed copy makes its own."""
        return compile_program(self.clauses, self.currency_of)


@dataclass(frozen=True, slots=True)
class Policy:
    name: str
    title: str
    versions: tuple[PolicyVersion, ...]

    def version_on(self, day: date) -> PolicyVersion:
        """Return the version in force on a day.

        Raises:
            NoVersionError: no version covers it.
        """
        for version in self.versions:
            if version.covers(day):
                return version
        raise NoVersionError(self.name, day)
