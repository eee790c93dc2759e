"""The rule books that ship as examples, and what a decision on them pays."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from amends.compensation.clauses import Role
from amends.compensation.decide import decide
from amends.compensation.decision import Decision
from amends.compensation.facts import check_facts
from amends.compensation.load import load_policy
from amends.compensation.policy import PolicyVersion

POLICIES = Path(__file__).parents[2] / "policies"
NAMES = ("eu261", "delay_repay", "airline_goodwill")
DAY = date(2026, 3, 1)
EXAMPLES = int(os.environ.get("AMENDS_EXAMPLES", "500"))
"""Raise it for a long search, such as AMENDS_EXAMPLES=20000."""

Result = tuple[str, tuple[tuple[str, str, int, str], ...]]
"""Outcome, and per remedy its kind, part, amount in minor units and currency."""

NOTHING: Result = ("none", ())
PERSON: Result = ("person", ())


def book(name: str) -> PolicyVersion:
    return load_policy(POLICIES / f"{name}.yml").version_on(DAY)


def decided(version: PolicyVersion, raw: Mapping[str, Any], role: Role = Role.BOT) -> Decision:
    return decide(version, check_facts(version, raw), role=role)


def result_of(version: PolicyVersion, raw: Mapping[str, Any]) -> Result:
    decision = decided(version, raw)
    assert len(decision.alternatives) <= 1  # nothing here is for the customer to choose
    return str(decision.outcome), tuple(
        (grant.kind, str(grant.part), grant.amount.amount_minor, grant.amount.currency)
        for grant in decision.remedies
        if grant.amount is not None
    )


def paid(result: Result) -> int:
    return sum(amount for _, _, amount, _ in result[1])


def blanks(names: Iterable[str]) -> st.SearchStrategy[set[str]]:
    """Which of these facts are not known; at least one."""
    return st.sets(st.sampled_from(sorted(names)), min_size=1, max_size=3)


def without(raw: Mapping[str, Any], unknown: Iterable[str]) -> dict[str, Any]:
    return {name: value for name, value in raw.items() if name not in set(unknown)}


def every(edges: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    """Yield every combination of values on both sides of each bound."""
    for values in product(*edges.values()):
        yield dict(zip(edges, values, strict=True))
