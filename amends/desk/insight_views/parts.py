"""Cards, panels and axes, of which all pages of insights are made."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo

from markupsafe import Markup

from amends.desk import insight_words as figures
from amends.desk.insight_query import Links
from amends.desk.speech import mark, tr, trn
from amends.insights.charts.lines import Axis, Line, Spot, line_chart, sparkline
from amends.insights.charts.svg import NOTHING_DRAWN, Caption
from amends.insights.charts.tables import Cell, Numbers, folded_table, legend, numbers_table
from amends.insights.measures.figures import Count, Figure, Move, Point
from amends.insights.measures.period import DAY, Period
from amends.insights.statistics.intervals import Estimate

type Say = Callable[[Estimate], str]

NOTHING = "–"
MOVES = {
    Move.BETTER: (mark("Better"), "good"),
    Move.WORSE: (mark("Worse"), "bad"),
    Move.MORE: (mark("More"), "info"),
    Move.FEWER: (mark("Fewer"), "info"),
    Move.CHANCE: (mark("No clear change"), ""),
    Move.TOO_FEW: (mark("Too few to compare"), ""),
    Move.NOTHING_BEFORE: (mark("Nothing to compare with"), ""),
}


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a page is made: where its numbers lead, in which zone its days are, their rights."""

    links: Links
    zone: tzinfo
    may_plan: bool = False  # actions on causes


@dataclass(frozen=True, slots=True)
class Card:
    """One figure with what surrounds it; `value` leads to the conversations behind it."""

    title: str
    value: str
    href: str
    rests: tuple[str, ...] = ()  # its interval, and what it rests on
    move: str = ""
    tone: str = ""  # good, bad, info
    before: str = ""
    spark: Markup = NOTHING_DRAWN
    is_told: bool = True


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a page: sentences, a chart, a table, in this order."""

    id: str
    title: str
    says: Sequence[str | Markup] = ()
    chart: Markup = NOTHING_DRAWN
    table: Markup = NOTHING_DRAWN
    notes: Sequence[str] = ()
    wide: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """What a page shows below its filters; without cards and panels there is nothing to show."""

    cards: Sequence[Card] = ()
    panels: Sequence[Panel] = ()
    alarms: Sequence["AlarmLine"] = ()
    groups: Sequence["Group"] = ()  # further panels, to be opened


@dataclass(frozen=True, slots=True)
class Group:
    """Panels that belong together, below one heading."""

    title: str
    panels: Sequence[Panel]
    is_open: bool


@dataclass(frozen=True, slots=True)
class AlarmLine:
    """One alarm: what bursts, how far, and its weeks."""

    sentence: str
    href: str
    detail: str
    spark: Markup


def count_card(title: str, count: Count, href: str, courses: Sequence[int] = ()) -> Card:
    move, tone = MOVES[count.move]
    return Card(
        title=title,
        value=figures.number(count.now),
        href=href,
        move=tr(move),
        tone=tone,
        before=_before(figures.number(count.before)) if count.before else "",
        spark=count_spark(title, courses),
    )


def figure_card(
    title: str,
    figure: Figure,
    href: str,
    say: Say,
    bounds: Say,
    rests: str,
    course: Sequence[Point] = (),
) -> Card:
    """Return the card of a figure; `rests` says what the figure rests on."""
    told, (move, tone) = figure.now, MOVES[figure.move]
    return Card(
        title=title,
        value=say(told) if told else (NOTHING if not figure.n else figures.too_few()),
        href=href if figure.n else "",
        rests=(bounds(told), rests) if told else (rests,),
        move=tr(move),
        tone=tone,
        before=_before(say(figure.before)) if figure.before else "",
        spark=_course_spark(title, course),
        is_told=told is not None,
    )


def say_share(estimate: Estimate) -> str:
    return figures.share_of(estimate.value, estimate.n)


def say_score(estimate: Estimate) -> str:
    return figures.number(estimate.value, 1)


def say_duration(estimate: Estimate) -> str:
    return figures.duration(estimate.value)


def bounds_duration(estimate: Estimate) -> str:
    return figures.between(figures.duration(estimate.low), figures.duration(estimate.high))


def spark(title: str, values: Sequence[float | None], least: float) -> Markup:
    return sparkline(Caption(tr("{title}, course", title=title)), values, least)


def count_spark(title: str, counts: Sequence[int]) -> Markup:
    """Return a small line of counts, in which half as many are half as high."""
    most = float(max(counts, default=0))
    return spark(title, [float(count) for count in counts], most)


def answers(count: int) -> str:
    return trn("{number} answer", "{number} answers", count, number=figures.number(count))


def conversations(count: int) -> str:
    return trn(
        "{number} conversation", "{number} conversations", count, number=figures.number(count)
    )


def complaints(count: int) -> str:
    return trn("{number} complaint", "{number} complaints", count, number=figures.number(count))


def promises(count: int) -> str:
    return trn("{number} promise", "{number} promises", count, number=figures.number(count))


def link_cell(text: str, href: str, count: int = 1) -> Cell:
    """Return a number that leads somewhere unless nothing is behind it."""
    return Cell(text, href if count else "")


def count_cell(count: int, href: str) -> Cell:
    return Cell(figures.number(count), href if count else "")


def span_words(span: Period, reader: Reader) -> str:
    """Return "4 Nov" for a day, "week from 4 Nov" for a week."""
    day = figures.short_day(span.since, reader.zone)
    return day if span.length <= DAY else tr("Week from {day}", day=day)


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a course: its name, its style, its points, and where a point leads."""

    name: str
    style: str
    points: Sequence[Point]
    say: Say
    bounds: Say
    filters: dict[str, str] = field(default_factory=dict)


