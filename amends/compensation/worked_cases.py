"""Worked cases: a sentence, a date, facts, and what the policy must say to them.

A file of cases names its policy; `given` holds facts that all cases share. Remedies are written
as one line each: kind, then amount and currency when it has one (`voucher 4.99 EUR`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from amends.compensation.clauses import Role
from amends.compensation.currency import format_money
from amends.compensation.decide import decide
from amends.compensation.decision import Decision, Outcome, RemedyGrant
from amends.compensation.errors import CompensationError, PolicyError
from amends.compensation.facts import check_facts
from amends.compensation.load import load_policy
from amends.compensation.nodes import Node, parse_nodes
from amends.compensation.policy import Policy, Usage

_CASE_KEYS: Final = ("case", "date", "facts", "role", "rung", "usage", "expect")
_EXPECT_KEYS: Final = ("outcome", "remedies", "alternatives", "clauses", "caps", "rungs")
_USAGE_KEYS: Final = ("case", "customer", "today")


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected; None where the case says nothing about it."""

    outcome: Outcome
    remedies: tuple[str, ...] | None = None
    alternatives: tuple[tuple[str, ...], ...] | None = None
    clauses: tuple[str, ...] | None = None
    caps: tuple[str, ...] | None = None
    rungs: int | None = None


@dataclass(frozen=True, slots=True)
class WorkedCase:
    sentence: str
    day: date
    facts: Mapping[str, Any]
    expected: Expected
    line: int
    role: Role = Role.BOT
    rung: int = 0
    usage: Usage = field(default_factory=Usage.none)


@dataclass(frozen=True, slots=True)
class CaseResult:
    case: WorkedCase
    differences: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return not self.differences


def load_cases(path: Path) -> tuple[Policy, tuple[WorkedCase, ...]]:
    """Return the policy a file of worked cases names, and the cases.

    Raises:
        PolicyError: either file cannot be used.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(f"cannot be read: {error}", policy=str(path)) from error
    top = parse_nodes(text, path.name)
    keys = top.keys(("policy", "given", "cases"), required=("policy", "cases"))
    policy = load_policy(path.parent / keys["policy"].word())
    given = keys["given"].plain() if "given" in keys else {}
    return policy, tuple(_read_case(node, given) for node in keys["cases"].items)


def run_case(policy: Policy, case: WorkedCase) -> CaseResult:
    """Decide a case and say where the decision differs from what is expected."""
    try:
        version = policy.version_on(case.day)
        facts = check_facts(version, case.facts)
    except CompensationError as error:
        return CaseResult(case, (str(error),))
    decision = decide(version, facts, case.usage, case.role, case.rung)
    return CaseResult(case, tuple(_differences(case.expected, decision)))


def remedy_line(grant: RemedyGrant) -> str:
    return f"{grant.kind} {format_money(grant.amount)}" if grant.amount else grant.kind


# -- reading -------------------------------------------------------------------------------------


def _read_case(node: Node, given: Mapping[str, Any]) -> WorkedCase:
    keys = node.keys(_CASE_KEYS, required=("case", "date", "facts", "expect"))
    return WorkedCase(
        sentence=keys["case"].text(),
        day=keys["date"].day(),
        facts={**given, **keys["facts"].plain()},
        expected=_read_expected(keys["expect"]),
        line=node.line,
        role=keys["role"].choice({str(r): r for r in Role}) if "role" in keys else Role.BOT,
        rung=keys["rung"].integer() if "rung" in keys else 0,
        usage=_read_usage(keys.get("usage")),
    )


def _read_usage(node: Node | None) -> Usage:
    if node is None:
        return Usage.none()
    tables = {
        name: {currency: amount.integer() for currency, amount in child.map.items()}
        for name, child in node.keys(_USAGE_KEYS).items()
    }
    return Usage(tables.get("customer", {}), tables.get("case", {}), tables.get("today", {}))


def _read_expected(node: Node) -> Expected:
    keys = node.keys(_EXPECT_KEYS, required=("outcome",))
    return Expected(
        outcome=keys["outcome"].choice({str(o): o for o in Outcome}),
        remedies=_texts(keys.get("remedies")),
        alternatives=_alternatives(keys.get("alternatives")),
        clauses=_texts(keys.get("clauses")),
        caps=_texts(keys.get("caps")),
        rungs=keys["rungs"].integer() if "rungs" in keys else None,
    )


def _texts(node: Node | None) -> tuple[str, ...] | None:
    return None if node is None else tuple(item.word() for item in node.items)


def _alternatives(node: Node | None) -> tuple[tuple[str, ...], ...] | None:
    if node is None:
        return None
    return tuple(tuple(item.word() for item in bundle.items) for bundle in node.items)


# -- comparing -----------------------------------------------------------------------------------


def _differences(expected: Expected, decision: Decision) -> list[str]:
    bundles = tuple(tuple(map(remedy_line, bundle)) for bundle in decision.alternatives)
    remedies = tuple(remedy_line(grant) for grant in decision.remedies)
    caps = tuple(dict.fromkeys(hit.cap for hit in decision.caps))
    pairs = (
        ("outcome", expected.outcome, decision.outcome),
        ("remedies", expected.remedies, remedies),
        ("alternatives", expected.alternatives, bundles),
        ("clauses", expected.clauses, decision.clauses),
        ("caps", expected.caps, caps),
        ("rungs", expected.rungs, decision.rungs),
    )
    return [
        f"{what}: expected {_shown(wanted)}, decided {_shown(got)}"
        for what, wanted, got in pairs
        if wanted is not None and wanted != got
    ]


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(_shown(item) for item in value) + "]"
    return str(value)
