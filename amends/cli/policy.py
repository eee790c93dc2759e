"""`amends policy decide | explain | check | test`: the compensation policy from the terminal.

`simulate` and `diff`, which compare two policies, are in `policy_compare.py`.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from amends.cli.policy_compare import add_compare_commands
from amends.compensation.check import check_policy
from amends.compensation.clauses import Role
from amends.compensation.decide import Decision, decide, decision_to_json
from amends.compensation.decision import RemedyGrant
from amends.compensation.errors import CompensationError, FactError
from amends.compensation.explain import explain
from amends.compensation.facts import check_facts
from amends.compensation.load import load_policy
from amends.compensation.policy import Policy, PolicyVersion
from amends.compensation.proof.findings import Finding, Level, finding_to_json
from amends.compensation.terms import Facts
from amends.compensation.worked_cases import CaseResult, load_cases, run_case
from amends.values import Json

EXIT_FOUND = 1
EXIT_USAGE = 2


class InputError(Exception):
    """A line of input, or an option, that cannot be used; its text names the line."""


def add_policy_commands(subparsers: Any) -> None:
    """Register `policy` and what it can do; each parser carries its function as `run`."""
    policy = subparsers.add_parser("policy", help="decide, explain, check, test, simulate, compare")
    commands = policy.add_subparsers(dest="policy_command", required=True, metavar="command")
    deciding = commands.add_parser(
        "decide", help="read facts as JSON lines, write one decision per line"
    )
    explaining = commands.add_parser(
        "explain", help="read facts as JSON lines, print the reasoning for staff"
    )
    for parser, run in ((deciding, run_decide), (explaining, run_explain)):
        _add_decision_options(parser)
        parser.set_defaults(run=_with_one_sentence(run))
    checking = commands.add_parser("check", help="look a policy over for what is hardly meant")
    checking.add_argument("file", type=Path)
    checking.add_argument("--json", action="store_true", help="print the findings as one object")
    checking.set_defaults(run=_with_one_sentence(run_check))
    testing = commands.add_parser("test", help="run the worked cases of a policy")
    testing.add_argument("file", type=Path, help="worked cases, such as policies/retail.cases.yml")
    testing.set_defaults(run=_with_one_sentence(run_test))
    add_compare_commands(commands, _with_one_sentence)


def _add_decision_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--policy", type=Path, required=True, metavar="FILE")
    parser.add_argument("--date", metavar="YYYY-MM-DD", help="day of the decision (today, UTC)")
    parser.add_argument("--role", choices=[str(role) for role in Role], default=str(Role.BOT))
    parser.add_argument("--rung", type=int, default=0, help="offers declined so far (0)")


def _with_one_sentence(
    run: Callable[[argparse.Namespace], int],
) -> Callable[[argparse.Namespace], int]:
    def guarded(arguments: argparse.Namespace) -> int:
        try:
            return run(arguments)
        except (CompensationError, InputError) as error:
            print(f"amends policy: {error}", file=sys.stderr)
            return EXIT_USAGE

    return guarded


# -- decide and explain --------------------------------------------------------------------------


def run_decide(arguments: argparse.Namespace) -> int:
    for row_id, _, decision in _decisions(arguments, sys.stdin):
        print(json.dumps(_decision_row(row_id, decision), ensure_ascii=False))
    return 0


def run_explain(arguments: argparse.Namespace) -> int:
    version = _version(arguments)
    for row_id, facts, decision in _decisions(arguments, sys.stdin):
        print(f"== {row_id} ==" if row_id is not None else "==")
        print(explain(version, facts, decision), end="\n\n")
    return 0


def _version(arguments: argparse.Namespace) -> PolicyVersion:
    if arguments.rung < 0:
        raise InputError(f"--rung is {arguments.rung}; the first rung is 0")
    try:
        given = arguments.date
        day = date.fromisoformat(given) if given else datetime.now(UTC).date()
    except ValueError:
        raise InputError(f"--date {arguments.date!r} is not a day such as 2026-01-31") from None
    return load_policy(arguments.policy).version_on(day)


def _decisions(
    arguments: argparse.Namespace, lines: Iterable[str]
) -> Iterable[tuple[object, Facts, Decision]]:
    version, role = _version(arguments), Role(arguments.role)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        row_id, raw = _facts_of_line(number, line)
        try:
            facts = check_facts(version, raw)
        except FactError as error:
            raise InputError(f"line {number}: {error}") from error
        yield row_id, facts, decide(version, facts, role=role, rung=arguments.rung)


def _facts_of_line(number: int, line: str) -> tuple[object, Json]:
    """The id and the facts, which stand under `facts` or beside `id`."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f"line {number}: not JSON: {error}") from error
    if not isinstance(row, dict):
        raise InputError(f"line {number}: expected an object with facts")
    row_id = row.pop("id", None)
    if "facts" not in row:
        return row_id, row
    facts = row.pop("facts")
    if not isinstance(facts, dict):
        raise InputError(f"line {number}: facts must be an object")
    if row:
        extra = ", ".join(row)
        raise InputError(f"line {number}: facts stand under facts or beside id, not both ({extra})")
    return row_id, facts


