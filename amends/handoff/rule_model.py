"""Versions of the rules that are changed at the desk, as data."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RuleKind(StrEnum):
    HOURS = "hours"  # business hours and holidays
    THRESHOLDS = "thresholds"  # when a person takes over


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """What somebody laid down at the desk; it stays as it is."""

    kind: RuleKind
    version: int  # 1, 2, 3 … of its kind
    text: str  # YAML, as the file would say it
    note: str  # why, in the words of who made it; may be empty
    made_by: str
    made_at: datetime
