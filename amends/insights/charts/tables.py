"""What a chart shows as numbers, and what its colours mean."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from amends.insights.charts.svg import NOTHING_DRAWN, tag


@dataclass(frozen=True, slots=True)
class Cell:
    """Text, and where it leads; or something drawn."""

    text: str
    href: str = ""
    drawn: Markup = NOTHING_DRAWN
    is_text: bool = False  # and no number


@dataclass(frozen=True, slots=True)
class Numbers:
    """A table; the first column names the rows, the others are numbers."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def numbers_table(table: Numbers) -> Markup:
    """Return a table with a caption for those who do not see the heading above it."""
    texts = {place for row in table.rows for place, cell in enumerate(row) if not _is_number(cell)}
    heads = [
        tag("th", head, scope="col", class_="num" if place and place not in texts else "")
        for place, head in enumerate(table.heads)
    ]
    rows = [
        tag("tr", *(_cell(place, cell) for place, cell in enumerate(row))) for row in table.rows
    ]
    inside = tag(
        "table",
        tag("caption", table.caption, class_="sr-text"),
        tag("thead", tag("tr", *heads)),
        tag("tbody", *rows),
        class_="table numbers",
    )
    return tag(
        "div", inside, class_="table-box", tabindex="0", role="group", aria_label=table.caption
    )


def folded_table(summary: str, table: Numbers) -> Markup:
    """Return a table that opens when it is asked for."""
    return tag("details", tag("summary", summary), numbers_table(table), class_="numbers-fold")


def legend(entries: Sequence[tuple[str, str]]) -> Markup:
    """Return what styles mean, each as style and name."""
    items = [
        tag("li", tag("span", class_=f"key {style}", aria_hidden="true"), name)
        for style, name in entries
    ]
    return tag("ul", *items, class_="legend")


def _is_number(cell: Cell) -> bool:
    return not (cell.is_text or cell.drawn)


def _cell(place: int, cell: Cell) -> Markup:
    words = tag("a", cell.text, href=cell.href) if cell.href else cell.drawn or cell.text
    if place == 0:
        return tag("th", words, scope="row")
    return tag("td", words, class_="drawn" if cell.drawn else "" if cell.is_text else "num")
