"""Facts as rows of a spreadsheet, some hundred conversations at a time."""

import csv
import io
from collections.abc import Iterable
from dataclasses import astuple
from datetime import datetime
from typing import Any

from amends.insights.facts import FACT_NAMES, ConversationFacts
from amends.records.lists import harmless

BATCH = 1000
"""Conversations in memory at a time, however long the list."""


def csv_head() -> str:
    """Return the first line, behind the mark by which spreadsheets know UTF-8."""
    return "\ufeff" + _line(FACT_NAMES)


def to_csv(rows: Iterable[ConversationFacts]) -> str:
    return "".join(_line(map(_cell, astuple(row))) for row in rows)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat()
    return harmless(value) if isinstance(value, str) else str(value)


def _line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()
