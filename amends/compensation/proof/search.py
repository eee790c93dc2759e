"""Look for values that make a formula true: exact, and bounded in steps.

Each step gives one variable a value and looks at what is left of the formula. What is left
decides alone whether the rest can be made true, so each remainder is refuted only once.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from amends.compensation.proof.formula import All, Formula, In, Variable, assign, variables_in

Assignment = dict[Variable, int]
"""The number of a value for each variable that matters; the others may have any."""


class Unproved(Exception):
    """Nothing was shown either way; the text says why, as the end of a sentence."""


class Search:
    """Looks for solutions in which each variable has one of the values listed for it."""

    def __init__(self, values: Mapping[Variable, Sequence[int]], most_steps: int):
        self._values = values
        self._most = most_steps
        self._left = most_steps
        self._refuted: set[Formula] = set()

    def find(self, formula: Formula) -> Assignment | None:
        """Return values that make the formula true, whatever the others are; None: there are none.

        Raises:
            Unproved: more steps would be needed than allowed.
        """
        self._left = self._most
        return self._find(formula)

    def _find(self, formula: Formula) -> Assignment | None:
        if isinstance(formula, bool):
            return {} if formula else None
        if formula in self._refuted:
            return None
        if self._left == 0:
            raise Unproved(f"within {self._most} steps")
        self._left -= 1
        variable, mask = _next(formula)
        for value in self._values[variable]:
            if mask >> value & 1:
                found = self._find(assign(formula, variable, value))
                if found is not None:
                    return {variable: value, **found}
        self._refuted.add(formula)
        return None


def _next(formula: Formula) -> tuple[Variable, int]:
    """The variable to try next, and its values worth trying.

    One that must be among a few values comes first; else the one that is asked for most.
    """
    if isinstance(formula, In):
        return formula.variable, formula.mask
    if isinstance(formula, All):
        must = [part for part in formula.parts if isinstance(part, In)]
        if must:
            tightest = min(must, key=lambda test: test.mask.bit_count())
            return tightest.variable, tightest.mask
    [(variable, _)] = Counter(variables_in(formula)).most_common(1)
    return variable, -1
