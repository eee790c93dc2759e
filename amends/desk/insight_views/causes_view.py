"""What goes wrong, why, and what of it grows."""

from amends.desk import insight_words as figures
from amends.desk import words
from amends.desk.case_words import ROOT_CAUSES
from amends.desk.insight_views import axes, parts
from amends.desk.insight_views.alarm_lines import alarm_lines
from amends.desk.insight_views.parts import Card, Panel, Reader, View, count_spark
from amends.desk.speech import mark, tr
from amends.insights.charts.bars import Step, pareto_chart
from amends.insights.charts.lines import Line, Spot, line_chart
from amends.insights.charts.svg import NOTHING_DRAWN, Caption
from amends.insights.charts.tables import Cell
from amends.insights.measures.causes import Causes, Course, Pareto
from amends.insights.measures.period import DAY, Period
from amends.insights.statistics.bursts import Direction, Trend
from amends.insights.statistics.pareto import ParetoBar

_DIRECTIONS = {
    Direction.RISING: mark("rising"),
    Direction.FALLING: mark("falling"),
    Direction.CANNOT_BE_TOLD: mark("no clear trend"),
}


def causes_view(found: Causes, reader: Reader) -> View:
    if not found.complaints.now:
        return View()
    return View(
        cards=_cards(found, reader),
        panels=[
            _pareto("cause", found.causes, reader),
            _pareto("category", found.categories, reader),
            _course(found, reader),
            _trends(found, reader),
        ],
        alarms=alarm_lines(found.alarms, reader),
    )


def _cards(found: Causes, reader: Reader) -> list[Card]:
    to = reader.links.to
    known = found.found
    return [
        parts.count_card(tr("Complaints"), found.complaints, to(complaint="yes"), found.counts),
        Card(
            title=tr("Root cause is set"),
            value=figures.share_word(known),
            href=to(complaint="yes", known="root_cause"),
            rests=(figures.share_interval(known), parts.complaints(known.n if known else 0)),
        ),
        Card(
            title=tr("Without a root cause yet"),
            value=figures.number(found.without_cause),
            href=to(complaint="yes", cause="none") if found.without_cause else "",
            rests=(tr("Set it on the page of the case."),),
        ),
        parts.figure_card(
            tr("Complained before, within 30 days"), found.repeats,
            to(complaint="yes", repeat="yes") if found.repeated else "", parts.say_share,
            figures.share_interval, parts.complaints(found.repeats.n),
        ),
    ]  # fmt: skip


def _pareto(name: str, found: Pareto, reader: Reader) -> Panel:
    is_cause = name == "cause"
    title = tr("Root causes (Pareto)") if is_cause else tr("Categories (Pareto)")
    if not found.total:
        few = tr("No root cause has been set in this period.") if is_cause else figures.too_few()
        return Panel(name, title, [few])
    steps = _steps(name, found, reader)
    says = [
        tr(
            "{few} of {all} make up 80% of {total}.",
            few=len(found.vital),
            all=len(found.bars),
            total=parts.complaints(found.total),
        )
    ]
    heads = [tr("Root cause") if is_cause else tr("Category"), tr("Complaints"), tr("Share"),
             tr("Down to here")]  # fmt: skip
    if is_cause and reader.may_plan:
        heads.append(tr("What is done"))
    rows = [
        _pareto_row(place, name, bar, step, reader)
        for place, (bar, step) in enumerate(zip(found.bars, steps, strict=True), start=1)
    ]
    chart = pareto_chart(Caption(title), steps) if len(steps) > 1 else NOTHING_DRAWN
    return Panel(name, title, says, chart, parts.open_table(title, heads, rows))


def _steps(name: str, found: Pareto, reader: Reader) -> list[Step]:
    say = _cause if name == "cause" else figures.category
    return [
        Step(
            name=say(bar.key),
            words=tr(
                "{count} ({share})",
                count=figures.number(bar.count),
                share=figures.share(bar.share),
            ),
            share=bar.share,
            cumulative=bar.cumulative,
            href=reader.links.to(complaint="yes", **{name: bar.key}),
            vital=bar.key in found.vital,
        )
        for bar in found.bars
    ]


