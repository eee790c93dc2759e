"""A report as PDF, A4, with reportlab: text, tables, and the pages' own charts redrawn.

Latin scripts are set in an embedded font; Chinese in a standard one that PDF readers bring along.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from io import BytesIO
from xml.etree import ElementTree

from markupsafe import escape
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    KeepTogether,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from amends.desk.insight_views.parts import AlarmLine, Card, Panel
from amends.desk.report.colors import INK, LINE, MARKS, OWN, PALE
from amends.desk.report.drawing import charts_in, drawing_of, on_paper, parsed
from amends.desk.report.fonts import LATIN, Fonts, Styles, fonts_of, styles_of, worded
from amends.desk.report.heading import period_words, title_words
from amends.desk.report.sections import Report, Section
from amends.desk.speech import spoken, tr

MARGIN = 18 * mm
WIDTH = A4[0] - 2 * MARGIN
RADAR_WIDTH = 300
CARDS_IN_A_ROW = 3
PANEL_NEEDS = 120
"""Points that must be left on a page for a panel to begin there."""

TONES = {"good": "#1d6b3a", "bad": "#b3261e", "info": "#2457a6"}
KEYS = {**OWN, **MARKS}


def write_pdf(report: Report) -> bytes:
    """Return the report as the bytes of a PDF, in the language being spoken."""
    fonts = fonts_of(spoken())
    buffer = BytesIO()
    document = SimpleDocTemplate(
        buffer,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN + 6 * mm,
        title=title_words(report),
        author=report.company,
        lang=spoken(),
    )
    foot = partial(_foot, report, fonts)
    document.build(list(_story(report, fonts)), onFirstPage=foot, onLaterPages=foot)
    return buffer.getvalue()


def _story(report: Report, fonts: Fonts) -> Iterator[Flowable]:
    styles = styles_of(fonts)
    yield Paragraph(worded(title_words(report)), styles.title)
    yield Paragraph(worded(period_words(report)), styles.quiet)
    yield Spacer(1, 6 * mm)
    if report.is_empty:
        yield Paragraph(worded(tr("No conversation fits")), styles.body)
        return
    for section in report.sections:
        yield from _section(section, fonts, styles)


def _section(section: Section, fonts: Fonts, styles: Styles) -> Iterator[Flowable]:
    yield CondPageBreak(60 * mm)
    yield Paragraph(worded(section.title), styles.section)
    yield from (_alarm(alarm, styles) for alarm in section.view.alarms)
    if section.view.cards:
        yield _cards(section.view.cards, styles)
        yield Spacer(1, 5 * mm)
    for panel in section.panels:
        yield from _panel(panel, fonts, styles)


def _alarm(alarm: AlarmLine, styles: Styles) -> Flowable:
    words = f"<b>{worded(alarm.sentence)}</b> {worded(alarm.detail)}"
    return Paragraph(words, styles.alarm)


def _cards(cards: Sequence[Card], styles: Styles) -> Flowable:
    cells: list[list[Flowable] | str] = [_card(card, styles) for card in cards]
    cells += [""] * (-len(cells) % CARDS_IN_A_ROW)
    rows = [cells[at : at + CARDS_IN_A_ROW] for at in range(0, len(cells), CARDS_IN_A_ROW)]
    table = Table(rows, colWidths=[WIDTH / CARDS_IN_A_ROW] * CARDS_IN_A_ROW)
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("GRID", (0, 0), (-1, -1), 0.5, HexColor(LINE)),
                ("LEFTPADDING", (0, 0), (-1, -1), 7),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 7),
            ]
        )
    )
    return table


def _card(card: Card, styles: Styles) -> list[Flowable]:
    lines = [
        Paragraph(worded(card.title), styles.quiet),
        Paragraph(worded(card.value), styles.value),
    ]
    rests = " · ".join(rest for rest in card.rests if rest)
    lines += [Paragraph(worded(rests), styles.quiet)] if rests else []
    if card.move:
        color = TONES.get(card.tone, PALE)
        words = f'<font color="{color}">{worded(card.move)}</font> {worded(card.before)}'
        lines.append(Paragraph(words, styles.quiet))
    return lines


def _panel(panel: Panel, fonts: Fonts, styles: Styles) -> Iterator[Flowable]:
    head: list[Flowable] = [Paragraph(worded(panel.title), styles.panel)]
    head += [Paragraph(_plain(sentence), styles.body) for sentence in panel.says]
    head += _legends(str(panel.chart), styles)
    head += [
        drawing_of(chart, RADAR_WIDTH if chart.get("viewBox") else WIDTH, fonts)
        for chart in charts_in(str(panel.chart))
    ]
    yield CondPageBreak(PANEL_NEEDS)
    yield KeepTogether(head)
    yield from _tables(panel, styles)
    yield from (Paragraph(worded(note), styles.quiet) for note in panel.notes)
    yield Spacer(1, 5 * mm)


def _legends(markup: str, styles: Styles) -> list[Flowable]:
    entries = []
    for item in parsed(markup).iter("li"):
        key = next(iter(item), None)
        named = (key.get("class", "") if key is not None else "").split()
        color = next((KEYS[one] for one in named if one in KEYS), INK)
        patch = f'<font name="{LATIN}" backColor="{color}">&nbsp;&nbsp;&nbsp;</font>'
        entries.append(f"{patch} {worded(''.join(item.itertext()))}")
    space = f'<font name="{LATIN}">&nbsp; &nbsp; </font>'
    return [Paragraph(space.join(entries), styles.quiet)] if entries else []


def _tables(panel: Panel, styles: Styles) -> Iterator[Flowable]:
    """Yield the table of a panel, unless it only repeats what the chart shows."""
    root = parsed(panel.table)
    if root.find("details") is not None:
        return
    for table in root.iter("table"):
        rows = [list(row) for row in table.iter("tr")]
        if len(rows) > 1:
            yield Spacer(1, 2 * mm)
            yield _table(rows, styles)


def _table(rows: Sequence[Sequence[ElementTree.Element]], styles: Styles) -> Flowable:
    kept = [place for place in range(len(rows[0])) if not _is_drawn(rows, place)]
    cells = [[_cell(row[place], place, styles) for place in kept] for row in rows]
    table = Table(cells, colWidths=_widths(rows, kept), repeatRows=1)
    lines = [
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, HexColor(LINE)),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ("LEFTPADDING", (0, 0), (0, -1), 0),
    ]
    table.setStyle(TableStyle(lines))
    return table


def _widths(rows: Sequence[Sequence[ElementTree.Element]], kept: Sequence[int]) -> list[float]:
    """Share the width out by the longest text of each column, within bounds."""
    longest = [max(len("".join(row[place].itertext())) for row in rows) for place in kept]
    wanted = [min(36, max(9, count)) for count in longest]
    return [WIDTH * one / sum(wanted) for one in wanted]


def _is_drawn(rows: Sequence[Sequence[ElementTree.Element]], place: int) -> bool:
    return any("drawn" in row[place].get("class", "") for row in rows[1:])


def _cell(cell: ElementTree.Element, place: int, styles: Styles) -> Flowable:
    style = styles.number if place and "num" in cell.get("class", "") else styles.cell
    return Paragraph(worded("".join(cell.itertext())), style)


def _plain(sentence: object) -> str:
    """Return a sentence without its links; what is not markup is escaped."""
    root = parsed(escape(sentence))
    return worded("".join(root.itertext()))


def _foot(report: Report, fonts: Fonts, canvas: Canvas, _document: object) -> None:
    canvas.saveState()
    said = f"{title_words(report)}  {period_words(report)}"[:110]
    canvas.setFont(fonts.of(said), 8)
    canvas.setFillColor(HexColor(PALE))
    canvas.drawString(MARGIN, 12 * mm, on_paper(said))
    canvas.drawRightString(A4[0] - MARGIN, 12 * mm, str(canvas.getPageNumber()))
    canvas.restoreState()
