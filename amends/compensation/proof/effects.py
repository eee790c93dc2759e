"""Clauses that speak without effect, because what they say is always overruled."""

from collections.abc import Iterator, Sequence

from amends.compensation.clauses import Clause
from amends.compensation.program import CompiledClause
from amends.compensation.proof.findings import Finding, Kind, Level
from amends.compensation.proof.formula import Formula, conjunction, disjunction, negation
from amends.compensation.proof.reading import Given, Reading
from amends.compensation.proof.search import Unproved


def always_struck(reading: Reading, compiled: CompiledClause) -> Iterator[Finding]:
    """Warn of a clause, or of single grants in it, struck out by a forbid wherever open."""
    openable = [g for g in reading.given(compiled) if reading.every.find(g.open) is not None]
    struck = [(given, _strikers(reading, given)) for given in openable]
    struck = [(given, strikers) for given, strikers in struck if strikers]
    if openable and len(struck) == len(openable):
        names = _names([clause for _, strikers in struck for clause in strikers])
        yield _finding(reading, compiled.clause, f"grants nothing: always overruled by {names}")
        return
    for given, strikers in struck:
        where = f"{given.where}: " if given.where else ""
        message = f"{where}its {given.kind} is always overruled by {_names(strikers)}"
        yield _finding(reading, compiled.clause, message)


def _strikers(reading: Reading, given: Given) -> list[Clause]:
    """Clauses one of which strikes the grant wherever it is open; none when it may survive."""
    return _overruling(reading, given.open, reading.strikers(given.compiled))


def forbids_nothing(reading: Reading, clause: Clause) -> Iterator[Finding]:
    """Note a forbid that never meets a grant which it would strike."""
    if not clause.forbids or any(forbid.everything for forbid in clause.forbids):
        return  # forbidding everything is an answer also where nothing is granted
    met = [g.open for g in reading.all_given() if clause in reading.strikers(g.compiled)]
    speaks = reading.speaks(clause)
    if reading.every.find(speaks) is None:
        return
    if reading.every.find(conjunction([speaks, disjunction(met)])) is None:
        message = "strikes nothing: where it speaks, no clause grants what it forbids"
        yield _finding(reading, clause, message, Level.NOTE)


def only_for_staff(reading: Reading, clause: Clause) -> Iterator[Finding]:
    """Note a clause that the assistant never applies, because a person always takes over."""
    if clause.needs_role is not None or reading.every.find(reading.speaks(clause)) is None:
        return
    persons = _overruling(reading, reading.speaks(clause), reading.persons)
    if persons:
        message = f"only staff apply it: always sent to a person by {_names(persons)}"
        yield _finding(reading, clause, message, Level.NOTE)


def _overruling(reading: Reading, formula: Formula, clauses: Sequence[Clause]) -> list[Clause]:
    """Return few of the clauses, one of which speaks wherever the formula is true; else none."""
    if not _always(reading, formula, clauses):
        return []
    kept = list(clauses)
    for clause in clauses:
        fewer = [other for other in kept if other is not clause]
        try:
            if _always(reading, formula, fewer):
                kept = fewer
        except Unproved:
            continue
    return kept


def _always(reading: Reading, formula: Formula, clauses: Sequence[Clause]) -> bool:
    silent = negation(reading.one_speaks(clauses))
    return reading.every.find(conjunction([formula, silent])) is None


def _names(clauses: Sequence[Clause]) -> str:
    return ", ".join(dict.fromkeys(clause.id for clause in clauses))


def _finding(
    reading: Reading, clause: Clause, message: str, level: Level = Level.WARNING
) -> Finding:
    return Finding(reading.version.id, clause.id, message, Kind.SHADOWED, level)
