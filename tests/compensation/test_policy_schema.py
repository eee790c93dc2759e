"""The published JSON Schema, which editors use, knows exactly what the loader knows."""

import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from amends.compensation import load, load_amounts, load_clauses, load_exceptions, load_terms

POLICIES = Path(__file__).parents[2] / "policies"
SCHEMA: dict[str, Any] = json.loads((POLICIES / "schema.json").read_text("utf-8"))
DEFS = SCHEMA["$defs"]


def retail() -> dict[str, Any]:
    plain = YAML(typ="safe", pure=True).load((POLICIES / "retail.yml").read_text("utf-8"))
    loaded: dict[str, Any] = json.loads(json.dumps(plain, default=str))
    return loaded


@pytest.fixture(scope="module")
def validator() -> Any:
    jsonschema = pytest.importorskip("jsonschema", reason="an optional tool for developers")
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    return jsonschema.Draft202012Validator(SCHEMA)


def test_retail_fits_the_schema(validator: Any) -> None:
    assert list(validator.iter_errors(retail())) == []


@pytest.mark.parametrize("key", ["titel", "granted"])
def test_given_an_unknown_key_then_the_editor_marks_it(validator: Any, key: str) -> None:
    policy = retail()
    policy["versions"][0]["clauses"][0][key] = "x"

    assert not validator.is_valid(policy)


@pytest.mark.parametrize(
    ("properties", "known"),
    [
        (SCHEMA["properties"], load.POLICY_KEYS),
        (DEFS["version"]["properties"], load.VERSION_KEYS),
        (DEFS["caps"]["properties"], load.CAP_KEYS),
        (DEFS["role"]["properties"], load.AUTHORITY_KEYS),
        (DEFS["exceptions"]["properties"], load_exceptions.EXCEPTION_KEYS),
        (DEFS["reasons"]["properties"], load.REASON_KEYS),
        (DEFS["clause"]["properties"], load_clauses.CLAUSE_KEYS),
        (DEFS["grant"]["properties"], load_clauses.GRANT_KEYS),
        (DEFS["choice"]["items"]["properties"], load_clauses.OPTION_KEYS),
        (DEFS["forbid"]["oneOf"][1]["properties"], load_clauses.FORBID_KEYS),
        (DEFS["remedy"]["properties"], load_clauses.REMEDY_KEYS),
        (DEFS["fact"]["properties"], load_terms.FACT_KEYS),
        (DEFS["test"]["oneOf"][2]["properties"], load_terms.TEST_KEYS),
        (DEFS["amount"]["oneOf"][1]["properties"], load_amounts.AMOUNT_KEYS),
        (DEFS["condition"]["properties"], load_terms.CONDITION_WORDS),
    ],
)
def test_schema_and_loader_know_the_same_keys(properties: dict[str, Any], known: Any) -> None:
    assert set(properties) == set(known)