def course(
    title: str, series: Sequence[Series], axis: Axis, reader: Reader
) -> tuple[Markup, Markup]:
    """Return a chart of lines over the weeks, with its legend, and the table of its numbers."""
    spans = [point.span for point in series[0].points] if series else []
    if not any(point.value for one in series for point in one.points):
        return NOTHING_DRAWN, NOTHING_DRAWN
    lines = [
        Line(one.name, one.style, [_spot(point, one, reader) for point in one.points])
        for one in series
    ]
    labels = [figures.short_day(span.since, reader.zone) for span in spans]
    drawn = line_chart(Caption(title, _course_words(series)), lines, labels, axis)
    key = legend([(one.style, one.name) for one in series]) if len(series) > 1 else NOTHING_DRAWN
    heads = [tr("From")]
    for one in series:
        heads += [one.name, tr("95% interval"), tr("How many")]
    rows = [_course_row(place, span, series, reader) for place, span in enumerate(spans)]
    return key + drawn, folded_table(tr("As a table"), Numbers(title, heads, rows))


def open_table(title: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Markup:
    return numbers_table(Numbers(title, heads, rows)) if rows else NOTHING_DRAWN


def closed_table(title: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Markup:
    return folded_table(tr("As a table"), Numbers(title, heads, rows)) if rows else NOTHING_DRAWN


def _spot(point: Point, series: Series, reader: Reader) -> Spot:
    told = point.value
    if told is None:
        return Spot(None)
    words = f"{span_words(point.span, reader)}: {series.say(told)} ({series.bounds(told)})"
    return Spot(told.value, told.low, told.high, words)


def _course_words(series: Sequence[Series]) -> str:
    """Return what the lines do, for whoever does not see them."""
    told = []
    for one in series:
        known = [point.value for point in one.points if point.value]
        if known:
            told.append(
                tr(
                    "{name} from {first} to {last}",
                    name=one.name,
                    first=one.say(known[0]),
                    last=one.say(known[-1]),
                )
            )
    return "; ".join(told)


def _course_row(place: int, span: Period, series: Sequence[Series], reader: Reader) -> list[Cell]:
    row = [Cell(figures.short_day(span.since, reader.zone))]
    for one in series:
        point = one.points[place]
        told = point.value
        row += [
            Cell(one.say(told) if told else NOTHING),
            Cell(one.bounds(told) if told else NOTHING),
            count_cell(point.n, reader.links.to(span, **one.filters)),
        ]
    return row


def _course_spark(title: str, course: Sequence[Point]) -> Markup:
    """Return a small line whose height stands for two fifths of its greatest value at the least."""
    values = [point.value.value if point.value else None for point in course]
    most = max((value for value in values if value is not None), default=0.0)
    return spark(title, values, 0.4 * most)


def _before(words: str) -> str:
    return tr("before: {value}", value=words)
