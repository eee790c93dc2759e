"""What each page of the insights shows: which facts it reads, and the view it makes of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from amends.desk import words
from amends.desk.insight_query import Asked
from amends.desk.insight_views.causes_view import causes_view
from amends.desk.insight_views.cost_view import cost_view
from amends.desk.insight_views.overview_view import overview_view
from amends.desk.insight_views.parts import Reader, View
from amends.desk.insight_views.quality_view import quality_view
from amends.desk.insight_views.satisfaction_view import satisfaction_view
from amends.desk.insight_views.service_view import service_view
from amends.desk.speech import mark
from amends.handoff.thresholds import Thresholds
from amends.insights.facts import EPOCH
from amends.insights.measures import alarms, causes, cost, overview, quality, satisfaction, service
from amends.insights.measures.alarms import Alarm
from amends.insights.ports import UnitOfWork
from amends.insights.table import FactsQuery, Table

type Make = Callable[[UnitOfWork, Asked, Reader], View]

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class InsightPage:
    path: str
    title: str
    make: Make


def insight_pages(thresholds: Thresholds) -> Sequence[InsightPage]:
    """Return all pages in their order; the table of handoff names the reasons."""
    return (OVERVIEW, SATISFACTION, service_page_of(thresholds), COST, CAUSES, QUALITY)


def _both(
    uow: UnitOfWork, asked: Asked, names: Sequence[str], before_names: Sequence[str]
) -> tuple[Table, Table]:
    """Read the period that is asked for, and the one before."""
    now = uow.facts.table(asked.query(asked.period), names)
    return now, uow.facts.table(asked.query(asked.period.before), before_names)


def _alarms(uow: UnitOfWork, asked: Asked) -> tuple[Alarm, ...]:
    """Return what bursts at the end of the period, within what is asked for."""
    first, until = uow.facts.first_day(), asked.period.until
    if first is None:
        return ()
    query = FactsQuery(alarms.watched_since(until), until, equal=asked.equal)
    known_since: datetime = EPOCH + first * DAY
    return alarms.alarms(uow.facts.table(query, alarms.NAMES), until, known_since)


def _make_overview(uow: UnitOfWork, asked: Asked, reader: Reader) -> View:
    now, before = _both(uow, asked, overview.NAMES, overview.NAMES)
    found = overview.overview(now, before, asked.period, _alarms(uow, asked))
    return overview_view(found, reader)


def _make_satisfaction(uow: UnitOfWork, asked: Asked, reader: Reader) -> View:
    now, before = _both(uow, asked, satisfaction.NAMES, satisfaction.BEFORE_NAMES)
    answered = replace(asked.query(asked.period), answered=True)
    answers = uow.facts.table(answered, satisfaction.ANSWER_NAMES)
    found = satisfaction.satisfaction(now, answers, before, asked.period)
    return satisfaction_view(found, reader)


def service_page_of(thresholds: Thresholds) -> InsightPage:
    def reason(key: str) -> str:
        return words.reason(key, thresholds)

    def make(uow: UnitOfWork, asked: Asked, reader: Reader) -> View:
        sides = _both(uow, asked, service.NAMES, service.BEFORE_NAMES)
        return service_view(service.service(*sides, asked.period), reader, reason)

    return InsightPage("/insights/service", mark("Service"), make)


def _make_cost(uow: UnitOfWork, asked: Asked, reader: Reader) -> View:
    sides = _both(uow, asked, cost.NAMES, cost.BEFORE_NAMES)
    return cost_view(cost.cost(*sides, asked.period), reader)


def _make_causes(uow: UnitOfWork, asked: Asked, reader: Reader) -> View:
    sides = _both(uow, asked, causes.NAMES, causes.BEFORE_NAMES)
    found = causes.causes(*sides, asked.period, _alarms(uow, asked))
    return causes_view(found, reader)


def _make_quality(uow: UnitOfWork, asked: Asked, reader: Reader) -> View:
    sides = _both(uow, asked, quality.NAMES, quality.BEFORE_NAMES)
    found = quality.quality(*sides, asked.period)
    query = asked.query(asked.period)
    worst = [row for one in found.worst for row in uow.facts.find(_only(query, *one), limit=1)]
    return quality_view(found, worst, reader)


def _only(query: FactsQuery, conversation_id: str, part: int) -> FactsQuery:
    return replace(query, equal={"conversation_id": conversation_id, "part": part})


OVERVIEW = InsightPage("/insights", mark("Overview"), _make_overview)
SATISFACTION = InsightPage("/insights/satisfaction", mark("Satisfaction"), _make_satisfaction)
COST = InsightPage("/insights/cost", mark("Cost"), _make_cost)
CAUSES = InsightPage("/insights/causes", mark("Causes"), _make_causes)
QUALITY = InsightPage("/insights/quality", mark("Quality"), _make_quality)