def _decision_row(row_id: object, decision: Decision) -> Json:
    data = decision_to_json(decision)
    return {
        "id": row_id,
        "outcome": data["outcome"],
        "remedies": [_remedy_row(grant) for grant in decision.remedies],
        "alternatives": [[_remedy_row(g) for g in bundle] for bundle in decision.alternatives],
        "clauses": data["clauses"],
        "caps": data["caps"],
        "explanation": data["explanation"],
        "customer_reason": data["customer_reason"],
        "rungs": decision.rungs,
        "policy": decision.policy,
        "version": decision.version,
    }


def _remedy_row(grant: RemedyGrant) -> Json:
    amount = grant.amount
    return {
        "kind": grant.kind,
        "recovery": str(grant.recovery),
        "part": str(grant.part),
        "amount_minor": amount.amount_minor if amount else None,
        "currency": amount.currency if amount else None,
        "quantity": grant.quantity,
        "clauses": list(grant.clauses),
    }


# -- check and test ------------------------------------------------------------------------------


def run_check(arguments: argparse.Namespace) -> int:
    policy = load_policy(arguments.file)
    findings = check_policy(policy)
    warnings = sum(finding.level is Level.WARNING for finding in findings)
    if arguments.json:
        print(json.dumps(_check_row(policy, findings, warnings), ensure_ascii=False))
    else:
        _print_findings(policy, findings, warnings)
    return EXIT_FOUND if warnings else 0


def _check_row(policy: Policy, findings: list[Finding], warnings: int) -> Json:
    return {
        "policy": policy.name,
        "versions": [version.id for version in policy.versions],
        "clauses": sum(len(version.clauses) for version in policy.versions),
        "warnings": warnings,
        "findings": [finding_to_json(finding) for finding in findings],
    }


def _print_findings(policy: Policy, findings: list[Finding], warnings: int) -> None:
    for finding in findings:
        print(f"{finding.level}: {finding}")
        if finding.example is not None:
            print(f"    for example: {finding.example}")
    clauses = sum(len(version.clauses) for version in policy.versions)
    print(
        f"{policy.name}: {len(policy.versions)} version(s), {clauses} clauses, "
        f"{warnings} warning(s), {len(findings) - warnings} note(s)"
    )


def run_test(arguments: argparse.Namespace) -> int:
    policy, cases = load_cases(arguments.file)
    results = [run_case(policy, case) for case in cases]
    failed = [result for result in results if not result.passed]
    for result in failed:
        _print_failure(arguments.file, result)
    print(f"{policy.name}: {len(results) - len(failed)} of {len(results)} worked cases agree")
    return EXIT_FOUND if failed else 0


def _print_failure(file: Path, result: CaseResult) -> None:
    print(f"{file}, line {result.case.line}: {result.case.sentence}")
    for difference in result.differences:
        print(f"    {difference}")
