"""What the two sides of a comparison are called."""

from dataclasses import dataclass
from pathlib import Path

from amends.compensation.policy import PolicyVersion
from amends.compensation.simulation.tally import Simulation
from amends.compensation.simulation.to_json import version_to_json
from amends.values import Json


@dataclass(frozen=True, slots=True)
class Named:
    """A version of a policy, and the file it was read from."""

    path: Path
    version: PolicyVersion

    def __str__(self) -> str:
        version = self.version
        until = f" to {version.valid_to}" if version.valid_to else ""
        return (
            f"{self.path.name}: policy {version.policy}, version {version.id}, "
            f"valid from {version.valid_from}{until}"
        )

    def to_json(self) -> Json:
        return {"file": self.path.name, **version_to_json(self.version)}


def period(found: Simulation) -> str:
    """Say how many cases there are, and of which days."""
    if found.first_at is None or found.last_at is None:
        return "No cases"
    first, last = found.first_at.date(), found.last_at.date()
    of = f"of {first}" if first == last else f"from {first} to {last}"
    count = "1 case" if found.cases == 1 else f"{found.cases} cases"
    return f"{count} {of}"