def _pareto_row(place: int, name: str, bar: ParetoBar, step: Step, reader: Reader) -> list[Cell]:
    row = [
        Cell(f"{place}. {step.name}"),
        parts.count_cell(bar.count, step.href),
        Cell(figures.share(bar.share, 1)),
        Cell(figures.share(bar.cumulative, 1)),
    ]
    if name == "cause" and reader.may_plan:
        row.append(
            Cell(tr("Plan an action"), f"/insights/actions/new?cause={bar.key}", is_text=True)
        )
    return row


def _cause(key: str) -> str:
    return words.word(ROOT_CAUSES, key)


def _course(found: Causes, reader: Reader) -> Panel:
    by_day = bool(found.spans) and found.spans[0].length <= DAY
    title = tr("Complaints by day") if by_day else tr("Complaints by week")
    if len(found.counts) < 2:
        return Panel("course", title, [figures.too_few()], wide=True)
    spots = [
        Spot(float(count), words=f"{parts.span_words(span, reader)}: {figures.number(count)}")
        for span, count in zip(found.spans, found.counts, strict=True)
    ]
    labels = [figures.short_day(span.since, reader.zone) for span in found.spans]
    axis = axes.open_axis(float(max(found.counts)), figures.number)
    says = [_trend_says(found.trend, by_day)]
    chart = line_chart(
        Caption(title, says[0]), [Line(tr("Complaints"), "first", spots)], labels, axis
    )
    rows = [
        [Cell(label), parts.count_cell(count, reader.links.to(span, complaint="yes"))]
        for label, span, count in zip(labels, found.spans, found.counts, strict=True)
    ]
    table = parts.closed_table(title, [tr("From"), tr("Complaints")], rows)
    return Panel("course", title, says, chart, table, wide=True)


def _trend_says(found: Trend | None, by_day: bool) -> str:
    if found is None:
        return tr("Too few weeks or complaints to tell a trend.")
    if found.direction is Direction.CANNOT_BE_TOLD:
        return tr("No clear trend.")
    growth = figures.signed(100 * found.growth.value, 1)
    interval = figures.between(
        figures.signed(100 * found.growth.low, 1), figures.signed(100 * found.growth.high, 1)
    )
    if by_day:
        return tr("{growth}% from day to day ({interval}).", growth=growth, interval=interval)
    return tr("{growth}% from week to week ({interval}).", growth=growth, interval=interval)


def _trends(found: Causes, reader: Reader) -> Panel:
    title = tr("Categories over time")
    heads = [tr("Category"), tr("Complaints"), tr("Course"), tr("Growth"), tr("Trend")]
    if not found.spans:
        return Panel("trends", title, [figures.too_few()], wide=True)
    whole = Period(found.spans[0].since, found.spans[-1].until)
    rows = [_trend_row(one, whole, reader) for one in found.courses if sum(one.counts)]
    says = [] if rows else [figures.too_few()]
    notes = [
        tr("Growth from one week (in short periods: day) to the next, with its 95% interval."),
        tr("Of twenty categories without a trend, one still shows one by chance."),
    ]

    return Panel("trends", title, says, table=parts.open_table(title, heads, rows),
                 notes=notes if rows else (), wide=True)  # fmt: skip


def _trend_row(one: Course, whole: Period, reader: Reader) -> list[Cell]:
    name, found = figures.category(one.category), one.trend
    growth = "–"
    if found is not None:
        bounds = (found.growth.low, found.growth.high)
        interval = figures.between(*(figures.signed(100 * bound, 1) for bound in bounds))
        growth = f"{figures.signed(100 * found.growth.value, 1)}% ({interval})"
    href = reader.links.to(whole, category=one.category, complaint="yes")
    return [
        Cell(name),
        parts.count_cell(sum(one.counts), href),
        Cell("", drawn=count_spark(name, one.counts)),
        Cell(growth),
        Cell(tr(_DIRECTIONS[found.direction]) if found else figures.too_few(), is_text=True),
    ]
