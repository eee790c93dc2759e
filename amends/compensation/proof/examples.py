"""Make a found example small, and see how far what it shows extends."""

from amends.compensation.proof.findings import Example
from amends.compensation.proof.formula import (
    Formula,
    Variable,
    assign,
    conjunction,
    negation,
    one_of,
)
from amends.compensation.proof.reading import Reading
from amends.compensation.proof.search import Assignment, Unproved


def example_of(reading: Reading, formula: Formula, found: Assignment) -> Example:
    """Return the smallest example, as facts."""
    core = smallest(reading, formula, found)
    return Example(reading.space.facts(core), reading.space.at_default(core))


def smallest(reading: Reading, formula: Formula, found: Assignment) -> Assignment:
    """Return the part of the example that makes the formula true whatever all else is."""
    opposite = negation(formula)
    kept = dict(found)
    for variable in sorted(found, key=lambda variable: _has_default(reading, variable, found)):
        others = {other: value for other, value in kept.items() if other != variable}
        if _never(reading, _given(opposite, others)):
            kept = others
    return kept


def _has_default(reading: Reading, variable: Variable, found: Assignment) -> bool:
    """Whether the reader need not be told of the value, so that it costs nothing to keep."""
    return not reading.space.facts({variable: found[variable]})


def widest(reading: Reading, formula: Formula, example: Assignment) -> Formula:
    """Return a region around the example in which the formula is true everywhere."""
    opposite = negation(formula)
    masks = {variable: 1 << value for variable, value in example.items()}
    for variable in example:
        others = [_within(reading, v, mask) for v, mask in masks.items() if v != variable]
        left = conjunction([opposite, *others])
        for value in range(len(reading.space.domains[variable].values)):
            if not masks[variable] >> value & 1 and _never(reading, assign(left, variable, value)):
                masks[variable] |= 1 << value
    return conjunction([_within(reading, variable, mask) for variable, mask in masks.items()])


def _within(reading: Reading, variable: Variable, mask: int) -> Formula:
    return one_of(variable, mask, reading.space.domains[variable].full)


def _given(formula: Formula, values: Assignment) -> Formula:
    for variable, value in values.items():
        formula = assign(formula, variable, value)
    return formula


def _never(reading: Reading, formula: Formula) -> bool:
    """Whether no facts fit; where that is not decided in time, take it that some do."""
    try:
        return reading.every.find(formula) is None
    except Unproved:
        return False
