"""Dialogues to be scored: what a row must hold, and the plain values made of it.

DialogueError
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from amends.cli.errors import UsageError
from amends.satisfaction.model import Journey, Turn
from amends.values import Json

USER, SYSTEM = "user", "system"
CSAT = range(1, 6)


class DialogueError(UsageError):
    """A row is no dialogue; the text names its line."""


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One conversation, its customers' turns not yet read."""

    id: str | int
    turns: tuple[Turn, ...]
    csat: int | None

    def words(self) -> dict[int, str]:
        """Return what the customer wrote, by turn; turns without words cannot be read."""
        return {
            place: turn.text
            for place, turn in enumerate(self.turns)
            if turn.role == USER and turn.text.strip()
        }

    def with_readings(self, readings: Mapping[int, Json]) -> tuple[Turn, ...]:
        """Return the turns with what `amends nlu` says of them, by turn."""
        return tuple(
            _read(turn, readings[place]) if place in readings else turn
            for place, turn in enumerate(self.turns)
        )

    def journey(self) -> Journey:
        """Return what the times and the survey tell; a dialogue has no ledger to ask."""
        waits = waits_for_answers(self.turns)
        return Journey(
            first_answer_seconds=waits[0] if waits else None,
            waited_for_staff_seconds=max(waits, default=None),
            csat=self.csat,
        )


def read_dialogue(number: int, row: Json) -> Dialogue:
    """Return the dialogue of one row.

    Args:
        number: The row's line, for the error.
        row: `{id, turns: [{role: user|system, text, at?}], survey?: {csat}}`; other keys are
            passed over.

    Raises:
        DialogueError: The row does not have this form.
    """
    turns = tuple(_turn(f"line {number}, turn {i}", t) for i, t in enumerate(row["turns"], 1))
    if not any(turn.role == USER for turn in turns):
        raise DialogueError(f"line {number}: a dialogue needs at least one turn of the user.")
    return Dialogue(row["id"], turns, _csat(number, row.get("survey")))


def waits_for_answers(turns: Sequence[Turn]) -> list[float]:
    """Return how many seconds each question of the customer waited for its answer."""
    waits: list[float] = []
    asked: datetime | None = None
    for turn in turns:
        if turn.role == USER:
            asked = asked or turn.at  # the first of several in a row waited longest
        elif asked is not None and turn.at is not None:
            waits.append(max(0.0, (turn.at - asked).total_seconds()))
            asked = None
    return waits


def _read(turn: Turn, reading: Json) -> Turn:
    return replace(
        turn,
        sentiment=reading["sentiment"],
        severity=reading["severity"],
        categories=frozenset(filter(None, (reading["category"], *reading["secondary"]))),
    )


def _turn(place: str, turn: object) -> Turn:
    if not isinstance(turn, dict) or not isinstance(turn.get("text"), str):
        raise DialogueError(f"{place}: a turn is an object with a role and a text.")
    if turn.get("role") not in {USER, SYSTEM}:
        raise DialogueError(f"{place}: the role is {turn.get('role')!r}; write user or system.")
    return Turn(turn["role"], turn["text"], at=_time(place, turn.get("at")))


def _time(place: str, given: object) -> datetime | None:
    if given is None:
        return None
    try:
        at = datetime.fromisoformat(given)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise DialogueError(
            f"{place}: 'at' is {given!r}; write a time such as 2026-01-31T09:30:00Z."
        ) from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _csat(number: int, survey: object) -> int | None:
    if survey is None:
        return None
    csat = survey.get("csat") if isinstance(survey, dict) else None
    if not isinstance(csat, int) or isinstance(csat, bool) or csat not in CSAT:
        raise DialogueError(f"line {number}: 'survey' is an object with a csat from 1 to 5.")
    return csat
