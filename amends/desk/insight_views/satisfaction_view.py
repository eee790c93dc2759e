"""What customers say, what is predicted, and whether those who answer speak for all."""

from collections.abc import Sequence

from amends.desk import insight_words as figures
from amends.desk import words
from amends.desk.insight_views import axes, parts
from amends.desk.insight_views import satisfaction_panels as panels
from amends.desk.insight_views.bias_words import bias_says
from amends.desk.insight_views.overview_view import nps_card
from amends.desk.insight_views.parts import Card, Panel, Reader, Series, View
from amends.desk.speech import tr
from amends.insights.charts.bars import Bar, Segment, bar_chart, stack_chart
from amends.insights.charts.svg import Caption
from amends.insights.charts.tables import Cell
from amends.insights.measures.satisfaction import Part, Satisfaction
from amends.insights.statistics.intervals import Estimate


def satisfaction_view(found: Satisfaction, reader: Reader) -> View:
    if not found.conversations:
        return View()
    return View(
        cards=_cards(found, reader),
        panels=[
            _scale(found, reader),
            _bias(found, reader),
            _course(found, reader),
            _recommendation(found, reader),
            panels.gaps(found, reader),
            panels.justice(found, reader),
            panels.composite(found),
            panels.moods(found, reader),
            _reasons(found, reader),
            _group("category", found.by_category, reader),
            _group("language", found.by_language, reader),
        ],
    )


def _cards(found: Satisfaction, reader: Reader) -> list[Card]:
    to = reader.links.to
    return [
        parts.figure_card(
            tr("Satisfied, as stated (4 or 5 of 5)"), found.satisfied, to(csat="4,5"),
            parts.say_share, figures.share_interval, parts.answers(found.satisfied.n),
            found.satisfied_course,
        ),
        parts.figure_card(
            tr("Satisfaction predicted (1 to 5)"), found.predicted, to(), parts.say_score,
            figures.interval, parts.conversations(found.predicted.n), found.predicted_course,
        ),
        nps_card(found.nps.change, found.nps.now is not None, reader),
        parts.figure_card(
            tr("How easy it was (CES, 1 to 7)"), found.effort, to(known="ces"), parts.say_score,
            figures.interval, parts.answers(found.effort.n),
        ),
    ]  # fmt: skip


def _scale(found: Satisfaction, reader: Reader) -> Panel:
    title = tr("Satisfaction stated")
    if found.csat is None:
        return Panel("stated", title, [tr("Nobody has answered in this period.")])
    counts, n = found.csat.counts, found.csat.n
    segments = [
        Segment(
            str(mark), f"{figures.number(counts[mark])} ({figures.share(counts[mark] / n)})",
            counts[mark], f"mark-{mark}", reader.links.to(csat=str(mark)),
        )
        for mark in range(1, 6)
    ]  # fmt: skip
    rows = [
        [
            Cell(tr("{mark} of 5: {grade}", mark=mark, grade=_grade(mark))),
            parts.count_cell(counts[mark], reader.links.to(csat=str(mark))),
            Cell(figures.share(counts[mark] / n, 1)),
        ]
        for mark in range(5, 0, -1)
    ]
    heads = [tr("Answer"), tr("How many"), tr("Share")]
    says = []
    if found.csat.mean is not None:
        mean = found.csat.mean
        says.append(
            tr(
                "{mean} of 5 on average ({interval}).",
                mean=parts.say_score(mean),
                interval=figures.interval(mean),
            )
        )
    chart = stack_chart(Caption(title, panels.stack_words(segments)), segments)
    return Panel("stated", title, says, chart, parts.open_table(title, heads, rows))


def _grade(mark: int) -> str:
    return words.word(figures.GRADES, list(figures.GRADES)[mark - 1])


def _bias(found: Satisfaction, reader: Reader) -> Panel:
    title = tr("Who answers, and who does not")
    bias = found.bias
    if bias is None:
        return Panel("bias", title, [tr("Nobody was asked in this period.")])
    to = reader.links.to
    rows = [
        [
            Cell(tr("Were asked")),
            parts.count_cell(bias.response_rate.n, to(survey="asked")),
            Cell(""),
        ],
        [
            Cell(tr("Answered")),
            parts.count_cell(found.satisfied.n, to(survey="asked", known="csat")),
            Cell(_score(bias.predicted_of_respondents)),
        ],
        [
            Cell(tr("Did not answer")),
            parts.count_cell(bias.response_rate.n - found.satisfied.n, to(survey="silent")),
            Cell(_score(bias.predicted_of_silent)),
        ],
    ]  # fmt: skip
    heads = [tr("Customers"), tr("How many"), tr("Predicted, 1 to 5")]
    notes = [
        tr(
            "Within a band of predicted satisfaction the silent are taken to feel as those who "
            "answer."
        )
    ]
    return Panel("bias", title, bias_says(bias), table=parts.open_table(title, heads, rows),
                 notes=notes)  # fmt: skip


