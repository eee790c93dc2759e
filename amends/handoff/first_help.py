"""Help that cannot wait: whose numbers are right for this customer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, RootModel, StringConstraints

from amends.handoff.errors import FirstHelpError
from amends.handoff.tables import Texts, read_table


@dataclass(frozen=True, slots=True)
class Helpline:
    """Whom to call in one country; texts by language."""

    emergency: Mapping[str, str]
    line: Mapping[str, str]
    number: str
    day_and_night: bool


Helplines = Mapping[str, Helpline]
"""By ISO 3166 code of the country."""

Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


class _Helpline(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    emergency: Texts
    line: Texts
    number: str = Field(pattern=r"^[\d -]{3,20}$")
    day_and_night: bool
    source: str = Field(pattern=r"^https://\S+$")


class _File(RootModel[dict[Country, _Helpline]]):
    pass


def load_first_help(path: Path) -> Helplines:
    """Read the numbers of first help.

    Raises:
        FirstHelpError: the file is missing, is no YAML, or cannot be used; the sentence names the
            country and the key.
    """
    return {
        country: Helpline(
            emergency=stated.emergency,
            line=stated.line,
            number=stated.number,
            day_and_night=stated.day_and_night,
        )
        for country, stated in read_table(path, _File, FirstHelpError).root.items()
    }


_PREFIXES = {
    "44": "GB", "353": "IE", "61": "AU", "64": "NZ", "49": "DE", "33": "FR", "41": "CH",
    "43": "AT", "86": "CN", "852": "HK", "886": "TW", "81": "JP",
}  # fmt: skip
"""Country calling codes; +1 is that of several countries, so it tells nothing."""

_DOMAINS = {
    "uk": "GB", "ie": "IE", "us": "US", "ca": "CA", "au": "AU", "nz": "NZ", "de": "DE",
    "fr": "FR", "ch": "CH", "at": "AT", "cn": "CN", "hk": "HK", "tw": "TW", "jp": "JP",
}  # fmt: skip
_PREFIX = re.compile(r"^(?:\+|00)(\d{2,3})")
_PAGE = re.compile(r"^https?://(?:[^/?#@]*@)?(?P<host>[^/?#:]+)(?::\d+)?(?P<path>[^?#]*)", re.I)
_LOCALE = re.compile(r"/(?:de|en|es|fr|it|ja|ko|nl|pt|zh)[-_](?P<country>[a-z]{2})(?=/|$)", re.I)


def country_of_phone(number: str | None) -> str | None:
    """Return the country of a phone number that begins with its prefix."""
    match = _PREFIX.match(re.sub(r"[^\d+]", "", number or ""))
    if match is None:
        return None
    return _PREFIXES.get(match[1]) or _PREFIXES.get(match[1][:2])


def country_of_page(page: str | None) -> str | None:
    """Return the country that a page is for: of its locale (/de-ch/), or of its domain (.ch)."""
    match = _PAGE.match(page or "")
    if match is None:
        return None
    locale = _LOCALE.search(match["path"])
    if locale is not None:
        return locale["country"].upper()
    return _DOMAINS.get(match["host"].rsplit(".", 1)[-1].lower())
