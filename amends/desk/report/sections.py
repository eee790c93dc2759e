"""What stands in a report: the views of the insights pages, one section each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from amends.desk.insight_pages import insight_pages
from amends.desk.insight_query import Asked, Links
from amends.desk.insight_views.parts import Panel, Reader, View
from amends.desk.speech import tr
from amends.handoff.thresholds import Thresholds
from amends.insights.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    view: View

    @property
    def panels(self) -> Sequence[Panel]:
        """All panels, those of groups with the group's name before their own."""
        grouped = [
            (f"{group.title}: {panel.title}", panel)
            for group in self.view.groups
            for panel in group.panels
        ]
        named = [(panel.title, panel) for panel in self.view.panels] + grouped
        return [_named(panel, title) for title, panel in named]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything in words already, in the language of whoever reads it."""

    company: str
    asked: Asked
    zone: tzinfo
    made_at: datetime
    sections: Sequence[Section]

    @property
    def is_empty(self) -> bool:
        """Whether no conversation fits."""
        return not any(one.view.cards or one.panels for one in self.sections)


def report_of(
    uow: UnitOfWork,
    company: str,
    thresholds: Thresholds,
    asked: Asked,
    zone: tzinfo,
    now: datetime,
) -> Report:
    """Gather the figures of a period, and word them in the language being spoken."""
    reader = Reader(Links(asked), zone)
    sections = [
        Section(tr(one.title), one.make(uow, asked, reader)) for one in insight_pages(thresholds)
    ]
    return Report(company, asked, zone, now, sections)


def _named(panel: Panel, title: str) -> Panel:
    return Panel(panel.id, title, panel.says, panel.chart, panel.table, panel.notes, panel.wide)
