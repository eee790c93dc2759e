"""Reads the table that says when a person takes over: `policies/handoff.yml`, or a text."""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from amends.handoff.errors import ThresholdsError
from amends.handoff.first_help import Helplines
from amends.handoff.hours import ALWAYS_OPEN, Hours
from amends.handoff.model import Severity
from amends.handoff.tables import parse_table, read_text

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
    calm_above: float | None = Field(default=None, ge=-1, le=1)
    negative_run_at_least: int | None = Field(default=None, ge=1)
    waiting_hours_at_least: float | None = Field(default=None, gt=0)
    problems_at_least: int | None = Field(default=None, ge=1)
    failed_attempts_at_least: int | None = Field(default=None, ge=1)
    impact_at_least: int | None = Field(default=None, ge=0)
    repeat_complaint: Literal[True] | None = None
    times_asked_at_least: int | None = Field(default=None, ge=2)
    unanswered_minutes_at_least: int | None = Field(default=None, ge=1)
    last_offer_refused: Literal[True] | None = None

    @model_validator(mode="after")
    def _states_something(self) -> "When":
        if not self.model_dump(exclude_none=True):
            raise ValueError("state at least one condition; a row without any would always fire")
        if self.calm_above is not None and not (
            self.sentiment_below is not None and self.sentiment_below < self.calm_above
        ):
            raise ValueError("calm_above must stand beside a sentiment_below that is lower")
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
    queue_limit: int = Field(default=10, ge=1, le=1000)
    gone_minutes: int = Field(default=5, ge=1, le=24 * 60)
    silent_minutes: int = Field(default=15, ge=1, le=24 * 60)
    transfer_minutes: int = Field(default=5, ge=1, le=24 * 60)
    resolution_hours: int = Field(default=24, ge=1, le=24 * 90)


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
    """The table as the rest of the room uses it, the hours that its times count in, and whom to
    call in danger."""

    rows: tuple[ThresholdRow, ...]
    answer_within: timedelta
    limit_within: timedelta
    queue_limit: int = 10  # waiting customers for each person at the desk
    gone_after: timedelta = timedelta(minutes=5)  # since the browser was last seen
    silent_after: timedelta = timedelta(minutes=15)  # since the customer waits for a word
    transfer_within: timedelta = timedelta(minutes=5)  # since a chat was passed on
    resolve_within: timedelta = timedelta(hours=24)  # since the case was opened
    hours: Hours = ALWAYS_OPEN
    helplines: Helplines = field(default_factory=dict)

    def row(self, row_id: str) -> ThresholdRow | None:
        return next((row for row in self.rows if row.id == row_id), None)


def load_thresholds(path: Path) -> Thresholds:
    """Read the table from a file.

    Raises:
        ThresholdsError: the file is missing, is no YAML, or a row cannot be used; the sentence
            names the row and the key.
    """
    return parse_thresholds(read_text(path, ThresholdsError), str(path))


@lru_cache(maxsize=8)
def parse_thresholds(text: str, name: str) -> Thresholds:
    """Read the table from a text, which the sentence of a refusal calls by `name`.

    Raises:
        ThresholdsError: the text is no YAML, or a row cannot be used.
    """
    table = parse_table(text, name, _Table, ThresholdsError)
    return Thresholds(
        rows=table.rows,
        answer_within=timedelta(minutes=table.targets.answer_minutes),
        limit_within=timedelta(hours=table.targets.limit_hours),
        queue_limit=table.targets.queue_limit,
        gone_after=timedelta(minutes=table.targets.gone_minutes),
        silent_after=timedelta(minutes=table.targets.silent_minutes),
        transfer_within=timedelta(minutes=table.targets.transfer_minutes),
        resolve_within=timedelta(hours=table.targets.resolution_hours),
    )
