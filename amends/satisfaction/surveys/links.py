"""Links to the feedback page: whoever holds one may answer one asking, until its time is over."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

LASTS = timedelta(days=30)
PURPOSE = "feedback links"
"""Of the secret with which they are signed, derived from that of the installation."""
PATH = "/feedback"


@dataclass(frozen=True, slots=True)
class Link:
    """What a link says. `until` counts seconds since 1970."""

    ask_id: str
    until: str
    signature: str

    @property
    def path(self) -> str:
        query = {"ask": self.ask_id, "until": self.until, "sig": self.signature}
        return f"{PATH}?{urlencode(query)}"


def link_to(secret: str, ask_id: str, now: datetime) -> Link:
    """Return the link to an asking, as it is sent."""
    until = str(int((now + LASTS).timestamp()))
    return Link(ask_id, until, _signature(secret, ask_id, until))


def is_genuine(secret: str, link: Link) -> bool:
    """Whether we made this link, as it stands."""
    ours = _signature(secret, link.ask_id, link.until)
    return hmac.compare_digest(ours.encode(), link.signature.encode())


def is_over(link: Link, now: datetime) -> bool:
    """Whether the time of a genuine link is over."""
    return now.timestamp() >= int(link.until)


def _signature(secret: str, ask_id: str, until: str) -> str:
    return hmac.new(secret.encode(), f"{ask_id}\n{until}".encode(), "sha256").hexdigest()
