"""Mail to customers: written down in the transaction that makes it true, sent by a job.

MailError
├── MailRefused       the mail server refuses this mail for good
└── MailUnavailable   it did not take it; nobody knows why for sure, so it is tried again
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

LEASE = timedelta(minutes=2)
"""A mail that is being sent is left alone by others for so long."""

PAUSES = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=2),
)
"""After each failed try; the last one stands for all that follow."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A text that is of use until `expires_at`; later it is not sent any more."""

    id: str
    to: str
    subject: str
    body: str
    made_at: datetime
    expires_at: datetime
    tries: int = 0


class MailError(Exception):
    """Base; `str()` says what the mail server said."""


class MailRefused(MailError):
    pass


class MailUnavailable(MailError):
    pass


class Mailer(Protocol):
    """Whoever carries mail. Sent again under the same id, it is the same mail."""

    def send(self, mail: Mail) -> None:
        """Raises: MailRefused, MailUnavailable."""
        ...


def pause_after(tries: int) -> timedelta:
    """Return the pause after so many failed tries, from 1."""
    return PAUSES[min(tries, len(PAUSES)) - 1]
