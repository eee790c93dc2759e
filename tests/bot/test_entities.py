"""What is taken for an order number, money, time or an address, and what is not."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.training_data.message import Message

from bot.components.entities import ComplaintEntityExtractor, find_entities


def values(text: str, kind: str) -> list[Any]:
    return [entity["value"] for entity in find_entities(text) if entity["entity"] == kind]


class TestOrderNumbers:
    @pytest.mark.parametrize(
        ("text", "number"),
        [
            ("#10045", "10045"),
            ("order no. 10045", "10045"),
            ("A-10045", "A-10045"),
            ("a-10045", "A-10045"),
            ("10045", "10045"),
            ("it's 10045 thanks", "10045"),
            ("My order number is AM10045 ", "AM-10045"),
            ("AM 10 045", "AM-10045"),
            ("order 10 045 never came", "10045"),
            ("order was 10-045", "10045"),
            ("Order number:A-10045.", "A-10045"),
            ("no, order 10045", "10045"),
            ("order 10045 came 5 days ago", "10045"),
            ("where is order ORD-2024-00123?", "ORD-202400123"),
            ("ordered 12345678 and nothing came", "12345678"),
            ("order\u00a010045", "10045"),
            ("我的订单10045还没到", "10045"),
            ("订单号：10045，一直没收到", "10045"),
            ("单号是A-10045", "A-10045"),
            ("等了很久，20003那单还没发货", "20003"),
        ],
    )
    def test_any_common_spelling_gives_one_value(self, text: str, number: str) -> None:
        assert values(text, "order_number") == [number]

    def test_two_orders_in_one_sentence_are_both_found(self) -> None:
        assert values("orders: order 10045 and 10046", "order_number") == ["10045", "10046"]

    @pytest.mark.parametrize(
        "text",
        [
            "call me on 07700 900123",
            "my number is +44 7700 900123",
            "ring 555-123-4567",
            "I paid £10045",
            "我付了10045元",
            "已经投诉过3000次了",
            "我的电话是13812345678",
            "2024年买的",
            "it cost 10045 yen",
            "on 12/03/2024",
            "on 2024-03-12",
            "in 2023",
            "my order from 2023 is late",
            "my flight BA2490 at 10:45",
            "flight 1234 was late",
            "I waited 10045 minutes",
            "order 3 weeks ago",
            "an iphone 14",
            "10045 people complained",
            "50% off",
            "version 12345",
            "",
        ],
    )
    def test_other_numbers_are_left_alone(self, text: str) -> None:
        assert values(text, "order_number") == []


class TestAmounts:
    @pytest.mark.parametrize(
        ("text", "minor", "currency"),
        [
            ("£20", 2000, "GBP"),
            ("20 euros", 2000, "EUR"),
            ("$1,299.99", 129999, "USD"),
            ("50 bucks", 5000, "USD"),
            ("¥5000", 5000, "JPY"),
            ("5000 yen", 5000, "JPY"),
            ("€19,99", 1999, "EUR"),
            ("GBP 12.5", 1250, "GBP"),
            ("a 2k dollars sofa", 200000, "USD"),
            ("15 quid", 1500, "GBP"),
        ],
    )
    def test_money_is_read_in_minor_units(self, text: str, minor: int, currency: str) -> None:
        assert values(text, "amount") == [{"amount_minor": minor, "currency": currency}]

    @pytest.mark.parametrize("text", ["20 minutes", "order 10045", "5 stars", "£", "pounds"])
    def test_other_numbers_are_no_money(self, text: str) -> None:
        assert values(text, "amount") == []


class TestTime:
    @pytest.mark.parametrize(
        ("text", "hours"),
        [
            ("three weeks", 504.0),
            ("2 hrs", 2.0),
            ("half an hour", 0.5),
            ("an hour and a half", 1.5),
            ("45 minutes", 0.75),
            ("a couple of days", 48.0),
            ("10 working days", 240.0),
        ],
    )
    def test_durations_are_hours(self, text: str, hours: float) -> None:
        assert values(text, "duration") == [hours]

    def test_a_weekday_is_a_date_and_no_duration(self) -> None:
        assert values("since Monday", "date") == ["monday"]
        assert values("since Monday", "duration") == []

    @pytest.mark.parametrize("text", ["12 March", "March 12th, 2024", "2024-03-12", "12/03/2024"])
    def test_dates_are_found_as_written(self, text: str) -> None:
        assert values(f"it was {text}", "date") == [text.lower()]


class TestExtractor:
    def test_positions_are_those_of_the_original_text(self) -> None:
        text = "It\u2019s order\u200b A-10045, \x07 mail Jo.Bloggs@Example.co.uk"

        for entity in find_entities(text):
            piece = text[entity["start"] : entity["end"]]
            assert piece in ("A-10045", "Jo.Bloggs@Example.co.uk")
        assert values(text, "email") == ["jo.bloggs@example.co.uk"]

    def test_entities_do_not_overlap(self) -> None:
        found = find_entities("order 10045 on 12/03/2024 for £20.00, jo10045@x.org, 3 weeks ago")

        assert all(a["end"] <= b["start"] for a, b in itertools.pairwise(found))
        assert {e["entity"] for e in found} == {
            "order_number", "date", "amount", "email", "duration",
        }  # fmt: skip

    def test_only_the_kinds_asked_for_are_added(self) -> None:
        extractor = ComplaintEntityExtractor({"kinds": ["amount"]})
        message = Message(data={"text": "£20 for order 10045"})

        extractor.process([message])

        assert [entity["entity"] for entity in message.get("entities")] == ["amount"]
        assert message.get("entities")[0]["extractor"] == "ComplaintEntityExtractor"

    def test_an_unknown_kind_is_refused(self) -> None:
        with pytest.raises(InvalidConfigException, match="shoe_size"):
            ComplaintEntityExtractor.validate_config({"kinds": ["shoe_size"]})

    @pytest.mark.parametrize("text", ["1 2 3 4 " * 5000, "1" * 100_000, "a" * 100_000, "£" * 9999])
    def test_hostile_texts_are_read_quickly(self, text: str) -> None:
        import time

        begun = time.perf_counter()
        find_entities(text)

        assert time.perf_counter() - begun < 0.5
