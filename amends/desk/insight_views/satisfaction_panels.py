"""Panels of the page of satisfaction that rest on what is predicted."""

from collections.abc import Sequence

from markupsafe import Markup

from amends.desk import insight_words as figures
from amends.desk import words
from amends.desk.insight_views import parts
from amends.desk.insight_views.parts import Panel, Reader
from amends.desk.speech import tr
from amends.insights.charts.bars import Bar, Segment, bar_chart, stack_chart
from amends.insights.charts.radar import Round, radar_chart
from amends.insights.charts.svg import Caption
from amends.insights.charts.tables import Cell, legend
from amends.insights.measures.satisfaction import Satisfaction
from amends.insights.statistics.intervals import Estimate


def gaps(found: Satisfaction, reader: Reader) -> Panel:
    title = tr("Against expectation, by dimension (SERVQUAL)")
    names = [words.word(figures.DIMENSIONS, one.name) for one in found.dimensions]
    felt = [one.felt.value if one.felt else None for one in found.dimensions]
    predicted = [one.predicted.value if one.predicted else None for one in found.dimensions]
    rounds = [
        Round(tr("Predicted"), "first", predicted),
        Round(tr("As customers say"), "second", felt),
    ]
    rings = [(-2.0, "−2"), (-1.0, "−1"), (0.0, "0"), (1.0, "+1"), (2.0, "+2")]
    caption = Caption(title, _radar_words(names, felt, predicted))
    chart = radar_chart(caption, names, rounds, (-2.5, 2.0), rings, 0.0)
    key = legend([(one.style, one.name) for one in rounds])
    rows = [
        [
            Cell(name), Cell(_gap(one.felt)),
            parts.count_cell(one.n, reader.links.to(known="felt_reliability")),
            Cell(_gap(one.predicted)),
        ]
        for name, one in zip(names, found.dimensions, strict=True)
    ]  # fmt: skip
    heads = [tr("Dimension"), tr("As customers say"), tr("Answers"), tr("Predicted")]
    says = []
    if found.expectation is not None:
        says.append(
            tr(
                "As a whole: {gap} ({interval}), of {answers}.",
                gap=figures.signed(found.expectation.value),
                interval=figures.signed_interval(found.expectation),
                answers=parts.answers(found.expectation.n),
            )
        )
    notes = [
        tr(
            "0: as expected; −2: much worse; +2: much better. Predicted: the score less 3, the "
            "middle of its scale."
        )
    ]
    return Panel("gaps", title, says, key + chart, parts.closed_table(title, heads, rows), notes)


def _gap(estimate: Estimate | None) -> str:
    if estimate is None:
        return figures.too_few()
    return f"{figures.signed(estimate.value)} ({figures.signed_interval(estimate)})"


def _radar_words(
    names: Sequence[str], felt: Sequence[float | None], predicted: Sequence[float | None]
) -> str:
    told = []
    for name, said, thought in zip(names, felt, predicted, strict=True):
        values = [figures.signed(one) if one is not None else "–" for one in (said, thought)]
        told.append(f"{name} {values[0]} / {values[1]}")
    return "; ".join(told)


def justice(found: Satisfaction, reader: Reader) -> Panel:
    title = tr("Was it just? (predicted, 1 to 5)")
    bars = []
    for name, estimate in found.justice:
        if estimate is not None:
            bars.append(
                Bar(
                    words.word(figures.JUSTICES, name),
                    f"{figures.number(estimate.value, 2)} ({figures.interval(estimate, 2)})",
                    estimate.value - 1, "", estimate.low - 1, estimate.high - 1,
                )
            )  # fmt: skip
    notes = [
        tr(
            "Outcome: what the customer got. Process: how it came about. Treatment: how the "
            "customer was met."
        )
    ]
    says = [parts.conversations(found.conversations) + tr(".")] if bars else [figures.too_few()]
    return Panel("justice", title, says, bar_chart(Caption(title), bars, 4), notes=notes)


def composite(found: Satisfaction) -> Panel:
    title = tr("Composite (fuzzy evaluation)")
    told = found.composite
    if told is None:
        return Panel("composite", title, [figures.too_few()])
    says: list[str | Markup] = [
        tr(
            "{composite} of 100; most of it counts as “{grade}”.",
            composite=figures.number(told.composite),
            grade=words.word(figures.GRADES, told.grade.value),
        )
    ]
    if found.csi is not None:
        says.append(
            tr("Index of the five dimensions (CSI): {csi} of 100.", csi=figures.number(found.csi))
        )
    segments = [
        Segment(words.word(figures.GRADES, grade.value), figures.share(part), part, f"mark-{place}")
        for place, (grade, part) in enumerate(told.memberships.items(), start=1)
    ]
    short = [Segment(str(i), f"{one.name}, {one.words}", one.value, one.style)
             for i, one in enumerate(segments, start=1)]  # fmt: skip
    chart = stack_chart(Caption(title, stack_words(segments)), short)
    rows = [
        [Cell(words.word(figures.JUSTICES, name)), Cell(figures.share(told.weights[name])),
         *(Cell(figures.share(part)) for part in row.values())]
        for name, row in told.matrix.items()
    ]  # fmt: skip
    heads = [tr("Factor"), tr("Weight"), *(one.name for one in segments)]
    key = legend([(one.style, f"{one.name} {one.words}") for one in segments])
    notes = [tr("How far outcome, process and treatment belong to each grade, weighed together.")]
    return Panel(
        "composite", title, says, chart + key, parts.closed_table(title, heads, rows), notes
    )


def moods(found: Satisfaction, reader: Reader) -> Panel:
    title = tr("Mood, from start to end")
    effect, start, end = found.moods.effect, found.moods.start, found.moods.end
    if effect is None or start is None or end is None or effect.change is None:
        return Panel("moods", title, [figures.too_few()])
    to = reader.links.to
    says = [
        tr(
            "From {start} to {end} on a scale of −1 to +1: {change} ({interval}).",
            start=figures.signed(start.value, 2),
            end=figures.signed(end.value, 2),
            change=figures.signed(effect.change.value, 2),
            interval=figures.signed_interval(effect.change, 2),
        )
    ]
    bars = [
        Bar(
            name, f"{parts.say_share(one)} ({figures.share_interval(one)})", one.value,
            to(mood=key), one.low, one.high, tone,
        )
        for name, one, key, tone in (
            (tr("Mood improved"), effect.improved, "improved", "good"),
            (tr("Mood worsened"), effect.worsened, "worsened", "bad"),
        )
    ]  # fmt: skip
    notes = [tr("Of {conversations} whose mood is known at both ends.",
                conversations=parts.conversations(effect.n))]  # fmt: skip
    return Panel("moods", title, says, bar_chart(Caption(title), bars, 1), notes=notes)


def stack_words(segments: Sequence[Segment]) -> str:
    return "; ".join(f"{one.name}: {one.words}" for one in segments)
