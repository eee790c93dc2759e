"""The list as a file: complete, masked unless wanted otherwise, harmless in a spreadsheet."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.cases.search import CaseQuery, Place
from amends.records import lists
from amends.records.lists import COLUMNS, csv_head, harmless, to_csv, to_json_lines
from amends.values import Json
from tests.records.steps import OWNER, settled
from tests.support.shop import Shop


def rows(shop: Shop, *, personal: bool) -> list[Json]:
    found: list[Json] = []
    after: Place | None = None
    while True:
        with shop.db.read() as uow:
            batch = lists.batch_of(uow, CaseQuery(), shop.clock(), after, personal=personal)
        found += batch.rows
        after = batch.next
        if after is None:
            return found


def table(made: list[Json]) -> list[dict[str, str]]:
    text = csv_head() + to_csv(made)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_given_a_settled_case_then_its_row_has_all_columns_and_what_was_given(shop: Shop) -> None:
    chat = settled(shop)

    (row,) = table(rows(shop, personal=True))

    assert tuple(row) == COLUMNS
    assert row["number"] == chat.case.number
    assert row["root_cause"] == "carrier_delay"
    assert row["customer_email"] == OWNER
    assert row["language"] == "en"
    assert row["given_currency"] == "GBP"
    assert int(row["given_minor"]) > 0
    assert row["given"].startswith("£")


def test_given_no_wish_for_personal_data_then_nobody_is_named(shop: Shop) -> None:
    settled(shop)

    text = to_csv(rows(shop, personal=False)) + to_json_lines(rows(shop, personal=False))

    for secret in ("Maya", "Collins", OWNER, "me@example.com", "cus-"):
        assert secret not in text


def test_given_json_lines_then_each_line_is_one_case(shop: Shop) -> None:
    shop.chat().complains()
    shop.chat().complains(order=None)

    lines = to_json_lines(rows(shop, personal=True)).splitlines()

    assert len(lines) == 2
    assert all(json.loads(line)["number"].startswith("AM-") for line in lines)


def test_given_more_cases_than_a_batch_then_every_one_comes_once(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "BATCH", 2)
    made = {shop.chat().complains().number for _ in range(5)}

    numbers = [row["number"] for row in rows(shop, personal=False)]

    assert len(numbers) == 5
    assert set(numbers) == made


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_given_words_that_a_spreadsheet_would_run_then_they_stay_text(
    shop: Shop, begin: str
) -> None:
    shop.chat().complains(text=f"{begin}HYPERLINK(1) my order has not come since last week")
    made = rows(shop, personal=True)
    made[0]["what_happened"] = f"{begin}cmd|' /C calc'!A0"

    (row,) = table(made)

    assert row["what_happened"].startswith("'")


@given(st.text(max_size=60))
def test_given_any_cell_then_no_spreadsheet_takes_it_for_a_formula(text: str) -> None:
    cell = harmless(text)

    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert cell.removeprefix("'") == text.removeprefix("'") or cell == text
