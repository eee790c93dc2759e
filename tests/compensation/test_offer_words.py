"""How an offer reads."""

from datetime import UTC, date, datetime

import pytest

from amends.cases.model import CaseId, Promise
from amends.compensation.model import Offer, Remedy, Step
from amends.compensation.words import (
    choice_words,
    day,
    moment,
    money,
    offer_card,
    offer_words,
    promise_words,
)
from amends.values import Money, utc_now


def remedy(alternative: int, title: str, minor: int | None = None, zh: str | None = None) -> Remedy:
    titles = {"en": title} | ({"zh": zh} if zh else {})
    amount = Money(minor, "GBP") if minor is not None else None
    return Remedy(
        f"r{alternative}{title}", "o", "c", alternative, title, "compensatory", "goodwill",
        amount, ("clause",), titles, 5, Step.OFFERED, "customer",
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


@pytest.mark.parametrize(
    ("amount", "english", "chinese"),
    [
        (Money(2490, "GBP"), "£24.90", "£24.90"),
        (Money(249000, "EUR"), "€2,490.00", "€2,490.00"),
        (Money(2490, "JPY"), "JP¥2,490", "JP¥2,490"),
        (Money(2490, "CNY"), "CN¥24.90", "¥24.90"),
    ],
)
def test_given_money_when_worded_then_each_language_writes_it_its_own_way(amount, english, chinese):
    assert (money(amount), money(amount, "zh")) == (english, chinese)


def test_given_a_date_when_worded_then_each_language_writes_it_its_own_way():
    at = datetime(2026, 11, 2, 9, 5, tzinfo=UTC)

    assert (day(date(2026, 3, 4)), day(date(2026, 3, 4), "zh")) == ("4 March", "3月4日")
    assert (moment(at), moment(at, "zh")) == ("2 November, 09:05 UTC", "11月2日09:05（UTC）")


def test_given_a_language_without_forms_when_worded_then_english():
    assert day(date(2026, 3, 4), "fr") == "4 March"


def test_given_chinese_when_an_offer_is_worded_then_chinese_marks_and_no_spaces():
    made = offer(
        remedy(0, "A refund", 9900, "退款"), remedy(0, "A voucher", 500, "优惠券"),
        remedy(1, "A replacement", None, "换新"), remedy(1, "A voucher", 500, "优惠券"),
    )  # fmt: skip

    words = "退款（£99.00），或者换新；无论选哪一项，都另有优惠券（£5.00）"
    assert offer_words(made, "zh") == words
    assert offer_card(made, "zh")["lines"][0]["title"] == "退款"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "a refund (£99.00) by 4 March and a note by 4 March"),
        ("zh", "退款（£99.00），3月4日前办妥；致歉信，3月4日前办妥"),
    ],
)
def test_given_promises_when_worded_then_each_with_its_day(language, words):
    remedies = (remedy(0, "A refund", 9900, "退款"), remedy(0, "A note", None, "致歉信"))
    due = datetime(2026, 3, 4, 10, tzinfo=UTC)
    promises = tuple(
        Promise("p", CaseId("c"), one.kind, due, due, "bot", remedy_id=one.id) for one in remedies
    )

    assert promise_words(remedies, promises, language) == words
