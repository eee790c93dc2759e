"""The time zone of whoever reads: the browser says it in a cookie, else it is the company's."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import Request

COOKIE = "amends_zone"
"""Set by `static/cases.js`."""


def zone_of(request: Request, company: ZoneInfo) -> ZoneInfo:
    return zone_named(request.cookies.get(COOKIE, ""), company)


def zone_named(name: str, otherwise: ZoneInfo) -> ZoneInfo:
    try:
        return ZoneInfo(name) if name else otherwise
    except (ZoneInfoNotFoundError, ValueError, OSError):  # no name of a zone at all
        return otherwise
