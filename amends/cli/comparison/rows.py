"""Cases from a file: one JSON object a line, `{id, at?, customer?, case?, declined?, facts}`.

Rows are read again for each simulation in order of time; only where each begins is kept.
"""

import json
from array import array
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final

from amends.cli.errors import UsageError
from amends.compensation.simulation.model import Asked
from amends.values import Json

FIRST_MOMENT: Final = datetime(1970, 1, 1, tzinfo=UTC)
KEYS: Final = ("id", "at", "customer", "case", "declined", "facts")
_DAY: Final = len("2026-01-31")


class CaseFile:
    """The cases of a file in order of time; a row without `at` is of `when`."""

    def __init__(self, path: Path, when: datetime) -> None:
        """Look the rows over.

        Raises:
            UsageError: the file cannot be read, or a row cannot be used; the text names its line.
        """
        self._path = path
        self._when = when
        self._begins, self._numbers = array("q"), array("q")
        seconds = array("d")
        with self._open() as file:
            begin = 0
            for number, line in enumerate(file, start=1):
                if line.strip():
                    seconds.append(self._asked(number, line).at.timestamp())
                    self._begins.append(begin)
                    self._numbers.append(number)
                begin += len(line)
        self._order = array("q", sorted(range(len(seconds)), key=seconds.__getitem__))

    def __iter__(self) -> Iterator[Asked]:
        with self._open() as file:
            for place in self._order:
                file.seek(self._begins[place])
                yield self._asked(self._numbers[place], file.readline())

    def _open(self) -> BinaryIO:
        try:
            file = self._path.open("rb")
        except OSError as error:
            raise UsageError(f"{self._path} cannot be read: {error.strerror}.") from None
        if file.seekable():
            return file
        file.close()
        raise UsageError(f"{self._path} can be read only once; write the rows to a file.")

    def _asked(self, number: int, line: bytes) -> Asked:
        row = _row(number, line)
        facts = row["facts"]
        if not isinstance(facts, dict):
            raise UsageError(f"line {number}: facts must be an object.")
        at = _moment(number, row["at"]) if row.get("at") is not None else self._when
        return Asked(
            id=str(row["id"]),
            at=at,
            facts=facts,
            customer=_name(number, row, "customer"),
            case=_name(number, row, "case"),
            declined=_count(number, row.get("declined", 0)),
        )


def _row(number: int, line: bytes) -> Json:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"line {number} is not JSON: {error}.") from None
    if not isinstance(row, dict):
        raise UsageError(f"line {number} is not an object such as {{id, facts}}.")
    if unknown := [key for key in row if key not in KEYS]:
        known = ", ".join(KEYS)
        raise UsageError(f"line {number}: unknown key {unknown[0]}; known are {known}.")
    if missing := [key for key in ("id", "facts") if row.get(key) is None]:
        raise UsageError(f"line {number}: {missing[0]} is missing.")
    if not isinstance(row["id"], (str, int)):
        raise UsageError(f"line {number}: id {row['id']!r} is neither text nor a number.")
    return row


def _moment(number: int, given: object) -> datetime:
    try:
        moment = datetime.fromisoformat(given)  # type: ignore[arg-type]  # refused just below
        if moment.tzinfo is None and len(str(given)) > _DAY:
            text = f"line {number}: at {given} has no time zone; write {given}Z for UTC."
            raise UsageError(text)
        in_utc = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise UsageError(
            f"line {number}: at {given!r} is not a time such as 2026-01-31T09:30:00Z."
        ) from None
    if in_utc < FIRST_MOMENT:
        raise UsageError(f"line {number}: at {given} is before {FIRST_MOMENT.date()}.")
    return in_utc


def _name(number: int, row: Json, key: str) -> str | None:
    value = row.get(key)
    if value is not None and not isinstance(value, (str, int)):
        raise UsageError(f"line {number}: {key} {value!r} is neither text nor a number.")
    return None if value is None else str(value)


def _count(number: int, value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise UsageError(f"line {number}: declined {value!r} is not a number of offers, from 0.")
