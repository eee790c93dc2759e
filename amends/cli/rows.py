"""JSON lines in and out, for commands that read rows from standard input.

RowError
"""

import json
from collections.abc import Iterable, Iterator

from amends.cli.errors import UsageError
from amends.values import Json


class RowError(UsageError):
    """A row cannot be read; the text names its line."""


def read_rows(lines: Iterable[str], required: dict[str, type | tuple[type, ...]]) -> Iterator[Json]:
    """Yield each row; blank lines are passed over.

    Args:
        lines: One JSON object a line.
        required: Keys every row must have, with the type of each.

    Raises:
        RowError: A line is not a JSON object, or lacks a key.
    """
    for _, row in read_numbered_rows(lines, required):
        yield row


def read_numbered_rows(
    lines: Iterable[str], required: dict[str, type | tuple[type, ...]]
) -> Iterator[tuple[int, Json]]:
    """Yield each row with the number of its line, for errors that are found later."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield number, _row(number, line, required)


def as_line(row: Json) -> str:
    # Escaped, so that half a surrogate pair in a row cannot break the stream.
    return json.dumps(row)


def _row(number: int, line: str, required: dict[str, type | tuple[type, ...]]) -> Json:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise RowError(f"line {number} is not JSON: {error}.") from None
    if not isinstance(row, dict):
        raise RowError(f"line {number} is not a JSON object; write one such as {{...}} a line.")
    for key, kind in required.items():
        if not isinstance(row.get(key), kind):
            what = "is missing" if key not in row else "has the wrong type"
            raise RowError(f"line {number}: {key!r} {what}.")
    return row
