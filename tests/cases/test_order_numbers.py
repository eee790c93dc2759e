"""Customers write order numbers in many ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.cases.order_numbers import normal_number


@pytest.mark.parametrize(
    "written",
    [
        "10045",
        " 10045 ",
        "#10045",
        "# 10045",
        "A-10045",
        "a10045",
        "no. 10045",
        "Order 10045",
        "order no. 10045",
        "Order number: 10045",
        "order #10045",
        "100-45",
        "100 45",
        "１００４５",
        "№10045",
        "订单号10045",
        "订单：10045",
    ],
)
def test_given_a_label_or_sign_when_normalised_then_the_digits_remain(written: str) -> None:
    assert normal_number(written) == "10045"


@pytest.mark.parametrize(
    ("written", "normal"), [(" fx-77b ", "FX-77B"), ("", ""), ("#", "#"), ("x 1 y", "X 1 Y")]
)
def test_given_another_pattern_when_normalised_then_it_stays_as_written(
    written: str, normal: str
) -> None:
    assert normal_number(written) == normal


@given(st.text(max_size=40))
def test_given_any_text_when_normalised_twice_then_nothing_more_changes(written: str) -> None:
    once = normal_number(written)

    assert normal_number(once) == once
