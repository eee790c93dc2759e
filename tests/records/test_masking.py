"""Without personal data nothing in a record says whom it is about."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.cases.model import Customer
from amends.records.export import case_to_json
from amends.records.masking import EMAIL, NAME, NUMBER, Mask, masked
from tests.records.steps import CONTACT, OWNER, record, settled
from tests.support.shop import Shop

MAYA = Customer("cus-1", "Maya Collins", "maya@example.com")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("I am Maya Collins", f"I am {NAME}"),
        ("maya here, MAYA!", f"{NAME} here, {NAME}!"),
        ("Mayan pots of Collinsville", "Mayan pots of Collinsville"),
        ("mail maya@example.com or a.b+c@shop.co.uk.", f"mail {EMAIL} or {EMAIL}."),
        ("call +44 20 7946 0958 or 13912345678", f"call {NUMBER} or {NUMBER}"),
        ("order 10045 cost 1,200.50 on 2026-03-04", "order 10045 cost 1,200.50 on 2026-03-04"),
    ],
)
def test_given_words_when_masked_then_names_addresses_and_long_numbers_are_gone(
    words: str, told: str
) -> None:
    assert Mask.of([MAYA]).text(words) == told


def test_given_a_chinese_name_without_spaces_around_it_then_it_is_masked() -> None:
    mask = Mask.of([Customer("c", "王小明", "w@example.com")])

    assert mask.text("我是王小明，请回复") == f"我是{NAME}，请回复"


@given(st.text(max_size=80))
def test_given_any_text_around_it_then_an_address_never_stays(text: str) -> None:
    assert "maya@example.com" not in Mask.of([MAYA]).text(f"{text} maya@example.com {text}")


def test_given_a_whole_case_when_masked_then_nobody_is_named_in_its_export(shop: Shop) -> None:
    found = record(shop, settled(shop).case)
    now = shop.clock()
    full = json.dumps(case_to_json(found, now, personal=True))
    plain = json.dumps(case_to_json(masked(found), now, personal=False))

    for secret in ("Maya", "Collins", OWNER, "me@example.com", CONTACT):
        assert secret in full, secret
        assert secret not in plain, secret
    assert "10045" in plain
