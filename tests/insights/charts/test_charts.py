"""Charts as SVG: well-formed, escaped, to scale, and told in words as well."""

from xml.etree import ElementTree

import pytest
from markupsafe import Markup

from amends.insights.charts.bars import (
    Bar,
    Segment,
    Step,
    bar_chart,
    pareto_chart,
    stack_chart,
)
from amends.insights.charts.lines import PLOT, Axis, Line, Spot, line_chart, shown, sparkline
from amends.insights.charts.radar import Round, radar_chart
from amends.insights.charts.svg import Caption
from amends.insights.charts.tables import Cell, Numbers, legend, numbers_table

CAPTION = Caption("Mood & <more>", "from 1 to 2")
AXIS = Axis(1, 5, [(1, "1"), (5, "5")])


def parsed(drawn: Markup) -> ElementTree.Element:
    """Return the tree; this fails for what is not well-formed."""
    return ElementTree.fromstring(str(drawn))


def of_class(drawn: Markup, name: str) -> list[ElementTree.Element]:
    return [one for one in parsed(drawn).iter() if name in one.get("class", "").split()]


class TestEveryChart:
    @pytest.mark.parametrize(
        "drawn",
        [
            line_chart(CAPTION, [Line("a", "first", [Spot(2, 1, 3), Spot(3)])], ["x", "y"], AXIS),
            bar_chart(CAPTION, [Bar("a", "1", 1.0)], 2),
            stack_chart(CAPTION, [Segment("a", "1", 1.0, "mark-1")]),
            pareto_chart(CAPTION, [Step("a", "1", 1.0, 1.0)]),
            radar_chart(CAPTION, list("abc"), [Round("r", "first", [1, 2, 3])], (0, 3), [(1, "1")]),
            sparkline(CAPTION, [1.0, 2.0, 3.0], 1),
        ],
    )  # fmt: skip
    def test_given_a_caption_then_the_picture_is_told_in_words(self, drawn: Markup) -> None:
        root = parsed(drawn)

        assert root.get("aria-label") == "Mood & <more>: from 1 to 2"
        assert root.get("role") == "img"
        assert root.find("title").text == "Mood & <more>"
        assert root.find("desc").text == "from 1 to 2"


class TestLines:
    def test_given_a_gap_then_the_line_is_broken_and_what_stands_alone_is_marked(self) -> None:
        spots = [Spot(1), Spot(2), Spot(None), Spot(3), Spot(None)]

        drawn = line_chart(CAPTION, [Line("a", "first", spots)], list("vwxyz"), AXIS)

        (stroke,) = of_class(drawn, "stroke")
        assert len(stroke.get("points").split()) == 2
        assert len(of_class(drawn, "mark")) == 3

    def test_given_values_then_their_height_follows_the_axis_and_ends_with_it(self) -> None:
        assert AXIS.y(1) == PLOT
        assert AXIS.y(5) == 0
        assert AXIS.y(3) == PLOT / 2
        assert AXIS.y(9) == 0

    def test_given_an_interval_then_a_band_of_both_bounds(self) -> None:
        spots = [Spot(2, 1, 3), Spot(2, 1, 3), Spot(2, 1, 3)]

        (band,) = of_class(
            line_chart(CAPTION, [Line("a", "first", spots)], list("xyz"), AXIS), "band"
        )

        assert len(band.get("points").split()) == 6

    def test_given_many_places_then_four_labels_from_first_to_last(self) -> None:
        assert shown(52) == [0, 17, 34, 51]
        assert shown(3) == [0, 1, 2]
        assert shown(0) == []

    def test_given_two_values_then_there_is_no_small_line(self) -> None:
        assert sparkline(CAPTION, [1.0, None, 2.0], 1) == ""

    def test_given_trifles_then_the_small_line_stays_near_the_middle(self) -> None:
        (line,) = parsed(sparkline(CAPTION, [100.0, 101.0, 100.0], 100)).iter("polyline")
        heights = [float(point.split(",")[1]) for point in line.get("points").split()]

        assert max(heights) - min(heights) < 1


class TestBars:
    def test_given_values_then_bars_are_their_part_of_the_most(self) -> None:
        drawn = bar_chart(CAPTION, [Bar("a", "1", 1.0), Bar("b", "9", 9.0), Bar("c", "0", 0)], 4)

        assert [one.get("width") for one in of_class(drawn, "bar")] == ["25%", "100%", "0%"]

    def test_given_somewhere_to_go_then_a_named_link_and_a_group(self) -> None:
        root = parsed(bar_chart(CAPTION, [Bar("<a>", "1", 1.0, "/x?a=1&b=2")], 1))

        link = root.find("a")
        assert root.get("role") == "group"
        assert (link.get("href"), link.get("aria-label")) == ("/x?a=1&b=2", "<a>: 1")

    def test_given_parts_then_they_fill_the_row_and_an_empty_one_is_left_out(self) -> None:
        parts = [Segment(str(n), "", value, "mark-1") for n, value in enumerate((1, 0, 3))]

        drawn = of_class(stack_chart(CAPTION, parts), "part")

        assert [one.get("x") for one in drawn] == ["0%", "25%"]

    def test_given_a_pareto_then_bars_and_the_line_of_their_sum(self) -> None:
        steps = [Step("a", "", 0.75, 0.75, vital=True), Step("b", "", 0.25, 1.0)]

        drawn = pareto_chart(CAPTION, steps)

        assert [one.get("height") for one in of_class(drawn, "bar")] == ["135", "45"]
        (stroke,) = of_class(drawn, "stroke")
        assert stroke.get("points") == "250,45 750,0"


class TestRadar:
    def test_given_an_axis_without_a_value_then_marks_but_no_area(self) -> None:
        drawn = radar_chart(
            CAPTION, list("abc"), [Round("r", "first", [1, None, 3])], (0, 3), [(1, "1")]
        )

        assert len(of_class(drawn, "mark")) == 2
        assert of_class(drawn, "area") == []

    def test_given_the_least_and_the_most_then_the_middle_and_the_top(self) -> None:
        drawn = radar_chart(CAPTION, list("abc"), [Round("r", "first", [3, 0, 0])], (0, 3), [])

        top, middle, _ = of_class(drawn, "mark")
        assert (top.get("cx"), top.get("cy")) == ("190", "32")
        assert (middle.get("cx"), middle.get("cy")) == ("190", "132")


class TestTables:
    def test_given_cells_then_links_and_text_are_escaped_and_numbers_are_set_right(self) -> None:
        row = [Cell("a & b"), Cell("1", "/y?a=1&b=2"), Cell("z", is_text=True)]
        table = Numbers("Of <x>", ["Name", "Count", "Words"], [row])

        root = parsed(numbers_table(table))

        assert root.get("aria-label") == "Of <x>"
        assert [one.get("class") for one in root.iter("th")][:3] == ["", "num", ""]
        assert [one.get("class") for one in root.iter("td")] == ["num", ""]
        assert next(root.iter("a")).get("href") == "/y?a=1&b=2"

    def test_given_a_legend_then_each_style_has_its_name(self) -> None:
        root = parsed(legend([("first", "Stated"), ("second", "Said & done")]))

        assert [("".join(one.itertext())) for one in root.iter("li")] == ["Stated", "Said & done"]
