"""The found list as rows for a spreadsheet or a script, some hundred cases at a time."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from amends.cases.deadlines import Standing, standing
from amends.cases.model import Case, Customer
from amends.cases.search import CaseQuery, Place
from amends.records.export import amount_to_json
from amends.records.indexing import people_of
from amends.records.masking import Mask, masked_person
from amends.satisfaction.ports import UnitOfWork
from amends.values import Json, Money

BATCH = 200
"""Cases in memory at a time, however long the list."""

COLUMNS = (
    "number", "opened_at", "status", "category", "secondary", "severity", "flags", "root_cause",
    "owner", "owner_name", "next_step", "language", "resolution_due_at", "overdue", "closed_at",
    "outcome", "order_number", "item", "what_happened", "wish", "customer_id", "customer_name",
    "customer_email", "given_minor", "given_currency", "given",
)  # fmt: skip

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""How a cell begins that a spreadsheet would run; OWASP lists them under CSV injection."""


@dataclass(frozen=True, slots=True)
class Batch:
    rows: tuple[Json, ...]
    next: Place | None


def batch_of(
    uow: UnitOfWork, query: CaseQuery, now: datetime, after: Place | None, *, personal: bool
) -> Batch:
    """Return the next rows of a list, masked unless personal data are wanted."""
    found = uow.case_search.find(query, now, after, BATCH)
    given = uow.ledger.given_in_cases([case.id for case in found.cases])
    names = {member.id: member.name for member in uow.staff.all()}
    rows = []
    for case in found.cases:
        conversation = uow.conversations.get(case.conversation_id)
        people = people_of(uow, case)
        row = _row(case, people, given.get(case.id, {}), names, now, personal=personal)
        rows.append({**row, "language": conversation.language if conversation else None})
    return Batch(tuple(rows), found.next)


def to_json_lines(rows: Iterable[Json]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def csv_head() -> str:
    """Return the first line, behind the mark by which spreadsheets know UTF-8."""
    return "\ufeff" + _line(COLUMNS)


def to_csv(rows: Iterable[Json]) -> str:
    return "".join(_line([_cell(row, column) for column in COLUMNS]) for row in rows)


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _row(
    case: Case,
    people: Sequence[Customer],
    given: Mapping[str, int],
    names: Mapping[str, str],
    now: datetime,
    *,
    personal: bool,
) -> Json:
    customer = people[0] if people else None
    words = case.what_happened
    if not personal:
        words = Mask.of(people).text(words) if words else words
        customer = masked_person(customer) if customer else None
    due_at, closed_at = case.resolution_due_at, case.closed_at
    return {
        "number": case.number,
        "opened_at": case.opened_at.isoformat(),
        "status": case.status.value,
        "category": case.category.value,
        "secondary": [one.value for one in case.secondary],
        "severity": case.severity,
        "flags": sorted(case.flags),
        "root_cause": case.root_cause.value if case.root_cause else None,
        "owner": case.owner,
        "owner_name": names.get(case.owner),
        "next_step": case.next_step,
        "resolution_due_at": due_at.isoformat() if due_at else None,
        "overdue": standing(case, now) is Standing.OVERDUE,
        "closed_at": closed_at.isoformat() if closed_at else None,
        "outcome": case.outcome,
        "order_number": case.order_number,
        "item": case.item,
        "what_happened": words,
        "wish": case.wish.value if case.wish else None,
        "customer_id": customer.id or None if customer else None,
        "customer_name": customer.name if customer else None,
        "customer_email": customer.email if customer else None,
        "given": [amount_to_json(Money(minor, currency)) for currency, minor in given.items()],
    }


def _cell(row: Json, column: str) -> str:
    """Return a value as one cell: lists with spaces between, amounts in three columns."""
    given = {"given_minor": "amount_minor", "given_currency": "currency", "given": "text"}
    if column in given:
        return " ".join(str(amount[given[column]]) for amount in row["given"])
    value = row[column]
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return harmless(" ".join(value) if isinstance(value, list) else str(value))


def _line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()
