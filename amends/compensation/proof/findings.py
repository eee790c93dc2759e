"""What a look at a policy brings up: a place, a sentence, and facts that show it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from amends.compensation.terms import FactValue
from amends.values import Json


class Kind(StrEnum):
    AUTHORITY = "authority"
    DATES = "dates"
    DUPLICATE = "duplicate"
    GAP = "gap"
    OVERLAP = "overlap"
    SHADOWED = "shadowed"
    UNPROVED = "unproved"
    UNREACHABLE = "unreachable"
    UNUSED = "unused"
    WORDING = "wording"


class Level(StrEnum):
    """A warning is to be put right; a note is worth knowing and may well be meant."""

    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Example:
    """Facts with which something happens.

    Facts named in `at_default` matter too, and have their default; any others may be anything.
    """

    facts: Mapping[str, FactValue]
    at_default: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The facts as a policy writes them: `category = lost, days = 31, stock = true`."""
        named = ", ".join(f"{name} = {_text(value)}" for name, value in self.facts.items())
        if not self.at_default:
            return named or "any facts"
        rest = f"by default {', '.join(self.at_default)}"
        return f"{named}; {rest}" if named else rest


def _text(value: FactValue) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "[" + ", ".join(value) + "]" if isinstance(value, tuple) else str(value)


@dataclass(frozen=True, slots=True)
class Finding:
    version: str
    place: str
    message: str
    kind: Kind
    level: Level = Level.WARNING
    example: Example | None = None

    def __str__(self) -> str:
        return f"version {self.version}: {self.place}: {self.message}"


def finding_to_json(finding: Finding) -> Json:
    example = finding.example
    return {
        "version": finding.version,
        "level": str(finding.level),
        "kind": str(finding.kind),
        "place": finding.place,
        "message": finding.message,
        "example": None if example is None else dict(example.facts),
        "at_default": [] if example is None else list(example.at_default),
    }
