"""What putting things right costs, by currency: amounts of two currencies are never added."""

from dataclasses import dataclass
from functools import partial

from amends.insights.measures.figures import Point, points
from amends.insights.measures.overview import Cost, cost_of, costs
from amends.insights.measures.period import Period
from amends.insights.statistics.intervals import Estimate, mean
from amends.insights.statistics.prices import Price, prices
from amends.insights.table import Table

NAMES = (
    "started_at",
    "category",
    "result",
    "remedy_kind",
    "currency",
    "remedy_minor",
    "without_remedy",
    "exception_minor",
)
BEFORE_NAMES = ("currency", "remedy_minor")


@dataclass(frozen=True, slots=True)
class Share:
    """What one kind, category or result costs, in minor units."""

    key: str
    total_minor: int
    share: float  # of the currency's total
    remedies: int
    average: Estimate | None  # per remedy


@dataclass(frozen=True, slots=True)
class Currency:
    currency: str
    cost: Cost
    per_remedy: Estimate | None
    exceptions: int  # conversations in which something was granted beyond the clauses …
    exceptions_minor: int  # … and what it came to
    by_kind: tuple[Share, ...]
    by_category: tuple[Share, ...]
    by_result: tuple[Share, ...]
    course: tuple[Point, ...]  # per conversation
    prices: tuple[Price, ...]  # of a point of satisfaction


@dataclass(frozen=True, slots=True)
class Costs:
    period: Period
    conversations: int
    paid: int  # conversations with a remedy that cost something
    currencies: tuple[Currency, ...]


def cost(now: Table, before: Table, period: Period) -> Costs:
    """Return what each currency came to.

    Args:
        now: With the columns `NAMES`, in order of time.
        before: With the columns `BEFORE_NAMES`.
    """
    spans, told = period.spans(), _prices(now)
    found = []
    for one in costs(now, before):
        paid = now.where(
            (now.words("currency") == one.currency) & (now.numbers("remedy_minor") > 0)
        )
        found.append(
            Currency(
                currency=one.currency,
                cost=one,
                per_remedy=mean(paid.numbers("remedy_minor"), 0),
                exceptions=int((paid.numbers("exception_minor") > 0).sum()),
                exceptions_minor=int(paid.numbers("exception_minor").sum()),
                by_kind=_by(paid, "remedy_kind"),
                by_category=_by(paid, "category"),
                by_result=_by(paid, "result"),
                course=points(now, spans, partial(cost_of, one.currency)),
                prices=tuple(price for price in told if price.currency == one.currency),
            )
        )
    return Costs(period, len(now), int((now.numbers("remedy_minor") > 0).sum()), tuple(found))


def _by(paid: Table, name: str) -> tuple[Share, ...]:
    total = float(paid.numbers("remedy_minor").sum())
    found = []
    for key, part in paid.groups(name).items():
        spent = part.numbers("remedy_minor")
        amount = float(spent.sum())
        found.append(Share(key, int(amount), amount / total, len(part), mean(spent, 0)))
    return tuple(sorted(found, key=lambda one: -one.total_minor))


def _prices(table: Table) -> list[Price]:
    """Compare complaints that got a remedy with those of the same category that got none.

    By what is predicted as if nothing had been offered: the prediction believes in remedies, and
    would find its own belief again.
    """
    complaints = table.where(table.words("category") != "")
    return prices(
        complaints.words("remedy_kind").tolist(),
        complaints.words("currency").tolist(),
        complaints.numbers("remedy_minor"),
        complaints.known("without_remedy"),
        complaints.words("category").tolist(),
    )
