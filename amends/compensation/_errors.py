"""What the policy half of this room refuses, and why.

CompensationError
├── PolicyError      a policy file (or its worked cases) cannot be used as written
├── NoVersionError   no version of the policy is in force on the date asked for
└── FactError        the facts given do not fit the facts the policy declares
"""

from datetime import date


class CompensationError(Exception):
    """Base of every refusal in this room; `str()` is one sentence for a person."""


class PolicyError(CompensationError):
    """A policy file that cannot be used: says where, what, and what to write instead."""

    def __init__(self, message: str, *, policy: str, place: str = "", line: int | None = None):
        self.policy = policy
        self.place = place
        self.line = line
        where = policy if line is None else f"{policy}, line {line}"
        super().__init__(f"{where}: {place}: {message}" if place else f"{where}: {message}")


class NoVersionError(CompensationError):
    """No dated version of the policy covers the day."""

    def __init__(self, policy: str, day: date):
        self.policy = policy
        self.day = day
        super().__init__(
            f"policy {policy} has no version in force on {day.isoformat()}; "
            "add one whose valid_from and valid_to include that day"
        )


class FactError(CompensationError):
    """A fact that is not declared, or a value that does not fit its declaration."""

    def __init__(self, fact: str, message: str):
        self.fact = fact
        super().__init__(f"fact {fact}: {message}")
