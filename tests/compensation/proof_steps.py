"""What tests of `policy check` share: short clauses, and what is found in them."""

from amends.compensation.proof.findings import Finding, Kind, Level
from amends.compensation.proof.prove import prove
from tests.compensation.policy_texts import version_of

APOLOGY = "part: goodwill, grant: [{remedy: apology}]"
VOUCHER = "part: goodwill, grant: [{remedy: voucher, amount: {EUR: 5, JPY: 500}}]"
PERSON = "person: agent"


def clause(name: str, when: str, effect: str = APOLOGY) -> str:
    return f"- {{id: {name}, title: T, source: S, when: {when}, {effect}}}\n"


def found(clauses: str, kind: Kind, level: Level = Level.WARNING) -> list[Finding]:
    findings = prove(version_of(clauses))
    return [finding for finding in findings if (finding.kind, finding.level) == (kind, level)]


def texts(clauses: str, kind: Kind, level: Level = Level.WARNING) -> list[str]:
    return [f"{finding.place}: {finding.message}" for finding in found(clauses, kind, level)]


def examples(clauses: str, kind: Kind) -> list[str]:
    return [str(finding.example) for finding in found(clauses, kind)]


def tiered(*tests: str) -> str:
    tiers = ", ".join(f"{{when: {{days: {test}}}, amount: {{EUR: 5, JPY: 500}}}}" for test in tests)
    return f"part: goodwill, grant: [{{remedy: voucher, amount: {{tiers: [{tiers}]}}}}]"
