"""Two policies to compare, and the rows that they are tried on."""

import json
from pathlib import Path
from typing import Any

import pytest

from amends.cli.main import main
from amends.values import Json
from tests.compensation.policy_texts import policy_text

POLICIES = Path(__file__).parents[2] / "policies"
RETAIL = str(POLICIES / "retail.yml")
VOUCHER = """
- id: late-voucher
  title: A voucher for a late parcel
  source: House rule
  part: goodwill
  when: {category: late}
  grant: [{remedy: voucher, amount: {EUR: %s, JPY: 800}}]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the policies old.yml (vouchers of 5 euros) and new.yml (of 8)."""
    monkeypatch.setenv("AMENDS_VAR_DIR", str(tmp_path / "var"))
    for name, euros in (("old", 5), ("new", 8)):
        text = policy_text(VOUCHER % euros).replace(
            "about: What it is about,",
            "about: What it is about, every_value_needs_a_clause: true,",
        )
        (tmp_path / f"{name}.yml").write_text(text, "utf-8")
    return tmp_path


def write_rows(folder: Path, *rows: object) -> str:
    file = folder / "cases.jsonl"
    lines = (row if isinstance(row, str) else json.dumps(row) for row in rows)
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return str(file)


def late(row_id: object = 1, **keys: Any) -> Json:
    return {"id": row_id, "facts": {"category": "late", "currency": "EUR"}, **keys}


def simulate(folder: Path, *arguments: str) -> int:
    old, new = str(folder / "old.yml"), str(folder / "new.yml")
    return main(["policy", "simulate", new, "--against", old, *arguments])


def as_json(capsys: pytest.CaptureFixture[str]) -> Json:
    found: Json = json.loads(capsys.readouterr().out)
    return found
