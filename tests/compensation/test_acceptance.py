"""A typed yes settles an offer only when it is a yes and nothing else."""

import pytest

from amends.compensation.acceptance import is_outright


class TestIsOutright:
    @pytest.mark.parametrize(
        "text",
        [
            "yes",
            "Yes please!",
            "ok that works for me, thank you",
            "sounds fair, go ahead",
            "deal 👍",
            "I accept your offer",
            "好的，谢谢",
            "可以，我接受",
        ],
    )
    def test_given_a_plain_yes_then_it_is_outright(self, text: str) -> None:
        assert is_outright(text)

    @pytest.mark.parametrize(
        "text",
        [
            "yes if you make it 50",
            "Yes, but add another voucher",
            "ok so that is £200, right?",
            "agreed: ５０ pounds",
            "sure, whatever, a million pounds, fine",
            "deal, a few quid on top",
            "fine, double",
            "yes, only with a replacement",
            "you confirm the full amount then",
            "sure, plus something for my time",
            "I guess",
            "好的，如果再加一张券",
            "行，给我五百",
            "你们答应的吧？",
        ],
    )
    def test_given_a_condition_a_number_or_a_question_then_it_is_not(self, text: str) -> None:
        assert not is_outright(text)
