"""The first page: how things stand."""

from amends.desk import insight_words as figures
from amends.desk.insight_views import axes, parts
from amends.desk.insight_views.alarm_lines import alarm_lines
from amends.desk.insight_views.parts import Card, Panel, Reader, Series, View
from amends.desk.speech import tr, trn
from amends.insights.measures.figures import Figure
from amends.insights.measures.overview import Cost, Overview


def overview_view(found: Overview, reader: Reader) -> View:
    if not found.conversations.now:
        return View()
    return View(
        cards=[*_counts(found, reader), *_satisfaction(found, reader), *_service(found, reader)],
        panels=[_course(found, reader), _costs(found, reader)],
        alarms=alarm_lines(found.alarms, reader),
    )


def _counts(found: Overview, reader: Reader) -> list[Card]:
    to = reader.links.to
    return [
        parts.count_card(
            tr("Conversations"),
            found.conversations,
            to(first="yes"),
            [count for _, count in found.counts],
        ),
        parts.count_card(tr("Complaints"), found.complaints, to(complaint="yes")),
        parts.figure_card(
            tr("Resolved without a person"),
            found.without_person,
            to(known="resolution_seconds", person="no"),
            parts.say_share,
            figures.share_interval,
            _of_ended(found.without_person.n),
        ),
    ]


def _satisfaction(found: Overview, reader: Reader) -> list[Card]:
    to = reader.links.to
    return [
        parts.figure_card(
            tr("Satisfied, as stated (4 or 5 of 5)"),
            found.satisfied,
            to(csat="4,5"),
            parts.say_share,
            figures.share_interval,
            parts.answers(found.satisfied.n),
        ),
        parts.figure_card(
            tr("Satisfaction stated (1 to 5)"),
            found.stated,
            to(known="csat"),
            parts.say_score,
            figures.interval,
            parts.answers(found.stated.n),
            found.stated_course,
        ),
        parts.figure_card(
            tr("Satisfaction predicted (1 to 5)"),
            found.predicted,
            to(),
            parts.say_score,
            figures.interval,
            parts.conversations(found.predicted.n),
            found.predicted_course,
        ),
        nps_card(found.nps.change, found.nps.now is not None, reader),
        parts.figure_card(
            tr("How easy it was (CES, 1 to 7)"),
            found.effort,
            to(known="ces"),
            parts.say_score,
            figures.interval,
            parts.answers(found.effort.n),
        ),
    ]


def nps_card(change: Figure, is_told: bool, reader: Reader) -> Card:
    return parts.figure_card(
        tr("Recommendation (NPS, −100 to 100)"),
        change,
        reader.links.to(known="nps") if is_told else "",
        lambda one: figures.signed(one.value, 0),
        lambda one: figures.signed_interval(one.kept_within(-100, 100), 0),
        parts.answers(change.n),
    )


def _service(found: Overview, reader: Reader) -> list[Card]:
    to = reader.links.to
    return [
        parts.figure_card(
            tr("Promises kept"),
            found.promises_kept,
            to(promises="any"),
            parts.say_share,
            figures.share_interval,
            parts.promises(found.promises_kept.n),
        ),
        parts.figure_card(
            tr("First answer (half are faster)"),
            found.first_answer,
            to(known="first_answer_seconds"),
            parts.say_duration,
            parts.bounds_duration,
            parts.conversations(found.first_answer.n),
        ),
        parts.figure_card(
            tr("Went to a person"),
            found.handed_off,
            to(person="yes"),
            parts.say_share,
            figures.share_interval,
            parts.conversations(found.handed_off.n),
        ),
        *(cost_card(one, reader) for one in found.costs[:1]),
    ]


def cost_card(one: Cost, reader: Reader) -> Card:
    return parts.figure_card(
        tr("Cost per conversation, {currency}", currency=one.currency),
        one.per_conversation,
        reader.links.to(currency=one.currency),
        lambda found: figures.money(found.value, one.currency),
        lambda found: figures.between(
            figures.money(found.low, one.currency), figures.money(found.high, one.currency)
        ),
        parts.conversations(one.per_conversation.n),
    )


def _course(found: Overview, reader: Reader) -> Panel:
    title = tr("Satisfaction, stated and predicted")
    stated = Series(
        tr("Stated"), "second", found.stated_course, parts.say_score, figures.interval,
        {"known": "csat"},
    )  # fmt: skip
    predicted = Series(
        tr("Predicted"), "first", found.predicted_course, parts.say_score, figures.interval
    )
    chart, table = parts.course(title, [predicted, stated], axes.scores_axis(), reader)
    notes = [tr("Means from 1 to 5. The bands hold what each may as well be, with 95% certainty.")]
    return Panel("course", title, (), chart, table, notes, wide=True)


def _costs(found: Overview, reader: Reader) -> Panel:
    heads = [tr("Currency"), tr("In all"), tr("With a remedy"), tr("Per conversation"),
             tr("95% interval"), tr("Against before")]  # fmt: skip
    rows = []
    for one in found.costs:
        per = one.per_conversation.now
        to = reader.links.to(currency=one.currency)
        words, _ = parts.MOVES[one.per_conversation.move]
        rows.append(
            [
                parts.link_cell(one.currency, to),
                parts.link_cell(figures.money(one.total_minor, one.currency), to),
                parts.count_cell(one.remedies, to),
                parts.link_cell(figures.money(per.value, one.currency) if per else "–", "", 0),
                parts.link_cell(
                    figures.between(
                        figures.money(per.low, one.currency), figures.money(per.high, one.currency)
                    )
                    if per
                    else "–",
                    "",
                    0,
                ),
                parts.link_cell(tr(words), "", 0),
            ]
        )
    says = [] if rows else [tr("Nothing was paid or given in this period.")]
    notes = [tr("Amounts of two currencies are never added.")] if rows else []
    notes.append(
        tr("Of twenty figures that did not change, one is still marked Better or Worse by chance.")
    )
    title = tr("Cost")
    return Panel("cost", title, says, table=parts.open_table(title, heads, rows), notes=notes,
                 wide=True)  # fmt: skip


def _of_ended(count: int) -> str:
    return trn(
        "{number} complaint that was resolved",
        "{number} complaints that were resolved",
        count,
        number=figures.number(count),
    )
