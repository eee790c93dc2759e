"""How fast and how reliably customers are served."""

from collections.abc import Callable

from amends.desk import insight_words as figures
from amends.desk import words
from amends.desk.insight_views import axes, parts
from amends.desk.insight_views.parts import Card, Panel, Reader, Series, View
from amends.desk.speech import tr, trn
from amends.insights.charts.bars import Bar, bar_chart
from amends.insights.charts.svg import Caption
from amends.insights.charts.tables import Cell
from amends.insights.facts import AnswerMark
from amends.insights.measures.figures import Point
from amends.insights.measures.service import Duration, Service
from amends.insights.statistics.intervals import Estimate

_TONES = {AnswerMark.IN_TIME: "good", AnswerMark.TOO_LATE: "bad"}


def service_view(found: Service, reader: Reader, reason: Callable[[str], str]) -> View:
    """Return the page; `reason` words the reason of a handoff."""
    if not found.conversations:
        return View()
    return View(
        cards=_cards(found, reader),
        panels=[
            _marks(found, reader),
            _promises(found, reader),
            _course(found, reader),
            _in_time(found, reader),
            _durations(found, reader),
            _reasons(found, reader, reason),
        ],
    )


def _cards(found: Service, reader: Reader) -> list[Card]:
    to = reader.links.to
    answered = found.person_answer.median
    return [
        _fast(tr("First answer (half are faster)"), found.first_answer,
              to(known="first_answer_seconds"), found.first_answer_course),
        parts.figure_card(
            tr("A person answered within 30 minutes"), found.in_time, to(answered="in_time"),
            parts.say_share, figures.share_interval,
            trn(
                "{number} handoff answered", "{number} handoffs answered", found.in_time.n,
                number=figures.number(found.in_time.n),
            ),
            found.in_time_course,
        ),
        parts.figure_card(
            tr("A person's answer (half are faster)"), answered,
            to(known="person_answer_seconds"), parts.say_duration, parts.bounds_duration,
            parts.conversations(answered.n),
        ),
        _fast(tr("Resolved within (half of the cases)"), found.resolution,
              to(known="resolution_seconds"), found.resolution_course),
        parts.figure_card(
            tr("Promises kept"), found.promises_kept, to(promises="any"), parts.say_share,
            figures.share_interval,
            parts.promises(found.promises_kept.n),
        ),
        parts.figure_card(
            tr("Went to a person"), found.handed_off, to(person="yes"), parts.say_share,
            figures.share_interval, parts.conversations(found.handed_off.n),
        ),
    ]  # fmt: skip


def _fast(title: str, taken: Duration, href: str, course: tuple[Point, ...]) -> Card:
    return parts.figure_card(
        title, taken.median, href, parts.say_duration, parts.bounds_duration,
        parts.conversations(taken.median.n), course,
    )  # fmt: skip


def _marks(found: Service, reader: Reader) -> Panel:
    title = tr("When a person answered")
    if not found.handoffs:
        return Panel("marks", title, [tr("Nobody was handed to a person in this period.")])
    bars = [
        Bar(
            words.word(figures.ANSWER_MARKS, one.mark.value),
            tr("{count} ({share})", count=figures.number(one.count),
               share=parts.say_share(one.share)),
            one.share.value, reader.links.to(answered=one.mark.value) if one.count else "",
            one.share.low, one.share.high, _TONES.get(one.mark, "quiet"),
        )
        for one in found.marks
        if one.share is not None
    ]  # fmt: skip
    notes = [
        tr("An answer within 30 minutes lifts satisfaction; after 3 hours many have given up.")
    ]
    return Panel("marks", title, chart=bar_chart(Caption(title), bars, 1), notes=notes)


def _promises(found: Service, reader: Reader) -> Panel:
    title = tr("Promises")
    total, to = found.kept + found.broken, reader.links.to
    if not total:
        return Panel("promises", title, [tr("No promise came due in this period.")])
    bars = [
        Bar(
            name, tr("{count} ({share})", count=figures.number(count),
                     share=figures.share_of(count / total, total)),
            count / total, to(promises=key) if count else "", tone=tone,
        )
        for name, count, key, tone in (
            (tr("Kept"), found.kept, "kept", "good"),
            (tr("Broken"), found.broken, "broken", "bad"),
        )
    ]  # fmt: skip
    notes = [tr("A conversation may hold several promises.")]
    return Panel("promises", title, chart=bar_chart(Caption(title), bars, 1), notes=notes)


