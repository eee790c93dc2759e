"""A case as JSON is what its schema says, complete, and holds no code that is worth money."""

import json
from functools import cache
from pathlib import Path

from jsonschema import Draft202012Validator, FormatChecker

from amends.records.export import VERSION, case_to_json
from amends.records.masking import masked
from amends.values import Json
from amends.wiring import jobs
from tests.records.steps import record, settled
from tests.support.shop import Shop

SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "schemas" / f"case-v{VERSION}.json"


@cache
def schema() -> Json:
    return json.loads(SCHEMA.read_text(encoding="utf-8"))


def problems(exported: Json) -> list[str]:
    validator = Draft202012Validator(schema(), format_checker=FormatChecker())
    return [f"{list(error.path)}: {error.message}" for error in validator.iter_errors(exported)]


def exported(shop: Shop, *, personal: bool = True) -> Json:
    found = record(shop, settled(shop).case)
    shown = found if personal else masked(found)
    return json.loads(json.dumps(case_to_json(shown, shop.clock(), personal=personal)))


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(schema())


def test_given_a_case_with_everything_when_exported_then_it_fits_the_schema(shop: Shop) -> None:
    assert problems(exported(shop)) == []


def test_given_a_masked_case_when_exported_then_it_fits_the_schema(shop: Shop) -> None:
    assert problems(exported(shop, personal=False)) == []


def test_given_a_bare_case_when_exported_then_it_fits_the_schema(shop: Shop) -> None:
    found = record(shop, shop.chat().complains(order=None))

    assert problems(case_to_json(found, shop.clock(), personal=True)) == []


def test_given_a_key_that_the_schema_does_not_know_then_it_complains(shop: Shop) -> None:
    made = exported(shop)
    made["case"]["mood"] = "furious"

    assert problems(made) != []


def test_given_remedies_then_each_has_minor_units_currency_and_words(shop: Shop) -> None:
    made = exported(shop)

    amounts = [r["amount"] for offer in made["offers"] for r in offer["remedies"] if r["amount"]]
    assert amounts
    assert all(set(one) == {"amount_minor", "currency", "text"} for one in amounts)
    assert all(one["text"].startswith("£") for one in amounts)


def test_given_a_voucher_that_was_issued_when_exported_then_its_code_stays_here(
    shop: Shop,
) -> None:
    chat = settled(shop)
    shop.clock.forward(hours=1)
    jobs.issue_remedies(shop.app)
    found = record(shop, chat.case)
    codes = [one.code for one in found.remedies.values() if one.code]

    text = json.dumps(case_to_json(found, shop.clock(), personal=True))

    assert codes
    assert not any(code in text for code in codes)
