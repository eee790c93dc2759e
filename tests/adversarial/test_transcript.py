"""A transcript keeps what was said and given, and leaves out what differs by nature."""

from datetime import date

import pytest

from tests.adversarial.transcript import first_difference, normal

TODAY = date(2026, 3, 4)
KNOWN = {"50017": "<order>", "AM-7K3F9D": "<case 1>"}

SAID = [
    ("I have opened case AM-7K3F9D for you.", "I have opened case <case 1> for you."),
    ("order 50017 was due on 26 February", "order <order> was due on <day -6>"),
    ("订单50017：预计3月9日送达", "订单<order>:预计<day +5>送达"),
    ("until 2 January", "until <day -61>"),
    ("an answer by 4 March, 14:30 UTC", "an answer by <day +0>, <time> UTC"),
    ("You are number 12 in the queue", "You are <place>"),
    ("您目前排在第12位，我们会在30分钟内答复您。", "您目前排在<place>,我们会在<time>内答复您。"),
    ("a voucher (£10.70), 6 days late", "a voucher (£10.70), 6 days late"),
]


class TestNormal:
    @pytest.mark.parametrize(("text", "wanted"), SAID)
    def test_given_a_text_then_only_its_accidents_are_gone(self, text: str, wanted: str) -> None:
        assert normal(text, KNOWN, TODAY) == wanted

    def test_given_the_turn_of_the_year_then_the_nearest_day_counts(self) -> None:
        assert normal("by 2 January", {}, date(2025, 12, 30)) == "by <day +3>"


class TestDifference:
    def test_given_two_records_then_the_first_place_where_they_part_is_told(self) -> None:
        one = [{"said": [["bot", "Hello"], ["bot", "£5"]], "books": {}}]
        other = [{"said": [["bot", "Hello"], ["bot", "£6"]], "books": {}}]

        assert first_difference(one, other) == "[0].said[1][1]: '£5' / '£6'"

    def test_given_a_record_with_more_in_it_then_that_is_told(self) -> None:
        assert first_difference([["a"]], [["a", "b"]]) == "[0]: ['a'] / ['a', 'b']"
