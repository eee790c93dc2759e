"""By when something must have happened in a chat."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from amends.cases.model import OPEN_STATUSES, Case
from amends.handoff.model import Handoff, HandoffState


class DeadlineKind(StrEnum):
    ANSWER = "answer"  # a person's first answer, as it was promised
    LIMIT = "limit"  # the same, when all patience has ended
    RESOLUTION = "resolution"  # of the case


@dataclass(frozen=True, slots=True)
class Deadline:
    kind: DeadlineKind
    due_at: datetime


def deadlines_of(handoff: Handoff, case: Case | None) -> tuple[Deadline, ...]:
    """Return what a chat is due for, the nearest first; what was met is not due any more."""
    due: list[Deadline] = []
    if handoff.state is not HandoffState.ENDED and not _is_answered(handoff):
        due.append(Deadline(DeadlineKind.ANSWER, handoff.answer_due_at))
        due.append(Deadline(DeadlineKind.LIMIT, handoff.limit_due_at))
    if case is not None and case.status in OPEN_STATUSES and case.resolution_due_at is not None:
        due.append(Deadline(DeadlineKind.RESOLUTION, case.resolution_due_at))
    return tuple(sorted(due, key=lambda one: one.due_at))


def _is_answered(handoff: Handoff) -> bool:
    """Whether its person has answered; a chat that was put back waits for an answer again."""
    return handoff.first_answer_at is not None and handoff.state is HandoffState.CLAIMED
