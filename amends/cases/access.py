"""A code by e-mail, with which a customer sees how their case stands.

Whoever asks gets the same answer in the same time: a request is only written down. A job looks
later whether number and address belong together, and only then a code is made and sent.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

CODE_LASTS = timedelta(minutes=15)
MOST_TRIES = 5
DIGITS = 6
MOST_PER_CASE = 5
"""Codes for one case within an hour: five tries at each leave a guesser 25 in a million."""
PER_CASE_WITHIN = timedelta(hours=1)
FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """Somebody asks for a code. `case_id` and `code_hash` stay empty when the pair is wrong."""

    id: str
    number: str  # as the customer wrote it, in the form of a case number
    email: str
    language: str
    asked_at: datetime
    handled_at: datetime | None = None
    case_id: str | None = None
    code_hash: str | None = None
    tries: int = 0
    used_at: datetime | None = None

    @property
    def expires_at(self) -> datetime:
        return self.asked_at + CODE_LASTS


def code_of(secret: str, request_id: str) -> str:
    """Return the code of a request; whoever has not the secret cannot tell it from the id."""
    digest = hmac.digest(secret.encode(), f"case code {request_id}".encode(), "sha256")
    return f"{int.from_bytes(digest[:8]) % 10**DIGITS:0{DIGITS}d}"


def hash_code(secret: str, request_id: str, code: str) -> str:
    """Return what is stored of a code: without the secret a million guesses do not find it."""
    return hmac.new(secret.encode(), f"{request_id}:{code}".encode(), hashlib.sha256).hexdigest()


def opens(request: AccessRequest, hashed: str, now: datetime) -> bool:
    """Whether a code opens the case: right, in time, unused, and not after too many tries."""
    known = request.code_hash or "nobody was sent a code"
    right = hmac.compare_digest(known, hashed)
    return (
        right
        and request.used_at is None
        and request.tries < MOST_TRIES
        and now < request.expires_at
    )
