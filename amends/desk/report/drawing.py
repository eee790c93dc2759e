"""Charts on paper: from the pages' own SVG to a drawing of the PDF.

Only what `amends.insights.charts` draws is understood: shapes whose widths are numbers or per
cent, one plot inside that is stretched to the whole width, and the classes of `charts.css`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from reportlab.graphics import shapes
from reportlab.lib.colors import Color, HexColor

from amends.desk.report.colors import BARS, INK, LINE, MARKS, OWN, PALE, STRONG
from amends.desk.report.fonts import Fonts, is_han, without_controls

UNSEEN = frozenset({"hit", "unseen"})
SKIPPED = frozenset({"title", "desc"})
SIZE, SMALL = 9.0, 8.0

_LACKED = str.maketrans({"·": "、", "−": "-", "–": "-", "£": "GBP ", "€": "EUR "})

Element = ElementTree.Element


@dataclass(frozen=True, slots=True)
class Paper:
    """The place of a drawing, in points, and its fonts."""

    width: float
    height: float
    fonts: Fonts
    stretch: float = 1.0  # of points inside the plot
    top: float = 0.0

    def x(self, value: str | None) -> float:
        text = value or "0"
        share = text.endswith("%")
        return float(text[:-1]) * self.width / 100 if share else float(text) * self.stretch

    def y(self, value: str | None) -> float:
        return self.height - self.top - float(value or 0)


def charts_in(markup: str) -> list[Element]:
    """Return the charts in a piece of markup, in their order."""
    return [element for element in parsed(markup) if element.tag == "svg"]


def parsed(markup: object) -> Element:
    """Return a piece of markup, whatever somebody's words in it."""
    return ElementTree.fromstring(f"<all>{without_controls(str(markup))}</all>")


def drawing_of(chart: Element, width: float, fonts: Fonts) -> shapes.Drawing:
    """Draw a chart `width` points wide.

    Raises:
        ValueError: The chart holds a shape that is not known here.
    """
    box = chart.get("viewBox")
    natural, height = (float(n) for n in box.split()[2:]) if box else (width, _height(chart))
    paper = Paper(natural, height, fonts)
    drawn = shapes.Drawing(width, height * width / natural)
    group = shapes.Group(*_shapes(chart, paper), transform=_scaled(width / natural))
    drawn.add(group)
    return drawn


def on_paper(text: str) -> str:
    """Return text that is drawn in one font: what the Chinese one lacks is said otherwise."""
    return text.translate(_LACKED) if is_han(text) else text


def _height(chart: Element) -> float:
    return float(chart.get("height", "0"))


def _scaled(by: float) -> tuple[float, float, float, float, float, float]:
    return (by, 0, 0, by, 0, 0)


def _shapes(element: Element, paper: Paper) -> Iterator[shapes.Shape]:
    for child in element:
        if child.tag == "svg":
            yield from _shapes(child, _inside(child, paper))
        elif child.tag in {"g", "a"}:
            yield from _shapes(child, paper)
        elif child.tag not in SKIPPED and not UNSEEN & _classes(child):
            yield _shape(child, paper)


def _inside(plot: Element, paper: Paper) -> Paper:
    wide = float(plot.get("viewBox", "0 0 1000 1").split()[2])
    top = float(plot.get("y", "0"))
    return Paper(paper.width, paper.height, paper.fonts, paper.width / wide, top)


def _shape(element: Element, paper: Paper) -> shapes.Shape:
    match element.tag:
        case "line":
            return _line(element, paper)
        case "rect":
            return _rect(element, paper)
        case "circle":
            return _circle(element, paper)
        case "text":
            return _text(element, paper)
        case "polyline":
            return _polyline(element, paper)
        case "polygon":
            return _polygon(element, paper)
    raise ValueError(f"a report cannot draw <{element.tag}>; see amends/desk/report/drawing.py")


def _line(element: Element, paper: Paper) -> shapes.Shape:
    ends = [
        paper.x(element.get("x1")),
        paper.y(element.get("y1")),
        paper.x(element.get("x2")),
        paper.y(element.get("y2")),
    ]
    classes = _classes(element)
    stroke = INK if "whisker" in classes else STRONG if "guide" in classes else LINE
    dashes = [3, 3] if "guide" in classes else None
    wide = 1.2 if "whisker" in classes else 0.7
    return shapes.Line(
        *ends, strokeColor=HexColor(stroke), strokeWidth=wide, strokeDashArray=dashes
    )


def _rect(element: Element, paper: Paper) -> shapes.Shape:
    high, wide = float(element.get("height", "0")), paper.x(element.get("width"))
    round_ = min(float(element.get("rx", "0")), wide / 2)
    return shapes.Rect(
        paper.x(element.get("x")),
        paper.y(element.get("y")) - high,
        wide,
        high,
        rx=round_,
        ry=round_,
        fillColor=_fill(_classes(element)),
        strokeColor=None,
    )


def _circle(element: Element, paper: Paper) -> shapes.Shape:
    return shapes.Circle(
        paper.x(element.get("cx")),
        paper.y(element.get("cy")),
        float(element.get("r", "3")) * 0.8,
        fillColor=_fill(_classes(element)),
        strokeColor=HexColor("#ffffff"),
        strokeWidth=0.8,
    )


def _text(element: Element, paper: Paper) -> shapes.Shape:
    classes = _classes(element)
    inside = "inside" in classes
    color = "#ffffff" if inside else PALE if "tick" in classes else INK
    return shapes.String(
        paper.x(element.get("x")),
        paper.y(element.get("y")),
        on_paper(element.text or ""),
        fontName=paper.fonts.of(element.text or "", bold=inside),
        fontSize=SMALL if "tick" in classes else SIZE,
        textAnchor=element.get("text-anchor", "start"),
        fillColor=HexColor(color),
    )


def _polyline(element: Element, paper: Paper) -> shapes.Shape:
    classes = _classes(element)
    dashes = {"second": [5, 3], "third": [1, 3]}
    found = next((dashes[one] for one in dashes if one in classes), None)
    return shapes.PolyLine(
        _points(element, paper),
        strokeColor=_own(classes),
        strokeWidth=1.6,
        strokeDashArray=found,
        strokeLineJoin=1,
    )


def _polygon(element: Element, paper: Paper) -> shapes.Shape:
    classes = _classes(element)
    is_ring = "ring" in classes
    own = _own(classes)
    fill = None if is_ring else Color(own.red, own.green, own.blue, alpha=0.15)
    stroke = HexColor(PALE if "zero" in classes else LINE) if is_ring else own
    return shapes.Polygon(
        _points(element, paper),
        fillColor=fill,
        strokeColor=None if "band" in classes else stroke,
        strokeWidth=0.8 if is_ring else 1.4,
        strokeDashArray=[3, 2] if "zero" in classes else None,
    )


def _points(element: Element, paper: Paper) -> list[float]:
    pairs = (pair.split(",") for pair in element.get("points", "").split())
    return [at for x, y in pairs for at in (paper.x(x), paper.y(y))]


def _classes(element: Element) -> frozenset[str]:
    return frozenset(element.get("class", "").split())


def _own(classes: frozenset[str]) -> Color:
    return HexColor(next((OWN[one] for one in OWN if one in classes), OWN["first"]))


def _fill(classes: frozenset[str]) -> Color:
    special = next((BARS[one] for one in ("quiet", "good", "bad", "track") if one in classes), None)
    marked = next((MARKS[one] for one in MARKS if one in classes), None)
    if special or marked:
        return HexColor(special or marked)
    return HexColor(BARS["bar"]) if "bar" in classes else _own(classes)
