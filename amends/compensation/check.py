"""Look a policy over for what loads but is probably not meant.

Refusals (unknown keys, overlapping dates, missing sources …) belong to `load.py`; these are
warnings for the person who wrote the policy. What clauses say together is proved in `proof/`.
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Final

from amends.compensation.clauses import Clause, Part, Role
from amends.compensation.currency import format_minor
from amends.compensation.policy import Policy, PolicyVersion
from amends.compensation.proof.findings import Finding, Kind
from amends.compensation.proof.prove import prove
from amends.compensation.terms import Amount, Bounded, Fixed, Tiers

TELLTALE: Final = (
    "abuse", "budget", "cap", "ceiling", "fraud", "fraudulent", "limit", "maximum", "suspicion",
    "suspicious", "too often", "too many",
)  # fmt: skip
"""Words that would tell a customer of inner bounds or of a suspicion."""

TELLTALE_UNSPACED: Final = (
    "上限", "限额", "预算", "封顶", "欺诈", "滥用", "怀疑", "可疑", "次数过多",
)  # fmt: skip
"""The same in Chinese, which puts no spaces between words."""


def check_policy(policy: Policy) -> list[Finding]:
    """Return every warning and note, in reading order."""
    findings = list(_date_gaps(policy))
    for version in policy.versions:
        findings += [
            *_unused(version),
            *prove(version),
            *_authority(version),
            *_exceptions(version),
            *_wordings(version),
        ]
    return findings


def _date_gaps(policy: Policy) -> Iterator[Finding]:
    for earlier, later in pairwise(policy.versions):
        if earlier.valid_to and earlier.valid_to + timedelta(days=1) < later.valid_from:
            message = f"no version is in force between {earlier.valid_to} and {later.valid_from}"
            yield Finding(later.id, "valid_from", message, Kind.DATES)


def _unused(version: PolicyVersion) -> Iterator[Finding]:
    for name in version.unused:
        yield Finding(version.id, name, "is declared but used by nothing", Kind.UNUSED)


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
                message = f"gives {wanted}, above {cap} ({most})"
                yield Finding(version.id, clause.id, message, Kind.AUTHORITY)


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


def _exceptions(version: PolicyVersion) -> Iterator[Finding]:
    """What the section lets somebody approve and a cap on all goodwill never lets through."""
    terms = version.exceptions
    if terms is None:
        return
    highest = max(terms.approved_by, key=lambda role: role.rank)
    for currency, minor in terms.per_case.minor:
        for cap, height in version.cap_heights[highest][currency]:
            if minor > height:
                wanted, most = format_minor(minor, currency), format_minor(height, currency)
                message = f"per_case is {wanted}, above {cap} ({most}), which binds first"
                yield Finding(version.id, "exceptions", message, Kind.AUTHORITY)


def _wordings(version: PolicyVersion) -> Iterator[Finding]:
    for clause in version.clauses:
        for language, text in clause.reason.items():
            for word in _telltales(text):
                message = f"its reason ({language}) tells the customer of {word!r}"
                yield Finding(version.id, clause.id, message, Kind.WORDING)


def _telltales(text: str) -> list[str]:
    padded = "".join(char if char.isalnum() else " " for char in text.lower())
    spaced = [word for word in TELLTALE if f" {word} " in f" {padded} "]
    return spaced + [word for word in TELLTALE_UNSPACED if word in text]
