"""The chain: each row's hash covers the row and the hash before it.

A row that was changed, taken out, or put in between breaks every hash after it. Whoever can write
to the table can reckon the chain anew from there, and is found out by a head noted elsewhere.

    ChainBroken
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from amends.audit.model import BEGAN, Chained, Entry, Head

START = Head(0, "0" * 64)
"""What the first row is chained to."""


class ChainBroken(Exception):
    """The first row at which the log is not what was written; `str()` says which and why."""

    def __init__(self, number: int, why: str) -> None:
        super().__init__(f"Row {number} of the audit log: {why}.")
        self.number = number


def hash_of(number: int, entry: Entry, before: str) -> str:
    """Return SHA-256, in hexadecimal, over the canonical JSON of a row and the hash before it."""
    row = {
        "number": number,
        "at": moment(entry.at),
        "actor": entry.actor,
        "action": entry.action,
        "subject": [entry.subject_kind, entry.subject_id],
        "data": entry.data,
        "before": before,
    }
    return hashlib.sha256(canonical(row)).hexdigest()


def canonical(value: Any) -> bytes:
    """Return JSON that is the same for equal values: sorted keys, no spaces, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def moment(at: datetime) -> str:
    """Return a moment in UTC, of fixed width, in microseconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def chained(head: Head, entries: Iterable[Entry]) -> list[Chained]:
    """Return the entries as the next rows after the head."""
    rows, before = [], head
    for entry in entries:
        number = before.number + 1
        before = Head(number, hash_of(number, entry, before.hash))
        rows.append(Chained(number, entry, before.hash))
    return rows


def checked(rows: Iterable[Chained], noted: Head | None = None) -> Iterator[Chained]:
    """Pass the rows on, in their order, as long as the chain holds.

    Args:
        noted: A head that was noted elsewhere; its row must be there, with this hash.

    Raises:
        ChainBroken: at the first row that is missing, added or changed.
    """
    before = START
    for row in rows:
        if row.number != before.number + 1:
            raise ChainBroken(before.number + 1, f"it is missing; the next is {row.number}")
        if row.number == 1 and row.entry.action != BEGAN:
            raise ChainBroken(1, f"the log begins with {row.entry.action}, not with {BEGAN}")
        if row.hash != hash_of(row.number, row.entry, before.hash):
            raise ChainBroken(row.number, "its hash does not fit what it says and the row before")
        if noted is not None and noted.number == row.number and noted.hash != row.hash:
            raise ChainBroken(row.number, "its hash is not the one that was noted")
        before = Head(row.number, row.hash)
        yield row
    if before == START:
        raise ChainBroken(1, "it is missing; the log is empty")
    if noted is not None and noted.number > before.number:
        raise ChainBroken(
            before.number + 1, f"it is missing, up to {noted.number}, which was noted"
        )
