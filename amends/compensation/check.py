"""Look a policy over for what loads but is probably not meant.

Refusals (unknown keys, overlapping dates, missing sources …) belong to `load.py`; these are
warnings for the person who wrote the policy.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations, pairwise
from typing import Final

from amends.compensation.clauses import Clause, Part, Role
from amends.compensation.compile import normalise
from amends.compensation.currency import format_minor
from amends.compensation.policy import Policy, PolicyVersion
from amends.compensation.program import required_values
from amends.compensation.reach import contradiction
from amends.compensation.terms import (
    AllOf,
    Amount,
    Bounded,
    Compare,
    Condition,
    Fixed,
    Operator,
    Tiers,
    facts_in_condition,
)

TELLTALE: Final = (
    "abuse", "budget", "cap", "ceiling", "fraud", "fraudulent", "limit", "maximum", "suspicion",
    "suspicious", "too often", "too many",
)  # fmt: skip
"""Words that would tell a customer of inner bounds or of a suspicion."""


@dataclass(frozen=True, slots=True)
class Finding:
    version: str
    place: str
    message: str

    def __str__(self) -> str:
        return f"version {self.version}: {self.place}: {self.message}"


def check_policy(policy: Policy) -> list[Finding]:
    """Return every warning, in reading order."""
    warnings = list(_date_gaps(policy))
    for version in policy.versions:
        warnings += [
            *_unused(version),
            *_unreachable(version),
            *_duplicates(version),
            *_uncovered(version),
            *_authority(version),
            *_wordings(version),
        ]
    return warnings


def _date_gaps(policy: Policy) -> Iterator[Finding]:
    for earlier, later in pairwise(policy.versions):
        if earlier.valid_to and earlier.valid_to + timedelta(days=1) < later.valid_from:
            message = f"no version is in force between {earlier.valid_to} and {later.valid_from}"
            yield Finding(later.id, "valid_from", message)


def _unused(version: PolicyVersion) -> Iterator[Finding]:
    for name in version.unused:
        yield Finding(version.id, name, "is declared but used by nothing")


def _unreachable(version: PolicyVersion) -> Iterator[Finding]:
    for clause in version.clauses:
        fact = contradiction(clause.when, version.facts)
        if fact is not None:
            message = f"can never speak: no value of {fact} fits all its conditions"
            yield Finding(version.id, clause.id, message)
        for number, option in _options(clause):
            fact = contradiction(AllOf((clause.when, option)), version.facts)
            if fact is not None and contradiction(clause.when, version.facts) is None:
                message = f"option {number} is never open: no value of {fact} fits"
                yield Finding(version.id, clause.id, message)


def _options(clause: Clause) -> Iterator[tuple[int, Condition]]:
    for step in clause.steps:
        for number, option in enumerate(step.options, start=1):
            yield number, option.when


def _canonical(condition: Condition) -> str:
    """Conditions that differ only in order have the same text."""
    return _text(normalise(condition))


def _text(condition: Condition) -> str:
    if isinstance(condition, Compare):
        operand = condition.operand
        if isinstance(operand, tuple):
            return f"{condition.fact} {condition.operator} {sorted(map(str, operand))}"
        return f"{condition.fact} {condition.operator} {operand!r}"
    parts = sorted({_text(part) for part in getattr(condition, "parts", ())})
    return f"{type(condition).__name__}({'; '.join(parts)})"


def _duplicates(version: PolicyVersion) -> Iterator[Finding]:
    for first, second in combinations(version.clauses, 2):
        same_effect = (first.part, first.steps, first.forbids, first.needs_role) == (
            second.part, second.steps, second.forbids, second.needs_role
        )  # fmt: skip
        if same_effect and _canonical(first.when) == _canonical(second.when):
            message = f"says the same as {first.id}"
            yield Finding(version.id, second.id, message)


def _uncovered(version: PolicyVersion) -> Iterator[Finding]:
    for fact in version.facts.values():
        if not fact.every_value_needs_a_clause:
            continue
        asking = [c for c in version.clauses if fact.name in facts_in_condition(c.when)]
        for value in fact.values:
            test = Compare(fact.name, Operator.IS, value)
            if not any(_can_speak(version, clause, test) for clause in asking):
                message = f"no clause speaks of {value}; every such case goes to a person"
                yield Finding(version.id, f"fact {fact.name}", message)


def _can_speak(version: PolicyVersion, clause: Clause, test: Compare) -> bool:
    demanded = required_values(clause.when, test.fact)
    if demanded is not None and test.operand not in demanded:
        return False
    return contradiction(AllOf((clause.when, test)), version.facts) is None


def _authority(version: PolicyVersion) -> Iterator[Finding]:
    """Amounts that are fixed in advance and above what the bot may ever give."""
    for clause in version.clauses:
        for step in clause.steps:
            for option in step.options:
                for grant in option.grants:
                    if grant.amount is not None:
                        yield from _above(version, clause, grant.amount)


def _above(version: PolicyVersion, clause: Clause, amount: Amount) -> Iterator[Finding]:
    for currency, minor in _certain(amount):
        for cap, height in _bounds(version, clause, currency):
            if minor > height:
                wanted, most = format_minor(minor, currency), format_minor(height, currency)
                yield Finding(version.id, clause.id, f"gives {wanted}, above {cap} ({most})")


def _certain(amount: Amount) -> Iterator[tuple[str, int]]:
    """The amounts per currency that need no fact to be known."""
    match amount:
        case Fixed(table):
            yield from table.minor
        case Tiers(tiers):
            for tier in tiers:
                yield from _certain(tier.amount)
        case Bounded(inner, minimum, maximum):
            if maximum is None:
                yield from _certain(inner)
            if minimum is not None:
                yield from _certain(minimum)


def _bounds(version: PolicyVersion, clause: Clause, currency: str) -> list[tuple[str, int]]:
    if clause.part is Part.GOODWILL:
        return list(version.cap_heights[Role.BOT][currency])
    limit = version.entitlement_limit(Role.BOT, currency)
    return [] if limit is None else [("authority.bot.entitlement", limit)]


def _wordings(version: PolicyVersion) -> Iterator[Finding]:
    for clause in version.clauses:
        for language, text in clause.reason.items():
            padded = "".join(char if char.isalnum() else " " for char in text.lower())
            for word in TELLTALE:
                if f" {word} " in f" {padded} ":
                    message = f"its reason ({language}) tells the customer of {word!r}"
                    yield Finding(version.id, clause.id, message)
