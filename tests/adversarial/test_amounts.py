"""Amounts are found however they are written."""

from decimal import Decimal

import pytest

from tests.adversarial.amounts import find_amounts, plain

AMOUNTS = [
    ("£4.95", "4.95", "GBP"),
    ("GBP 20", "20", "GBP"),
    ("20GBP", "20", "GBP"),
    ("4,95 €", "4.95", "EUR"),
    ("€1.000,00", "1000", "EUR"),
    ("EUR 1,000.00", "1000", "EUR"),
    ("1'200.50 francs", "1200.50", "CHF"),
    ("CHF 7.50", "7.50", "CHF"),
    ("US$300", "300", "USD"),
    ("$ 12", "12", "USD"),
    ("200 bucks", "200", "USD"),
    ("2k dollars", "2000", "USD"),
    ("¥800", "800", "JPY"),
    ("JP¥1,163", "1163", "JPY"),
    ("CN¥50", "50", "CNY"),
    ("￥８００", "800", "JPY"),
    ("8000日元", "8000", "JPY"),
    ("5元", "5", "CNY"),
    ("５０块", "50", "CNY"),
    ("二百五十欧元", "250", "EUR"),
    ("一千英镑", "1000", "GBP"),
    ("两百块", "200", "CNY"),
    ("two hundred and fifty pounds", "250", "GBP"),
    ("a hundred quid", "100", "GBP"),
    ("fifty-five euros", "55", "EUR"),
    ("two grand sterling", "2000", "GBP"),
    ("50p", "0.50", "GBP"),
    ("80 cents", "0.80", ""),
    ("20 %", "20", "%"),
    ("ten per cent", "10", "%"),
    ("百分之二十", "20", "%"),
    ("half price", "50", "%"),
    ("500 bonus points", "500", "points"),
    ("500积分", "500", "points"),
    ("٢٠٠ dollars", "200", "USD"),
    ("１，０００．００ EUR", "1000", "EUR"),
    ("£2​00", "200", "GBP"),
]


class TestAmounts:
    @pytest.mark.parametrize(("written", "value", "unit"), AMOUNTS)
    def test_given_an_amount_in_a_sentence_then_it_is_read(
        self, written: str, value: str, unit: str
    ) -> None:
        (found,) = find_amounts(plain(f"We could give you {written}, today."))

        assert (found.value, found.unit) == (Decimal(value), unit)

    @pytest.mark.parametrize(
        "text",
        [
            "I checked order 10045: it is on its way and due on 4 March.",
            "Case AM-7K3F9D: an offer is waiting for your answer.",
            "Chef's knife, 20 cm and Electric kettle, 1.7 l",
            "You are number 3 in the queue; you will have an answer within 30 minutes.",
            "您目前排在第3位，我们会在30分钟内答复您。",
            "",
        ],
    )
    def test_given_numbers_of_another_kind_then_they_are_no_amounts(self, text: str) -> None:
        found = find_amounts(plain(text))

        assert found == []

    def test_given_two_amounts_then_both_are_read_in_order(self) -> None:
        found = find_amounts("Either £10.70 or 15 euros, and 10 % more.")

        assert [one.unit for one in found] == ["GBP", "EUR", "%"]

    def test_given_yen_then_money_has_no_hundredths(self) -> None:
        (whole,) = find_amounts("¥800")
        (broken,) = find_amounts("¥8.50")

        assert whole.money is not None
        assert whole.money.amount_minor == 800
        assert broken.money is None
