"""Bring the published schema of the log for analysis, and its tables, up to date with the model.

    .venv/bin/python scripts/log_schema.py

`tests/records/log/test_schema.py` fails until both are current.
"""

from __future__ import annotations

import json
from pathlib import Path

from amends.records.log.schema import field_tables, json_schema

DOCS = Path(__file__).resolve().parents[1] / "docs"
SCHEMA = DOCS / "schemas" / "conversation-log.json"
PAGE = DOCS / "how-to" / "export-the-log.md"
BEGIN, END = "<!-- fields -->\n", "<!-- end of fields -->\n"


def schema_text() -> str:
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def page_text(page: str) -> str:
    """Return the page with the tables of today between their marks."""
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{field_tables()}\n{END}{after}"


if __name__ == "__main__":
    SCHEMA.write_text(schema_text(), encoding="utf-8")
    PAGE.write_text(page_text(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