def _course(found: Service, reader: Reader) -> Panel:
    title = tr("Time to resolution")
    medians = Series(
        tr("Half are faster"), "first", found.resolution_course, parts.say_duration,
        parts.bounds_duration, {"known": "resolution_seconds"},
    )  # fmt: skip
    high = Series(
        tr("Nine in ten are faster"), "second", found.high_course, parts.say_duration,
        parts.bounds_duration, {"known": "resolution_seconds"},
    )  # fmt: skip
    most = [one.value.high for s in (medians, high) for one in s.points if one.value]
    axis = axes.duration_axis(max(most, default=1.0))
    chart, table = parts.course(title, [medians, high], axis, reader)
    says = [] if chart else [tr("Too few cases were resolved for a course.")]
    return Panel("resolution", title, says, chart, table, wide=True)


def _in_time(found: Service, reader: Reader) -> Panel:
    title = tr("Answered by a person within 30 minutes")
    series = Series(
        tr("Share of the handoffs answered"), "first", found.in_time_course, parts.say_share,
        figures.share_interval, {"answered": "in_time,late,too_late"},
    )  # fmt: skip
    chart, table = parts.course(title, [series], axes.shares_axis(), reader)
    says = [] if chart else [tr("Too few handoffs for a course.")]
    return Panel("in-time", title, says, chart, table)


def _durations(found: Service, reader: Reader) -> Panel:
    title = tr("How long it takes")
    rows = [
        _duration_row(name, taken, reader.links.to(known=key))
        for name, taken, key in (
            (tr("First answer"), found.first_answer, "first_answer_seconds"),
            (tr("A person's answer"), found.person_answer, "person_answer_seconds"),
            (tr("Resolution"), found.resolution, "resolution_seconds"),
        )
    ]
    heads = [tr("Until"), tr("Half are faster"), tr("95% interval"), tr("Nine in ten are faster"),
             tr("Conversations")]  # fmt: skip
    return Panel("durations", title, table=parts.open_table(title, heads, rows))


def _duration_row(name: str, taken: Duration, href: str) -> list[Cell]:
    middle, high = taken.median.now, taken.high
    return [
        Cell(name),
        Cell(parts.say_duration(middle) if middle else figures.too_few()),
        Cell(parts.bounds_duration(middle) if middle else "–"),
        Cell(parts.say_duration(high) if high else figures.too_few()),
        parts.count_cell(taken.median.n, href),
    ]


def _reasons(found: Service, reader: Reader, reason: Callable[[str], str]) -> Panel:
    title = tr("Why a person took over, and whether that was right")
    to = reader.links.to
    rows = [
        [
            Cell(reason(one.reason)),
            parts.count_cell(one.count, to(reason=one.reason)),
            Cell(parts.say_share(one.share) if one.share else "–"),
            Cell(parts.say_share(one.right) if one.right else "–"),
            Cell(figures.share_interval(one.right) or "–"),
            parts.count_cell(one.judged, to(reason=one.reason, known="handoff_right")),
            parts.count_cell(_wrong(one.right), to(reason=one.reason, right="no")),
        ]
        for one in found.reasons
    ]
    heads = [tr("Reason"), tr("Handoffs"), tr("Share"), tr("Marked right"), tr("95% interval"),
             tr("Judged"), tr("Marked wrong")]  # fmt: skip
    says = []
    if found.right.now is not None:
        says.append(
            tr(
                "{share} of the handoffs that staff judged were right ({interval}).",
                share=parts.say_share(found.right.now),
                interval=figures.share_interval(found.right.now),
            )
        )
    elif not rows:
        says.append(tr("Nobody was handed to a person in this period."))
    return Panel("reasons", title, says, table=parts.open_table(title, heads, rows), wide=True)


def _wrong(right: Estimate | None) -> int:
    return right.n - round(right.n * right.value) if right else 0
