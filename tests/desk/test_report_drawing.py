"""The pages' charts on paper: shapes where they were, in the colours of paper."""

import pytest
from reportlab.graphics.shapes import Circle, Drawing, Polygon, PolyLine, Rect, String

from amends.desk.report.drawing import charts_in, drawing_of
from amends.desk.report.fonts import fonts_of, worded
from amends.desk.speech import speaking
from amends.insights.charts.lines import Axis, Line, Spot, line_chart
from amends.insights.charts.svg import Caption, chart, tag

FONTS = fonts_of("en")


def drawn(markup: str, width: float = 500) -> Drawing:
    (found,) = charts_in(markup)
    return drawing_of(found, width, FONTS)


def of_kind[T](drawing: Drawing, kind: type[T]) -> list[T]:
    (group,) = drawing.contents
    return [shape for shape in group.contents if isinstance(shape, kind)]


class TestDrawing:
    def test_given_shares_of_the_width_then_points_from_the_bottom(self) -> None:
        bar = tag("rect", x="10%", y="22", width="50%", height="10", rx="3", class_="bar good")

        (rect,) = of_kind(drawn(chart("bars", Caption("Bars"), 40, [bar])), Rect)

        assert (rect.x, rect.y, rect.width, rect.height) == (50, 8, 250, 10)
        assert rect.fillColor.hexval() == "0x1d6b3a"

    def test_given_an_empty_bar_then_its_corners_fit(self) -> None:
        bar = tag("rect", x="0%", y="0", width="0%", height="10", rx="3", class_="bar")

        (rect,) = of_kind(drawn(chart("bars", Caption("Bars"), 10, [bar])), Rect)

        assert (rect.width, rect.rx) == (0, 0)

    def test_given_a_line_then_its_points_lie_on_its_marks(self) -> None:
        spots = [Spot(1.0, 0.5, 1.5), Spot(3.0, 2.5, 3.5), Spot(2.0, 1.5, 2.5)]
        axis = Axis(0, 4, ((0, "0"), (4, "4")))
        markup = line_chart(
            Caption("Course"), [Line("Mood", "first", spots)], ["a", "b", "c"], axis
        )

        drawing = drawn(str(markup))

        (line,) = of_kind(drawing, PolyLine)
        marks = of_kind(drawing, Circle)
        on_line = list(zip(line.points[::2], line.points[1::2], strict=True))
        at_marks = [(mark.cx, mark.cy) for mark in marks]
        assert on_line == [pytest.approx(place, abs=0.01) for place in at_marks]
        assert len(of_kind(drawing, Polygon)) == 1  # the band of the interval
        assert {text.text for text in of_kind(drawing, String)} >= {"0", "4", "a", "c"}

    def test_given_what_is_only_for_pointers_then_it_is_left_out(self) -> None:
        hit = tag("rect", x="0", y="0", width="100%", height="10", class_="hit")

        assert not of_kind(drawn(chart("bars", Caption("Bars"), 10, [hit])), Rect)

    def test_given_control_characters_then_they_are_left_out(self) -> None:
        said = tag("text", "Lyon\x1f\x00", x="0", y="9")

        (text,) = of_kind(drawn(chart("bars", Caption("Bars"), 10, [said])), String)

        assert text.text.strip() == "Lyon"

    def test_given_a_shape_that_no_chart_draws_then_it_is_named(self) -> None:
        strange = chart("bars", Caption("Bars"), 10, [tag("ellipse", cx="1", cy="1")])

        with pytest.raises(ValueError, match="<ellipse>"):
            drawn(strange)


class TestWorded:
    def test_given_both_scripts_then_each_in_a_font_that_has_it(self) -> None:
        with speaking("zh"):
            said = worded("评价 4.5 < 5")

        assert said == ('<font name="STSong-Light">评价</font><font name="Vera"> 4.5 &lt; 5</font>')

    def test_given_latin_in_an_english_report_then_the_styles_font_stays(self) -> None:
        assert worded("R & D") == "R &amp; D"
