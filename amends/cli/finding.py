"""What the doctor found at one point."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One point looked at; `advice` is empty when it is in order."""

    subject: str
    state: str
    advice: str = ""

    @property
    def in_order(self) -> bool:
        return not self.advice
