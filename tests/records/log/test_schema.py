"""The published schema and the page are those of the model, and what is exported fits them."""

import json
from dataclasses import dataclass
from typing import Annotated

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from amends.records.log.columns import columns, plain
from amends.records.log.schema import json_schema, parts
from amends.records.log.to_row import to_json_line
from amends.values import Json
from tests.records.log.steps import everything, log_of
from tests.scripts.loading import load_script
from tests.support.shop import LOST, Shop

script = load_script("log_schema")


def problems(row: Json) -> list[str]:
    validator = Draft202012Validator(json_schema(), format_checker=FormatChecker())
    return [f"{list(error.path)}: {error.message}" for error in validator.iter_errors(row)]


def lines(shop: Shop, *, personal: bool) -> list[Json]:
    return [json.loads(to_json_line(row)) for row in log_of(shop, personal=personal)]


class TestPublished:
    def test_given_the_model_then_the_schema_is_current(self) -> None:
        assert script.SCHEMA.read_text("utf-8") == script.schema_text()

    def test_given_the_model_then_the_tables_of_the_page_are_current(self) -> None:
        page = script.PAGE.read_text("utf-8")

        assert page == script.page_text(page)

    def test_given_the_schema_then_it_is_a_schema(self) -> None:
        Draft202012Validator.check_schema(json_schema())


class TestRows:
    @pytest.mark.parametrize("personal", [True, False])
    def test_given_chats_with_everything_and_nothing_then_they_fit(
        self, shop: Shop, personal: bool
    ) -> None:
        everything(shop)
        everything(shop, LOST)
        shop.chat()
        shop.chat("cus-unknown")

        found = lines(shop, personal=personal)

        assert len(found) == 4
        assert [problems(row) for row in found] == [[]] * 4

    def test_given_a_field_that_nobody_knows_then_it_does_not_fit(self, shop: Shop) -> None:
        everything(shop)
        (row,) = lines(shop, personal=True)
        row["cases"][0]["mood"] = "furious"

        assert problems(row) != []

    def test_given_a_word_outside_a_closed_set_then_it_does_not_fit(self, shop: Shop) -> None:
        everything(shop)
        (row,) = lines(shop, personal=True)
        row["cases"][0]["root_cause"] = "weather"

        assert problems(row) != []


class TestModel:
    def test_given_all_parts_then_every_field_says_what_it_means(self) -> None:
        silent = [
            f"{part.__name__}.{one.name}"
            for part in parts()
            for one in columns(part)
            if len(one.about) < 4
        ]

        assert silent == []

    def test_given_a_field_that_says_nothing_then_it_is_refused(self) -> None:
        @dataclass
        class Silent:
            name: str

        @dataclass
        class Odd:
            thing: Annotated[bytes, plain("a thing")]

        with pytest.raises(TypeError, match=r"Silent\.name does not say"):
            columns(Silent)
        with pytest.raises(TypeError, match=r"Odd\.thing"):
            columns(Odd)
