"""The time zone of whoever reads: the browser says it in a cookie, else it is the company's."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import Request

COOKIE = "amends_zone"
"""Set by `static/cases.js`."""

MINUTES = "%Y-%m-%dT%H:%M"
"""How a browser writes a moment on the reader's clock."""


def zone_of(request: Request, company: ZoneInfo) -> ZoneInfo:
    return zone_named(request.cookies.get(COOKIE, ""), company)


def zone_named(name: str, otherwise: ZoneInfo) -> ZoneInfo:
    try:
        return ZoneInfo(name) if name else otherwise
    except (ZoneInfoNotFoundError, ValueError, OSError):  # no name of a zone at all
        return otherwise


def read_moment(value: str, zone: tzinfo) -> datetime | None:
    """Return the moment that a form posts; None when it is none of our century."""
    try:
        shown = datetime.fromisoformat(value)
    except ValueError:
        return None
    if not 2000 <= shown.year < 2100:
        return None
    return shown.replace(tzinfo=zone).astimezone(UTC)
