"""Signatures after Standard Webhooks (https://www.standardwebhooks.com), for both directions.

Signed is `id.timestamp.body` with HMAC-SHA256; a header may hold several signatures, so that a
secret can be changed without losing a message.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

TOLERANCE = timedelta(minutes=5)
"""How far the clocks of both sides may differ; what is older may be somebody's recording."""

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"

_PREFIX = "whsec_"
_FEWEST_BYTES, _MOST_BYTES = 24, 64
_SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)
_LONGEST_ID = 200
_MOST_SIGNATURES = 20


class SignatureRefused(Exception):
    """A message that nobody with our secret sent just now; the text says why."""


def key_of(secret: str) -> bytes:
    """Return the key that a secret stands for.

    Raises:
        ValueError: it is no such secret; the sentence says how one is made.
    """
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(_PREFIX) or not _FEWEST_BYTES <= len(key) <= _MOST_BYTES:
        raise ValueError(
            f"it must be {_PREFIX} followed by {_FEWEST_BYTES} to {_MOST_BYTES} bytes in base64; "
            'make one with `echo "whsec_$(openssl rand -base64 32)"`'
        )
    return key


def sign(secret: str, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the three headers of a message.

    Args:
        message_id: The same each time this message is sent, without a full stop.
        at: The moment of this attempt.
    """
    seconds = str(int(at.timestamp()))
    return {
        ID: message_id,
        TIMESTAMP: seconds,
        SIGNATURE: f"v1,{_signature(key_of(secret), message_id, seconds, body)}",
    }


def verify(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """Return the id of a message that was signed with this secret less than five minutes ago.

    Args:
        headers: By lower-case name.

    Raises:
        SignatureRefused: a header is missing, the time is too far off, or no signature fits.
    """
    message_id, seconds, given = (headers.get(name, "") for name in (ID, TIMESTAMP, SIGNATURE))
    if not (message_id and seconds and given):
        raise SignatureRefused(f"send the headers {ID}, {TIMESTAMP} and {SIGNATURE}")
    if len(message_id) > _LONGEST_ID or not message_id.isascii():
        raise SignatureRefused(f"{ID} is not an id")
    if not _SECONDS.fullmatch(seconds):
        raise SignatureRefused(f"{TIMESTAMP} is not a number of seconds since 1970")
    if abs(now.timestamp() - int(seconds)) > TOLERANCE.total_seconds():
        sent = datetime.fromtimestamp(0, UTC) + timedelta(seconds=min(int(seconds), 10**11))
        raise SignatureRefused(f"{TIMESTAMP} says {sent:%Y-%m-%d %H:%M:%S} UTC, too far from now")
    expected = _signature(key_of(secret), message_id, seconds, body)
    if not _fits(expected, given):
        raise SignatureRefused(f"{SIGNATURE} does not fit this body and secret")
    return message_id


def _signature(key: bytes, message_id: str, seconds: str, body: bytes) -> str:
    signed = f"{message_id}.{seconds}.".encode() + body
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode("ascii")


def _fits(expected: str, given: str) -> bool:
    """Whether one of the signatures is ours; other versions than v1 are for others."""
    fits = False
    for one in given.split(" ")[:_MOST_SIGNATURES]:
        version, _, signature = one.partition(",")
        # No early end: how long the answer takes tells nothing about the signatures.
        same = hmac.compare_digest(expected.encode(), signature.encode(errors="replace"))
        fits = fits or (version == "v1" and same)
    return fits
