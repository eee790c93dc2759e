"""One world: cases decided in order of time under one version, each on what was given before."""

from collections import deque
from datetime import date, datetime, timedelta
from typing import Final

from amends.compensation.clauses import Part, Role
from amends.compensation.decide import decide
from amends.compensation.decision import Decision
from amends.compensation.errors import FactError
from amends.compensation.facts import check_facts
from amends.compensation.policy import PolicyVersion, Usage
from amends.compensation.simulation.model import REFUSED, Asked, Played
from amends.compensation.terms import Facts

MOST_DAYS: Final = 36_500
"""The longest time looked back: what comes out of it is the same as for ever."""

Minor = dict[str, int]
"""Minor units by currency."""


class World:
    """Decides as the assistant does, and remembers what it gave.

    The customer declines as many offers as in reality and accepts the first alternative of the
    next one.
    """

    def __init__(self, version: PolicyVersion) -> None:
        self.version = version
        self._given = _Given(window_of(version))

    def play(self, asked: Asked, facts: Facts | Played) -> Played:
        """Decide one case on the facts as read; it must not be earlier than the one before."""
        if isinstance(facts, Played):
            return facts
        usage = self._given.usage(asked)
        played = _played(decide(self.version, facts, usage, Role.BOT, asked.declined))
        if played.goodwill and played.currency is not None:
            self._given.add(asked, played.currency, played.goodwill)
        return played


def window_of(version: PolicyVersion) -> timedelta:
    """Return how long goodwill counts against the cap per customer."""
    return timedelta(days=min(version.caps.customer_window_days, MOST_DAYS))


def read_facts(version: PolicyVersion, asked: Asked) -> Facts | Played:
    """Return the facts as a version reads them, or that it refuses them."""
    try:
        return check_facts(version, asked.facts)
    except FactError as error:
        return Played(REFUSED, refused_fact=error.fact, refusal=str(error))


def _played(decision: Decision) -> Played:
    sums = dict.fromkeys(Part, 0)
    currency = None
    for grant in decision.remedies:
        if grant.amount is not None:
            sums[grant.part] += grant.amount.amount_minor
            currency = grant.amount.currency
    return Played(
        outcome=decision.outcome.value,
        clauses=decision.clauses,
        goodwill=sums[Part.GOODWILL],
        entitlement=sums[Part.ENTITLEMENT],
        currency=currency,
        remedies=tuple(grant.kind for grant in decision.remedies),
        caps=tuple(dict.fromkeys(hit.cap for hit in decision.caps)),
    )


class _Given:
    """Goodwill given so far, as the caps count it: per case, per customer in a window, per day.

    Keeps what lies inside the window; cases only where rows name them.
    """

    def __init__(self, window: timedelta) -> None:
        self._window = window
        self._latest: deque[tuple[datetime, str, str, int]] = deque()
        self._customers: dict[str, Minor] = {}
        self._cases: dict[str, Minor] = {}
        self._day = date.min
        self._today: Minor = {}

    def usage(self, asked: Asked) -> Usage:
        self._forget_before(asked.at - self._window)
        if asked.at.date() != self._day:
            self._day, self._today = asked.at.date(), {}
        return Usage(
            given_to_customer=self._customers.get(asked.customer or "", {}),
            given_to_case=self._cases.get(asked.case or "", {}),
            given_today=self._today,
        )

    def add(self, asked: Asked, currency: str, minor: int) -> None:
        _add(self._today, currency, minor)
        if asked.case:
            _add(self._cases.setdefault(asked.case, {}), currency, minor)
        if asked.customer:
            _add(self._customers.setdefault(asked.customer, {}), currency, minor)
            self._latest.append((asked.at, asked.customer, currency, minor))

    def _forget_before(self, since: datetime) -> None:
        while self._latest and self._latest[0][0] < since:
            _, customer, currency, minor = self._latest.popleft()
            left = self._customers[customer]
            _add(left, currency, -minor)
            if not any(left.values()):
                del self._customers[customer]


def _add(given: Minor, currency: str, minor: int) -> None:
    given[currency] = given.get(currency, 0) + minor
