"""Labelled rows from a folder, as the plain values that the figures are made of.

RowError (of `amends.cli.rows`) names the file and the line.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from amends.cli.errors import UsageError
from amends.cli.rows import RowError, read_numbered_rows
from amends.training.evaluation import SENTIMENTS
from amends.training.labels import FLAG_OF_TRIGGER, category_of_label
from amends.training.model import CategoryRow, ComplaintRow, RowId, Rows, SentimentRow, SeverityRow
from amends.values import Json

Required = dict[str, type | tuple[type, ...]]
_ANY: Required = {"id": (str, int), "text": str, "lang": str, "source": str}
REQUIRED: dict[str, Required] = {
    "category.jsonl": {**_ANY, "category": str},
    "category_outside_taxonomy.jsonl": {**_ANY, "proposed": str},
    "complaint_or_not.jsonl": {**_ANY, "complaint": bool},
    "sentiment.jsonl": {**_ANY, "sentiment": str},
    "severity.jsonl": {**_ANY, "triggers": list, "must_handoff": bool},
}
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
FINGERPRINT_CHARACTERS = 12


@dataclass(frozen=True, slots=True)
class Labelled:
    """A folder of rows: the labels, the text of each id, and what tells it from other folders."""

    rows: Rows
    texts: dict[RowId, str]
    fingerprint: str


def read_folder(folder: Path) -> Labelled:
    """Read the five files of a folder.

    Raises:
        RowError: A file or a label is missing or cannot be used.
    """
    read = {name: _read(folder / name, required) for name, required in REQUIRED.items()}
    names = iter(REQUIRED)
    rows = Rows(
        category=(
            *_labels(_category_row, next(names), read),
            *_labels(_proposed_row, next(names), read),
        ),
        complaint=_labels(_complaint_row, next(names), read),
        sentiment=_labels(_sentiment_row, next(names), read),
        severity=_labels(_severity_row, next(names), read),
    )
    return Labelled(rows, _texts(read), _fingerprint(folder))


def word_count(text: str) -> int:
    """Count words; in Chinese, which does not part them, two characters make one on average."""
    chinese = len(_CHINESE.findall(text))
    return len(_CHINESE.sub(" ", text).split()) + (chinese + 1) // 2


def _read(path: Path, required: Required) -> list[tuple[int, Json]]:
    try:
        with path.open(encoding="utf-8") as lines:
            return list(read_numbered_rows(lines, required))
    except FileNotFoundError:
        raise UsageError(
            f"{path} is missing; a folder of labelled rows holds {', '.join(REQUIRED)}."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}.") from None
    except RowError as error:
        raise RowError(f"{path.name}, {error}") from None


def _labels[T](
    make: Callable[[Json], T | None], name: str, read: dict[str, list[tuple[int, Json]]]
) -> tuple[T, ...]:
    return tuple(_each(make, name, read[name]))


def _each[T](
    make: Callable[[Json], T | None], name: str, rows: Iterable[tuple[int, Json]]
) -> Iterator[T]:
    for number, row in rows:
        try:
            made = make(row)
        except ValueError as error:
            raise RowError(f"{name}, line {number}: {error}.") from None
        if made is not None:
            yield made


def _category_row(row: Json) -> CategoryRow | None:
    others = row.get("alt_categories") or []
    if not isinstance(others, list) or not all(isinstance(label, str) for label in others):
        raise ValueError("'alt_categories' is a list of labels")
    return _categorised(row, row["category"], others)


def _proposed_row(row: Json) -> CategoryRow | None:
    return _categorised(row, row["proposed"], [])


def _categorised(row: Json, label: str, others: list[str]) -> CategoryRow | None:
    category = category_of_label(label)
    if category is None:
        return None
    accepted = {category, *(category_of_label(other) for other in others)} - {None}
    return CategoryRow(
        id=row["id"],
        category=category,
        accepted=frozenset(name for name in accepted if name),
        language=row["lang"],
        source=row["source"],
        words=word_count(row["text"]),
    )


def _complaint_row(row: Json) -> ComplaintRow | None:
    """Leave out complaints whose issue nobody could name: nor can a bot."""
    if row["complaint"] and not row.get("confirmed_by_reading"):
        return None
    return ComplaintRow(row["id"], row["complaint"])


def _sentiment_row(row: Json) -> SentimentRow:
    if row["sentiment"] not in SENTIMENTS:
        raise ValueError(f"'sentiment' is {row['sentiment']!r}; write {', '.join(SENTIMENTS)}")
    return SentimentRow(row["id"], row["sentiment"], row["lang"])


def _severity_row(row: Json) -> SeverityRow:
    unknown = [trigger for trigger in row["triggers"] if trigger not in FLAG_OF_TRIGGER]
    if unknown:
        raise ValueError(f"the trigger {unknown[0]!r} is not known")
    return SeverityRow(
        id=row["id"],
        flags=tuple(FLAG_OF_TRIGGER[trigger] for trigger in row["triggers"]),
        must_handoff=row["must_handoff"],
        hard_negative=bool(row.get("hard_negative")),
        ambiguous=bool(row.get("ambiguous")),
    )


def _texts(read: dict[str, list[tuple[int, Json]]]) -> dict[RowId, str]:
    texts: dict[RowId, str] = {}
    for name, rows in read.items():
        for number, row in rows:
            if texts.setdefault(row["id"], row["text"]) != row["text"]:
                raise RowError(f"{name}, line {number}: {row['id']!r} has two different texts.")
    return texts


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256(b"".join((folder / name).read_bytes() for name in REQUIRED))
    return digest.hexdigest()[:FINGERPRINT_CHARACTERS]
