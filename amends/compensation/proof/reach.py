"""Clauses that can never speak, and options that are never open."""

from collections.abc import Iterator

from amends.compensation.clauses import Clause
from amends.compensation.explain import describe
from amends.compensation.proof.findings import Finding, Kind
from amends.compensation.proof.reading import Reading, option_name
from amends.compensation.proof.search import Unproved
from amends.compensation.terms import AllOf, Condition


def unreachable(reading: Reading, clause: Clause) -> Iterator[Finding]:
    """Say that a clause can never speak, or that an option of it is never open."""
    lines = _lines(clause.when)
    if not _possible(reading, lines):
        yield _finding(reading, clause, f"can never speak: {_because(reading, lines)}")
        return
    for step, declared in enumerate(clause.steps):
        for number, option in enumerate(declared.options):
            both = lines + _lines(option.when)
            if not _possible(reading, both):
                where = option_name(clause, step, number)
                yield _finding(reading, clause, f"{where} is never open: {_because(reading, both)}")


def _finding(reading: Reading, clause: Clause, message: str) -> Finding:
    return Finding(reading.version.id, clause.id, message, Kind.UNREACHABLE)


def _lines(condition: Condition) -> list[Condition]:
    """The lines of a condition that must all hold, as they stand in the file."""
    if isinstance(condition, AllOf):
        return [line for part in condition.parts for line in _lines(part)]
    return [condition]


def _possible(reading: Reading, lines: list[Condition]) -> bool:
    return reading.every.find(reading.space.met(AllOf(tuple(lines)))) is not None


def _because(reading: Reading, lines: list[Condition]) -> str:
    """Name a smallest set of lines that no facts fit together."""
    core = list(lines)
    for line in lines:
        fewer = [kept for kept in core if kept is not line]
        try:
            if not _possible(reading, fewer):
                core = fewer
        except Unproved:
            continue
    return "no facts fit " + " and ".join(map(describe, core))
