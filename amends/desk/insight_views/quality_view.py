"""How well conversations were handled, by criteria."""

from collections.abc import Sequence
from datetime import tzinfo

from amends.desk import insight_words as figures
from amends.desk import words
from amends.desk.case_words import moment_words
from amends.desk.insight_views import axes, parts
from amends.desk.insight_views.parts import Card, Panel, Reader, Series, View
from amends.desk.speech import tr
from amends.insights.charts.bars import Bar, bar_chart
from amends.insights.charts.svg import Caption
from amends.insights.charts.tables import Cell
from amends.insights.facts import UNMET, ConversationFacts
from amends.insights.measures.quality import Quality, Step
from amends.satisfaction.quality import Criterion

GOOD, POOR = 0.9, 0.7
"""From which share on a bar is green, and below which it is red."""


def quality_view(found: Quality, worst: Sequence[ConversationFacts], reader: Reader) -> View:
    """Return the page; `worst` are the conversations of `found.worst`, in their order."""
    if not found.reviewed:
        return View()
    return View(
        cards=_cards(found, reader),
        panels=[
            _criteria(found, reader),
            _distribution(found, reader),
            _course(found, reader),
            _by_category(found, reader),
            _worst(worst, reader),
        ],
    )


def _cards(found: Quality, reader: Reader) -> list[Card]:
    to, count = reader.links.to, parts.conversations(found.reviewed)
    asked = [one for one in found.criteria if one.met.now is not None]
    cards = [
        parts.figure_card(
            tr("Criteria met, on average"), found.share, to(known="review_share"), parts.say_share,
            figures.share_interval, count, found.course,
        ),
        parts.figure_card(
            tr("All criteria met"), found.all_met, to(review="1"), parts.say_share,
            figures.share_interval, count,
        ),
    ]  # fmt: skip
    if asked:
        least = min(asked, key=lambda one: one.met.now.value if one.met.now else 1.0)
        cards.append(
            parts.figure_card(
                tr("Met least: {criterion}", criterion=criterion(least.criterion)), least.met,
                to(unmet=least.criterion.value), parts.say_share, figures.share_interval,
                parts.conversations(least.met.n),
            )
        )  # fmt: skip
    return cards


def criterion(one: Criterion) -> str:
    return words.word(figures.CRITERIA, one.value)


def unmet_words(review: str) -> str:
    """Return the criteria that a review finds not met."""
    letters = zip(Criterion, review, strict=False)
    return tr("; ").join(criterion(one) for one, letter in letters if letter == UNMET)


def _criteria(found: Quality, reader: Reader) -> Panel:
    title = tr("By criterion")
    bars, rows = [], []
    for one in found.criteria:
        met, name, to = one.met.now, criterion(one.criterion), reader.links.to
        unmet = to(unmet=one.criterion.value)
        if met is not None:
            bars.append(
                Bar(
                    name, tr("{share} met", share=parts.say_share(met)), met.value,
                    unmet if one.unmet else to(judged=one.criterion.value), met.low, met.high,
                    _tone(met.value),
                )
            )  # fmt: skip
        rows.append(
            [
                Cell(name),
                Cell(parts.say_share(met) if met else "–"),
                Cell(figures.share_interval(met) or "–"),
                parts.count_cell(one.unmet, unmet),
                parts.count_cell(one.met.n, to(judged=one.criterion.value)),
                Cell(tr(parts.MOVES[one.met.move][0])),
            ]
        )
    heads = [tr("Criterion"), tr("Met"), tr("95% interval"), tr("Not met"), tr("Applies to"),
             tr("Against before")]  # fmt: skip
    notes = [tr("A bar leads to the conversations in which the criterion was not met.")]
    chart = bar_chart(Caption(title), bars, 1)
    return Panel("criteria", title, (), chart, parts.closed_table(title, heads, rows), notes)


def _tone(share: float) -> str:
    return "good" if share >= GOOD else "bad" if share < POOR else ""


def _distribution(found: Quality, reader: Reader) -> Panel:
    title = tr("How many criteria are met")
    most = max((step.count for step in found.steps), default=1) or 1
    bars = [
        Bar(
            _step_words(step),
            tr("{count} ({share})", count=figures.number(step.count),
               share=figures.share(step.count / found.reviewed)),
            step.count, reader.links.to(review=_step_key(step)) if step.count else "",
            tone="good" if step.high is None else "quiet",
        )
        for step in reversed(found.steps)
    ]  # fmt: skip
    return Panel("distribution", title, chart=bar_chart(Caption(title), bars, most))


def _step_words(step: Step) -> str:
    if step.high is None:
        return tr("All")
    return tr(
        "from {low}, below {high}", low=figures.share(step.low), high=figures.share(step.high)
    )


def _step_key(step: Step) -> str:
    return f"{step.low:g}" if step.high is None else f"{step.low:g}-{step.high:g}"


def _course(found: Quality, reader: Reader) -> Panel:
    title = tr("Criteria met over time")
    series = Series(
        tr("Criteria met"), "first", found.course, parts.say_share, figures.share_interval,
        {"known": "review_share"},
    )  # fmt: skip
    chart, table = parts.course(title, [series], axes.shares_axis(), reader)
    return Panel("course", title, () if chart else [figures.too_few()], chart, table, wide=True)


def _by_category(found: Quality, reader: Reader) -> Panel:
    title = tr("By category")
    rows = [
        [
            Cell(figures.category(one.category)),
            Cell(parts.say_share(one.share) if one.share else figures.too_few()),
            Cell(figures.share_interval(one.share) or "–"),
            parts.count_cell(one.n, reader.links.to(category=one.category, known="review_share")),
        ]
        for one in found.by_category
    ]
    heads = [tr("Category"), tr("Criteria met"), tr("95% interval"), tr("Reviewed")]
    return Panel("categories", title, table=parts.open_table(title, heads, rows))


def _worst(worst: Sequence[ConversationFacts], reader: Reader) -> Panel:
    title = tr("The poorest conversations")
    rows = [_worst_row(one, reader.zone) for one in worst]
    heads = [tr("Conversation"), tr("Met"), tr("Not met")]
    says = [] if rows else [tr("All criteria that apply were met everywhere.")]
    return Panel("worst", title, says, table=parts.open_table(title, heads, rows))


def _worst_row(one: ConversationFacts, zone: tzinfo) -> list[Cell]:
    category = figures.category(one.category) if one.category else tr("No complaint")
    return [
        Cell(f"{moment_words(one.started_at, zone)} · {category}", conversation_href(one)),
        Cell(figures.share(one.review_share or 0.0)),
        Cell(unmet_words(one.review), is_text=True),
    ]


def conversation_href(one: ConversationFacts) -> str:
    """Return the page of the case, or of the conversation where there is none."""
    if one.case_number:
        return f"/cases/{one.case_number}"
    return f"/insights/conversations/{one.conversation_id}"
