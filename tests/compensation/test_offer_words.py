"""How an offer reads."""

import pytest

from amends.compensation.model import Offer, Remedy, Step
from amends.compensation.words import choice_words, offer_words
from amends.values import Money, utc_now


def remedy(alternative: int, title: str, minor: int | None = None) -> Remedy:
    amount = Money(minor, "GBP") if minor is not None else None
    return Remedy(
        f"r{alternative}{title}", "o", "c", alternative, title, "compensatory", "goodwill",
        amount, ("clause",), {"en": title}, 5, Step.OFFERED, "customer",
    )  # fmt: skip


def offer(*remedies: Remedy) -> Offer:
    now = utc_now()
    return Offer("o", "c", "d", 0, now, now, "bot", remedies)


def test_given_one_bundle_when_worded_then_a_list_with_small_letters():
    made = offer(remedy(0, "A refund", 495), remedy(0, "A voucher", 500), remedy(0, "EU form"))

    assert offer_words(made) == "a refund (£4.95), a voucher (£5.00) and EU form"


def test_given_a_choice_when_worded_then_what_comes_either_way_is_said_once():
    made = offer(
        remedy(0, "A refund", 9900), remedy(0, "A voucher", 500),
        remedy(1, "A replacement"), remedy(1, "A voucher", 500),
    )  # fmt: skip

    words = "a refund (£99.00) or a replacement; either way with a voucher (£5.00)"
    assert offer_words(made) == words
    assert [choice_words(made, index) for index in (0, 1)] == [
        "a refund (£99.00)",
        "a replacement",
    ]


@pytest.mark.parametrize("index", [0, 1])
def test_given_a_choice_within_another_when_worded_then_each_is_told_in_full(index):
    made = offer(remedy(0, "A refund", 100), remedy(1, "A refund", 100), remedy(1, "A note"))

    assert "a refund" in choice_words(made, index)
