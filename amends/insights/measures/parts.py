"""Pieces that several pages measure alike."""

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from amends.insights.facts import Result
from amends.insights.measures.figures import Figure, of_means, of_shares
from amends.insights.statistics.intervals import Estimate, mean, share
from amends.insights.statistics.scales import PASSIVE, PROMOTER, SATISFIED, Nps, nps
from amends.insights.table import Mask, Numbers, Table

SCORES = (1.0, 5.0)


@dataclass(frozen=True, slots=True)
class NpsFigure:
    """The net promoter score of both periods, in points from -100 to 100."""

    now: Nps | None
    change: Figure  # in the same points; whether it moved is told by the mean of the answers'


def complained(table: Table) -> Mask:
    """Return which conversations were about a complaint."""
    mask: Mask = table.words("result") != Result.NO_CASE.value
    return mask


def resolved_by(table: Table, moment: datetime) -> Mask:
    """Return which complaints had been resolved by a moment; those withdrawn never are.

    Both periods are looked at as they stood at their own ends: what of the earlier one was resolved
    only afterwards would make the present look quick.
    """
    ended = table.numbers("started_at") + table.numbers("resolution_seconds")
    over = ~np.isin(table.words("result"), [Result.OPEN.value, Result.WITHDRAWN.value])
    mask: Mask = complained(table) & over & (ended <= moment.timestamp())
    return mask


def top_two(table: Table) -> tuple[int, int]:
    """Return how many stated 4 or 5 of 5, and how many stated anything."""
    said = table.known("csat")
    return int((said >= SATISFIED).sum()), said.size


def stated_share(now: Table, before: Table) -> Figure:
    return of_shares(top_two(now), top_two(before))


def predicted(now: Table, before: Table) -> Figure:
    return of_means(now.known("predicted"), before.known("predicted"), scale=SCORES)


def net_promoters(now: Table, before: Table) -> NpsFigure:
    answers, earlier = now.known("nps"), before.known("nps")
    after, before_it = nps(answers), nps(earlier)
    change = of_means(_points(answers), _points(earlier))
    return NpsFigure(after, replace(change, now=_estimate(after), before=_estimate(before_it)))


def effort(now: Table, before: Table) -> Figure:
    return of_means(now.known("ces"), before.known("ces"), scale=(1.0, 7.0))


def promises(now: Table, before: Table) -> Figure:
    """Return the share of promises kept, of those that were kept or broken."""
    return of_shares(_kept(now), _kept(before))


def handed_off(now: Table, before: Table) -> Figure:
    sides = [(int(one.numbers("handed_off").sum()), len(one)) for one in (now, before)]
    return of_shares(sides[0], sides[1], higher_is_better=False)


def stated_of(table: Table) -> tuple[Estimate | None, int]:
    """Measure the share that stated 4 or 5."""
    count, n = top_two(table)
    return share(count, n), n


def stated_mean_of(table: Table) -> tuple[Estimate | None, int]:
    said = table.known("csat")
    return mean(said, *SCORES), said.size


def predicted_of(table: Table) -> tuple[Estimate | None, int]:
    scores = table.known("predicted")
    return mean(scores, *SCORES), scores.size


def _estimate(found: Nps | None) -> Estimate | None:
    return Estimate(found.value, found.low, found.high, found.n) if found else None


def _points(answers: Numbers) -> Numbers:
    """Return 100 for a promoter, -100 for a detractor, else 0: their mean is the score."""
    found: Numbers = np.where(answers >= PROMOTER, 100.0, np.where(answers < PASSIVE, -100.0, 0.0))
    return found


def _kept(table: Table) -> tuple[int, int]:
    kept = int(table.numbers("promises_kept").sum())
    return kept, kept + int(table.numbers("promises_broken").sum())
