"""Examinations, steps and readings as JSON: as they are stored, downloaded and read again."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from amends.training.promotion.model import (
    ChangedReading,
    Examination,
    Figure,
    Reading,
    Step,
    StepState,
)

FORMAT = 1
KEPT_CHANGES = 500
"""A record keeps at most so many messages that were read differently."""


def record_of(examination: Examination) -> dict[str, Any]:
    """Return everything that was found, as JSON. No words of customers are in it."""
    return {
        "format": FORMAT,
        "id": examination.id,
        "model": examination.model,
        "against": examination.against,
        "at": examination.at.isoformat(timespec="seconds"),
        "by": examination.by,
        "steps": [step_to_json(step) for step in examination.steps],
        "figures": [asdict(figure) for figure in examination.figures],
        "messages": {
            "read": examination.messages,
            "changed": examination.changed_count,
            "rows": [asdict(one) for one in examination.changed[:KEPT_CHANGES]],
        },
        "evaluation": examination.evaluation,
    }


def examination_of(record: Mapping[str, Any]) -> Examination:
    messages = record["messages"]
    return Examination(
        id=record["id"],
        model=record["model"],
        against=record["against"],
        at=datetime.fromisoformat(record["at"]),
        by=record["by"],
        steps=tuple(step_of(step) for step in record["steps"]),
        figures=tuple(_figure_of(figure) for figure in record["figures"]),
        messages=messages["read"],
        changed_count=messages["changed"],
        changed=tuple(_changed_of(row) for row in messages["rows"]),
        evaluation=record["evaluation"],
    )


def step_to_json(step: Step) -> dict[str, Any]:
    return {
        "key": step.key,
        "state": step.state.value,
        "started_at": step.started_at.isoformat() if step.started_at else None,
        "seconds": step.seconds,
        "detail": step.detail,
        "output": step.output,
    }


def step_of(row: Mapping[str, Any]) -> Step:
    started = row["started_at"]
    return Step(
        key=row["key"],
        state=StepState(row["state"]),
        started_at=datetime.fromisoformat(started) if started else None,
        seconds=row["seconds"],
        detail=row["detail"],
        output=row["output"],
    )


def reading_to_json(reading: Reading) -> dict[str, Any]:
    return asdict(reading)


def reading_of(row: Mapping[str, Any]) -> Reading:
    return Reading(
        row["intent"], row["category"], row["complaint"], row["handoff"], row["confidence"]
    )


def _figure_of(row: Mapping[str, Any]) -> Figure:
    interval = row["interval95"]
    return Figure(**{**row, "interval95": (interval[0], interval[1]) if interval else None})


def _changed_of(row: Mapping[str, Any]) -> ChangedReading:
    return ChangedReading(
        row["conversation_id"], row["seq"], reading_of(row["before"]), reading_of(row["after"])
    )