def _score(estimate: Estimate | None) -> str:
    if estimate is None:
        return figures.too_few()
    return f"{figures.number(estimate.value, 2)} ({figures.interval(estimate, 2)})"


def _course(found: Satisfaction, reader: Reader) -> Panel:
    title = tr("Share of satisfied answers")
    series = Series(
        tr("Stated 4 or 5"), "first", found.satisfied_course, parts.say_share,
        figures.share_interval, {"known": "csat"},
    )  # fmt: skip
    chart, table = parts.course(title, [series], axes.shares_axis(), reader)
    says = [] if chart else [tr("Too few answers for a course.")]
    return Panel("course", title, says, chart, table, wide=True)


def _recommendation(found: Satisfaction, reader: Reader) -> Panel:
    title = tr("Recommendation and effort")
    nps, ces, to = found.nps.now, found.ces, reader.links.to
    if nps is None:
        return Panel("recommendation", title, [tr("Nobody has answered in this period.")])
    kinds = [
        (tr("Promoters (9 or 10)"), nps.promoters, "promoter", "good"),
        (tr("Passives (7 or 8)"), nps.passives, "passive", "quiet"),
        (tr("Detractors (0 to 6)"), nps.detractors, "detractor", "bad"),
    ]
    bars = [
        Bar(
            name, tr("{count} ({share})", count=figures.number(count),
                     share=figures.share(count / nps.n)),
            count / nps.n, to(nps=key) if count else "", tone=tone,
        )
        for name, count, key, tone in kinds
    ]  # fmt: skip
    says = [
        tr(
            "{score} points: promoters less detractors ({interval}).",
            score=figures.signed(nps.value, 0),
            interval=figures.between(figures.signed(nps.low, 0), figures.signed(nps.high, 0)),
        )
    ]
    if ces is not None:
        says.append(
            tr(
                "{share} agree that it was easy (5 to 7 of 7), of {answers}.",
                share=parts.say_share(ces.agreeing),
                answers=parts.answers(ces.n),
            )
        )
    chart = bar_chart(Caption(title), bars, 1)
    return Panel("recommendation", title, says, chart)


def _reasons(found: Satisfaction, reader: Reader) -> Panel:
    title = tr("Reasons given")
    if not found.reasons:
        return Panel("reasons", title, [tr("Nobody has given a reason in this period.")])
    rows = []
    for one in found.reasons:
        rows.append(
            [
                Cell(words.word(figures.CSAT_REASONS, one.name)),
                parts.count_cell(one.n, reader.links.to(why=one.name)),
                parts.count_cell(one.satisfied, reader.links.to(why=one.name, csat="4,5")),
                parts.count_cell(one.dissatisfied, reader.links.to(why=one.name, csat="1,2")),
            ]
        )
    heads = [tr("Reason"), tr("Answers"), tr("Of these 4 or 5"), tr("Of these 1 or 2")]
    return Panel("reasons", title, table=parts.open_table(title, heads, rows))


def _group(name: str, found: Sequence[Part], reader: Reader) -> Panel:
    title = tr("By category") if name == "category" else tr("By language")
    say = figures.category if name == "category" else words.language
    rows = []
    for one in found:
        here = {name: one.key}
        rows.append(
            [
                Cell(say(one.key)),
                parts.count_cell(one.conversations, reader.links.to(**here)),
                Cell(figures.share_word(one.satisfied) if one.satisfied else "–"),
                Cell(figures.share_interval(one.satisfied) or "–"),
                parts.count_cell(one.answers, reader.links.to(**here, known="csat")),
                Cell(_score(one.predicted)),
            ]
        )
    heads = [
        tr("Category") if name == "category" else tr("Language"), tr("Conversations"),
        tr("Satisfied"), tr("95% interval"), tr("Answers"), tr("Predicted, 1 to 5"),
    ]  # fmt: skip
    says = [] if rows else [parts.conversations(0)]
    return Panel(name, title, says, table=parts.open_table(title, heads, rows), wide=True)
