"""What putting things right costs."""

from collections.abc import Callable, Sequence

from amends.desk import insight_words as figures
from amends.desk import words
from amends.desk.insight_views import axes, parts
from amends.desk.insight_views.overview_view import cost_card
from amends.desk.insight_views.parts import Group, Panel, Reader, Series, View
from amends.desk.speech import mark, tr, trn
from amends.insights.charts.bars import Bar, bar_chart
from amends.insights.charts.svg import Caption
from amends.insights.charts.tables import Cell
from amends.insights.measures.cost import Costs, Currency, Share
from amends.insights.statistics.intervals import Estimate
from amends.insights.statistics.prices import Price, Told

MOST_BARS = 8
_TOLD = {
    Told.TOO_FEW: mark("too few to compare"),
    Told.NO_DIFFERENCE: mark("no clear difference"),
    Told.LOWER: mark("less satisfied than without"),
}


def cost_view(found: Costs, reader: Reader) -> View:
    if not found.conversations:
        return View()
    if not found.currencies:
        says = [tr("Nothing was paid or given in this period.")]
        return View(panels=[Panel("nothing", tr("Cost"), says, wide=True)])
    return View(
        cards=[cost_card(one.cost, reader) for one in found.currencies],
        groups=[
            Group(one.currency, _panels(one, reader), place == 0)
            for place, one in enumerate(found.currencies)
        ],
    )


def _panels(one: Currency, reader: Reader) -> list[Panel]:
    return [
        _whole(one, reader),
        _by(one, one.by_result, "result", reader),
        _by(one, one.by_kind, "remedy", reader),
        _by(one, one.by_category, "category", reader),
        _prices(one, reader),
    ]


def _whole(one: Currency, reader: Reader) -> Panel:
    currency = one.currency
    title = tr("{currency}: cost per conversation", currency=currency)

    def say(found: Estimate) -> str:
        return figures.money(found.value, currency)

    def bounds(found: Estimate) -> str:
        low, high = (figures.money(bound, currency) for bound in (found.low, found.high))
        return figures.between(low, high)

    highest = max((point.value.high for point in one.course if point.value), default=1.0)
    axis = axes.open_axis(highest, lambda value: figures.money(value, currency))
    series = Series(tr("Per conversation"), "first", one.course, say, bounds)
    chart, table = parts.course(title, [series], axis, reader)
    says = [
        tr(
            "{total} in all, for {remedies}.",
            total=figures.money(one.cost.total_minor, currency),
            remedies=trn(
                "{number} conversation with a remedy",
                "{number} conversations with a remedy",
                one.cost.remedies,
                number=figures.number(one.cost.remedies),
            ),
        )
    ]
    if one.per_remedy is not None:
        says.append(
            tr(
                "{amount} for each on average ({interval}).",
                amount=say(one.per_remedy),
                interval=bounds(one.per_remedy),
            )
        )
    if one.exceptions:
        says.append(
            trn(
                "{total} of it in {number} conversation as an exception that no clause gives.",
                "{total} of it in {number} conversations as exceptions that no clause gives.",
                one.exceptions,
                total=figures.money(one.exceptions_minor, currency),
                number=figures.number(one.exceptions),
            )
        )
    return Panel(f"whole-{currency}", title, says, chart, table)


_TITLES = {
    "remedy": mark("{currency} by kind of remedy"),
    "category": mark("{currency} by category"),
    "result": mark("{currency} by result"),
}
_SAY: dict[str, Callable[[str], str]] = {
    "remedy": figures.remedy,
    "category": figures.category,
    "result": lambda key: words.word(figures.RESULTS, key),
}


def _by(one: Currency, shares: Sequence[Share], name: str, reader: Reader) -> Panel:
    title = tr(_TITLES[name], currency=one.currency)
    say = _SAY[name]

    def to(key: str) -> str:
        return reader.links.to(**{name: key}, currency=one.currency, paid="yes")

    bars = [
        Bar(
            say(part.key),
            tr("{amount} ({share})", amount=figures.money(part.total_minor, one.currency),
               share=figures.share(part.share)),
            part.share, to(part.key),
        )
        for part in shares[:MOST_BARS]
    ]  # fmt: skip
    rows = [
        [
            Cell(say(part.key)),
            Cell(figures.money(part.total_minor, one.currency), to(part.key)),
            parts.count_cell(part.remedies, to(part.key)),
            Cell(figures.money(part.average.value, one.currency) if part.average else "–"),
        ]
        for part in shares
    ]
    heads = [tr(_HEADS[name]), tr("In all"), tr("With a remedy"), tr("On average")]
    most = max((part.share for part in shares), default=1.0) or 1.0
    notes = []
    if len(shares) > MOST_BARS:
        notes = [tr("The largest {count} are drawn; the table has all.", count=MOST_BARS)]
    return Panel(
        f"{name}-{one.currency}", title, chart=bar_chart(Caption(title), bars, most),
        table=parts.closed_table(title, heads, rows), notes=notes,
    )  # fmt: skip


_HEADS = {"remedy": mark("Remedy"), "category": mark("Category"), "result": mark("Result")}


def _prices(one: Currency, reader: Reader) -> Panel:
    title = tr("{currency}: what a point of satisfaction costs", currency=one.currency)
    rows = [_price_row(price, reader) for price in one.prices]
    heads = [tr("Remedy"), tr("A point costs"), tr("95% interval"), tr("Points more"),
             tr("95% interval"), tr("Compared"), tr("With none")]  # fmt: skip
    notes = [
        tr(
            "Complaints with the remedy against those of the same categories without any, by the "
            "satisfaction that their words alone predict. Who got one was not drawn by lot: this "
            "says what goes together, not what giving more would do."
        )
    ]
    says = [] if rows else [figures.too_few()]
    return Panel(
        f"prices-{one.currency}", title, says, table=parts.open_table(title, heads, rows),
        notes=notes if rows else (), wide=True,
    )  # fmt: skip


def _price_row(price: Price, reader: Reader) -> list[Cell]:
    per, difference = price.per_point, price.difference
    told = _TOLD.get(price.told)
    to = reader.links.to(complaint="yes", remedy=price.kind, currency=price.currency)
    return [
        Cell(figures.remedy(price.kind), to),
        Cell(figures.money(per.value, price.currency) if per else tr(told) if told else "–"),
        Cell(
            figures.between(
                figures.money(per.low, price.currency), figures.money(per.high, price.currency)
            )
            if per
            else "–"
        ),
        Cell(figures.signed(difference.value, 2) if difference else "–"),
        Cell(figures.signed_interval(difference, 2) or "–"),
        Cell(figures.number(price.n)),
        Cell(figures.number(price.n_without)),
    ]
