"""What is counted while cases are replayed: sums, tables and short lists, never the cases."""

import heapq
from collections import Counter
from datetime import datetime
from typing import Final

from amends.compensation.policy import PolicyVersion
from amends.compensation.simulation.model import (
    REFUSED,
    UNKNOWN,
    Asked,
    Change,
    Cost,
    Group,
    Pair,
    Played,
    Refusal,
)

BIGGEST: Final = 10
"""Cases shown of those that get more, and of those that get less, in each currency."""


class Changes:
    """Cases that are given more, or less, of one currency; the biggest of them are kept."""

    def __init__(self) -> None:
        self.cases = 0
        self.minor = 0  # sum of the differences
        self.to_person = 0  # of these, now decided by a person
        self._biggest: list[tuple[int, int, Change]] = []

    @property
    def biggest(self) -> list[Change]:
        """The greatest differences first; of equal ones the earlier case."""
        return [change for _, _, change in sorted(self._biggest, reverse=True)]

    def add(self, change: Change) -> None:
        self.cases += 1
        self.minor += change.difference
        self.to_person += change.goes_to_person
        # The number of the case, counted backwards, is unique: changes are never compared.
        entry = (abs(change.difference), -self.cases, change)
        if len(self._biggest) < BIGGEST:
            heapq.heappush(self._biggest, entry)
        else:
            heapq.heappushpop(self._biggest, entry)


class Simulation:
    """The result of a simulation, filled case by case.

    Attributes:
        cases_before: Cases that only filled the caps.
        outcomes: Cases by outcome in the old and in the new world.
        cost: By currency; `groups` has the same by value of the fact `marked_by`.
        spread: By currency, cases by difference; see `step_of`.
        otherwise: Cases given the same money but other remedies.
        known: Cases in which a fact is known, by fact.
        partial: Cases of which only the facts that were used are recorded.
    """

    def __init__(self, old: PolicyVersion, new: PolicyVersion) -> None:
        self.old, self.new = old, new
        self.marked_by = marking_fact(new) or marking_fact(old)
        self.cases = 0
        self.cases_before = 0
        self.partial = 0
        self.otherwise = 0
        self.first_at: datetime | None = None
        self.last_at: datetime | None = None
        self.outcomes: Counter[tuple[str, str]] = Counter()
        self.cost: dict[str, Cost] = {}
        self.groups: dict[str, Group] = {}
        self.more: dict[str, Changes] = {}
        self.less: dict[str, Changes] = {}
        self.spread: dict[str, Counter[int]] = {}
        self.remedies: dict[str, Pair] = {}
        self.caps: dict[str, Pair] = {}
        self.known: Counter[str] = Counter()
        self.refused_by_old: dict[str, Refusal] = {}
        self.refused_by_new: dict[str, Refusal] = {}
        self._values = _values_of(self.marked_by, old, new)

    @property
    def refused(self) -> int:
        """Cases that either policy refuses; no sum holds them."""
        return sum(cases for pair, cases in self.outcomes.items() if REFUSED in pair)

    @property
    def unseen(self) -> list[str]:
        """Facts that the new version declares and no case holds."""
        return [name for name in self.new.facts if not self.known[name]]

    def count(self, asked: Asked, old: Played, new: Played) -> None:
        self.cases += 1
        self.partial += not asked.whole
        self.first_at = self.first_at or asked.at
        self.last_at = asked.at
        self.known.update(name for name, value in asked.facts.items() if value is not None)
        self.outcomes[old.outcome, new.outcome] += 1
        if REFUSED in (old.outcome, new.outcome):
            _refuse(self.refused_by_old, asked, old)
            _refuse(self.refused_by_new, asked, new)
            return
        self._count_money(asked, old, new)
        _count_names(self.remedies, old.remedies, new.remedies)
        _count_names(self.caps, old.caps, new.caps)

    def _count_money(self, asked: Asked, old: Played, new: Played) -> None:
        name = self._group_of(asked)
        group = self.groups.setdefault(name, Group())
        group.cases += 1
        for cost in (self.cost, group.cost):
            _spend(cost, old, new)
        currencies = {played.currency for played in (old, new) if played.currency}
        changed = False
        for currency in sorted(currencies):
            before, after = old.in_currency(currency), new.in_currency(currency)
            if before != after:
                changed = True
                self._add(Change(asked.id, asked.at, name, currency, before, after, old, new))
        self.otherwise += not changed and sorted(old.remedies) != sorted(new.remedies)

    def _group_of(self, asked: Asked) -> str:
        value = asked.facts.get(self.marked_by) if self.marked_by else None
        return value if isinstance(value, str) and value in self._values else UNKNOWN

    def _add(self, change: Change) -> None:
        side = self.more if change.difference > 0 else self.less
        side.setdefault(change.currency, Changes()).add(change)
        step = step_of(change.difference)
        self.spread.setdefault(change.currency, Counter())[step] += 1


def marking_fact(version: PolicyVersion) -> str | None:
    """Return the fact that says what a case is about: each of its values needs a clause."""
    marks = (name for name, fact in version.facts.items() if fact.every_value_needs_a_clause)
    return next(marks, None)


def _values_of(fact: str | None, *versions: PolicyVersion) -> frozenset[str]:
    declared = [version.facts.get(fact) for version in versions] if fact else []
    return frozenset(value for found in declared if found for value in found.values)


def step_of(difference: int) -> int:
    """Return the step of the series 1, 2, 5, 10, 20 … that a difference reaches, with its sign.

    Each difference thus falls into one of a few bins, whatever the scale of its currency.
    """
    left, unit = abs(difference), 1
    while left >= 10:
        left, unit = left // 10, unit * 10
    reached = (5 if left >= 5 else 2 if left >= 2 else 1) * unit
    return reached if difference > 0 else -reached


def next_step(step: int) -> int:
    """Return where the bin that begins at a positive step ends."""
    first = int(str(step)[0])
    return step * 5 // 2 if first == 2 else step * 2


def _spend(cost: dict[str, Cost], old: Played, new: Played) -> None:
    if old.currency is not None:
        found = cost.setdefault(old.currency, Cost())
        found.old_goodwill += old.goodwill
        found.old_entitlement += old.entitlement
    if new.currency is not None:
        found = cost.setdefault(new.currency, Cost())
        found.new_goodwill += new.goodwill
        found.new_entitlement += new.entitlement


def _count_names(table: dict[str, Pair], old: tuple[str, ...], new: tuple[str, ...]) -> None:
    for name in old:
        table.setdefault(name, Pair()).old += 1
    for name in new:
        table.setdefault(name, Pair()).new += 1


def _refuse(table: dict[str, Refusal], asked: Asked, played: Played) -> None:
    if played.refused_fact is not None:
        found = table.setdefault(played.refused_fact, Refusal(played.refusal, asked.id))
        found.cases += 1
