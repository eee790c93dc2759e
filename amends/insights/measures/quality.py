"""How well conversations were handled, by the criteria of `amends.satisfaction.quality`."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from amends.insights.facts import MET, UNMET
from amends.insights.measures.figures import Figure, Point, of_means, of_shares, points
from amends.insights.measures.period import Period
from amends.insights.statistics.intervals import Estimate, mean
from amends.insights.table import Codes, Table
from amends.satisfaction.quality import Criterion

NAMES = ("started_at", "conversation_id", "part", "category", "review", "review_share")
BEFORE_NAMES = ("review", "review_share")
EDGES = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Where the steps of the distribution begin; the last one is all criteria met."""
WORST = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """How often a criterion was met, of the conversations to which it applies."""

    criterion: Criterion
    place: int  # in the review
    met: Figure
    unmet: int


@dataclass(frozen=True, slots=True)
class Step:
    """Conversations of which a share from `low` up to, but without, `high` of criteria is met."""

    low: float
    high: float | None  # None: all are met
    count: int


@dataclass(frozen=True, slots=True)
class CategoryQuality:
    category: str
    share: Estimate | None  # mean over its conversations of the criteria met, 0 to 1
    n: int


@dataclass(frozen=True, slots=True)
class Quality:
    period: Period
    reviewed: int
    share: Figure  # mean over conversations of the criteria met, 0 to 1
    all_met: Figure  # share of the conversations
    criteria: tuple[Judged, ...]
    steps: tuple[Step, ...]
    by_category: tuple[CategoryQuality, ...]
    course: tuple[Point, ...]
    worst: tuple[
        tuple[str, int], ...
    ]  # conversation and part, the worst first, of equals the latest


def quality(now: Table, before: Table, period: Period) -> Quality:
    """Return the figures of a period against the one before.

    Args:
        now: With the columns `NAMES`, in order of time.
        before: With the columns `BEFORE_NAMES`.
    """
    shares = now.known("review_share")
    return Quality(
        period=period,
        reviewed=shares.size,
        share=of_means(shares, before.known("review_share"), scale=(0.0, 1.0)),
        all_met=of_shares(_all_met(now), _all_met(before)),
        criteria=_criteria(now, before),
        steps=_steps(shares.tolist()),
        by_category=_by_category(now),
        course=points(now, period.spans(), _share_of),
        worst=_worst(now),
    )


def _criteria(now: Table, before: Table) -> tuple[Judged, ...]:
    sides = [_letters(one) for one in (now, before)]
    found = []
    for place, criterion in enumerate(Criterion):
        met, earlier = (_met(letters[:, place]) for letters in sides)
        figure = of_shares(met, earlier)
        found.append(Judged(criterion, place, figure, met[1] - met[0]))
    return tuple(found)


def _letters(table: Table) -> Codes:
    """Return the reviews as character codes, shape (n, criteria); 0 where one is too short."""
    width = len(Criterion)
    reviews = np.array(table.words("review").tolist(), dtype=f"S{width}")
    return reviews.view(np.uint8).reshape(len(reviews), width).astype(np.int64)


def _met(letters: Codes) -> tuple[int, int]:
    met, unmet = int((letters == ord(MET)).sum()), int((letters == ord(UNMET)).sum())
    return met, met + unmet


def _all_met(table: Table) -> tuple[int, int]:
    shares = table.known("review_share")
    return int((shares >= 1).sum()), shares.size


def _steps(shares: Sequence[float]) -> tuple[Step, ...]:
    highs = (*EDGES[1:], None)
    counted = np.histogram(shares, [*EDGES, 2.0])[0]
    steps = zip(EDGES, highs, counted, strict=True)
    return tuple(Step(low, high, int(count)) for low, high, count in steps)


def _by_category(table: Table) -> tuple[CategoryQuality, ...]:
    found = []
    for category, part in table.groups("category").items():
        shares = part.known("review_share")
        found.append(CategoryQuality(category, mean(shares, 0, 1), shares.size))
    return tuple(found)


def _share_of(table: Table) -> tuple[Estimate | None, int]:
    shares = table.known("review_share")
    return mean(shares, 0, 1), shares.size


def _worst(table: Table) -> tuple[tuple[str, int], ...]:
    shares = table.numbers("review_share")
    order = np.lexsort((-np.arange(len(table)), shares))  # unknown shares come last
    known = [int(row) for row in order[:WORST] if shares[row] < 1]
    ids, numbers = table.words("conversation_id")[known], table.numbers("part")[known]
    return tuple((str(one), int(part)) for one, part in zip(ids, numbers, strict=True))
