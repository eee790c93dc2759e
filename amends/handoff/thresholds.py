"""Reads `policies/handoff.yml`: the table that says when a person takes over."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from amends.handoff.errors import ThresholdsError
from amends.handoff.model import Severity

Flag = Literal[
    "safety", "legal", "regulator", "discrimination", "harassment", "self_harm",
    "vulnerable_customer", "fraud", "violence_threat", "media", "human_request", "privacy",
]  # fmt: skip


class When(BaseModel):
    """Conditions of a row; every one that is stated must hold."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    flags: tuple[Flag, ...] | None = Field(default=None, min_length=1)
    severity_at_least: Severity | None = None
    sentiment_below: float | None = Field(default=None, ge=-1, le=1)
    negative_run_at_least: int | None = Field(default=None, ge=1)
    waiting_hours_at_least: float | None = Field(default=None, gt=0)
    problems_at_least: int | None = Field(default=None, ge=1)
    failed_attempts_at_least: int | None = Field(default=None, ge=1)
    impact_at_least: int | None = Field(default=None, ge=0)
    repeat_complaint: Literal[True] | None = None

    @model_validator(mode="after")
    def _states_something(self) -> "When":
        if not self.model_dump(exclude_none=True):
            raise ValueError("state at least one condition; a row without any would always fire")
        return self


class ThresholdRow(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str = Field(min_length=3)
    priority: int = Field(ge=1, le=4)
    notice: Literal["safety", "self_harm"] | None = None
    when: When


class Targets(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    answer_minutes: int = Field(ge=1, le=24 * 60)
    limit_hours: int = Field(ge=1, le=72)


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    targets: Targets
    rows: tuple[ThresholdRow, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ids_are_unique(self) -> "_Table":
        ids = [row.id for row in self.rows]
        twice = {row_id for row_id in ids if ids.count(row_id) > 1}
        if twice:
            raise ValueError(f"the id {min(twice)} stands twice")
        return self


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The table as the rest of the room uses it."""

    rows: tuple[ThresholdRow, ...]
    answer_within: timedelta
    limit_within: timedelta

    def row(self, row_id: str) -> ThresholdRow | None:
        return next((row for row in self.rows if row.id == row_id), None)


def load_thresholds(path: Path) -> Thresholds:
    """Read the table.

    Raises:
        ThresholdsError: the file is missing, is no YAML, or a row cannot be used; the sentence
            names the row and the key.
    """
    try:
        raw = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        table = _Table.model_validate(raw)
    except OSError as error:
        raise ThresholdsError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ThresholdsError(f"{path} is not UTF-8 text; save it as such.") from error
    except YAMLError as error:
        raise ThresholdsError(f"{path} is not valid YAML: {error}") from error
    except ValidationError as error:
        raise ThresholdsError(f"{path}: {_sentence(error, raw)}") from error
    return Thresholds(
        rows=table.rows,
        answer_within=timedelta(minutes=table.targets.answer_minutes),
        limit_within=timedelta(hours=table.targets.limit_hours),
    )


def _sentence(error: ValidationError, raw: object) -> str:
    first = error.errors()[0]
    place = [str(part) for part in first["loc"]]
    if place[:1] == ["rows"] and len(place) > 1 and isinstance(raw, dict):
        row = raw["rows"][int(place[1])]
        name = row.get("id", place[1]) if isinstance(row, dict) else place[1]
        place = [f"row {name}", *place[2:]]
    return f"{', '.join(place) or 'the file'}: {first['msg']}."
