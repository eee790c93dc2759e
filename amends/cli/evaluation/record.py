"""`evaluation.json`: what a run found, as it is written, kept and read again.

RecordError
└── OtherFormatError
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from amends.cli.errors import UsageError
from amends.training.comparison import Answers, Change, changed, compare, headlines
from amends.training.model import CrossValidation, Figures, HandoffCurve, RowId
from amends.training.statistics import Share
from amends.values import Json

FORMAT = 1
SUFFIX = "evaluation.json"
OWN_LINES = "own-lines"
"""Stands for the fingerprint of the rows where a run only cross-validated."""


class RecordError(UsageError):
    """A file is no record of an evaluation."""


class OtherFormatError(RecordError):
    """A record that another version wrote."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one run found."""

    model: str
    made_at: datetime
    rows: str  # fingerprint of the labelled rows, or OWN_LINES
    figures: Figures | None
    curves: tuple[HandoffCurve, ...]
    cross: CrossValidation | None
    answers: Answers


@dataclass(frozen=True, slots=True)
class Other:
    """Another run to compare with: its record, and the name it is shown by."""

    name: str
    record: Json

    def value_of(self, key: str) -> float | None:
        found = self.record["headlines"].get(key)
        return None if found is None else float(found["value"])

    def shares(self, *path: str) -> Mapping[str, Json]:
        """Return the shares of a table, by name; nothing if this run did not measure them."""
        found: Any = self.record
        for key in path:
            found = (found or {}).get(key)
        return found or {}

    def answers(self) -> dict[RowId, tuple[str, str | None, bool | None]]:
        return {row[0]: (row[1], row[2], row[3]) for row in self.record["answers"]}


def record_of(run: Run) -> Json:
    return {
        "format": FORMAT,
        "model": run.model,
        "made_at": run.made_at.isoformat(timespec="seconds"),
        "rows": run.rows,
        "headlines": {one.key: as_json(one) for one in headlines(run.figures, run.cross)},
        "figures": as_json(run.figures),
        "handoff_curves": as_json(run.curves),
        "cross_validation": as_json(run.cross),
        "answers": [[row_id, *answer] for row_id, answer in run.answers.items()],
    }


def with_comparison(record: Json, run: Run, others: Iterable[Other]) -> Json:
    """Add to a record how the run stands against others."""
    return {**record, "compared": [comparison(run, other) for other in others]}


def comparison(run: Run, other: Other) -> Json:
    changes = changes_of(run, other)
    return {
        "name": other.name,
        "made_at": other.record["made_at"],
        "figures": {key: as_json(change) for key, change in changes.items()},
        "changed_predictions": as_json(changed_of(run, other)),
    }


def changes_of(run: Run, other: Other) -> dict[str, Change]:
    return {
        one.key: compare(one, before)
        for one in headlines(run.figures, run.cross)
        if (before := other.value_of(one.key)) is not None
    }


def changed_of(run: Run, other: Other) -> dict[str, tuple[RowId, ...]]:
    """Return the ids of rows read differently; by what both runs know of them."""
    before = other.answers()
    found = changed(run.answers, before)
    known = ("category", *(n for n, p in (("sentiment", 1), ("handoff", 2)) if _any(before, p)))
    return {name: found[name] for name in known}


def _any(answers: Answers, place: int) -> bool:
    return any(answer[place] is not None for answer in answers.values())


def kept_path(models_dir: Path, model: str, rows: str) -> Path:
    """Return where the record of a model and a set of rows is kept, next to the model."""
    return models_dir / f"{model}.{rows}.{SUFFIX}"


def last_run(models_dir: Path, rows: str) -> Other | None:
    """Return the latest kept run over the same rows, of whichever model."""
    kept = sorted(models_dir.glob(f"*.{rows}.{SUFFIX}"), key=lambda path: path.stat().st_mtime)
    for path in reversed(kept):
        try:
            return Other("last run", read_record(path.read_text(encoding="utf-8"), path))
        except UsageError:  # of another version: a run before that one may still do
            continue
    return None


def read_record(text: str, path: Path) -> Json:
    """Return a stored record.

    Raises:
        RecordError: The text is not one, or of another format.
    """
    try:
        record = json.loads(text)
    except ValueError:
        record = None
    if not isinstance(record, dict) or not {"headlines", "answers", "format"} <= set(record):
        raise RecordError(f"{path} is no {SUFFIX} that `amends evaluate` wrote.")
    if record["format"] != FORMAT:
        raise OtherFormatError(
            f"{path} has format {record['format']}; run `amends evaluate` again."
        )
    return record


def as_json(value: Any) -> Any:
    """Return a value of the training room as JSON; shares come with rate and interval."""
    if isinstance(value, Share):
        low, high = value.interval95
        return {
            "hits": value.hits,
            "rows": value.rows,
            "share": round(value.rate, 4),
            "interval95": [round(low, 3), round(high, 3)],
        }
    if is_dataclass(value):
        return {field.name: as_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: as_json(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [as_json(one) for one in value]
    return round(value, 4) if isinstance(value, float) else value
