"""Categories that a company added to those of the code: what `categories.yml` says of them.

CategoriesUnreadable
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from amends.values import LANGUAGES

CATEGORIES_FILE: Final = Path(__file__).with_name("categories.yml")
KEY: Final = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
LONGEST_KEY: Final = 32

Texts = Mapping[str, str]
"""One text by language code."""

_WORDS = ("name", "title", "noun", "heading")


class CategoriesUnreadable(ValueError):
    """The text is one sentence that names what is wrong."""


@dataclass(frozen=True, slots=True)
class AddedCategory:
    """One entry of the file; each text in every language."""

    key: str
    like: str  # a category of the code, whose questions and quick replies hold for it too
    name: Texts  # for staff
    title: Texts  # the customer speaks, on a quick reply
    noun: Texts  # inside our sentences
    heading: Texts  # on the customer's page of the case


def read_categories(text: str) -> tuple[AddedCategory, ...]:
    """Return the entries of the file's text, in order.

    Raises:
        CategoriesUnreadable: it is no YAML, or an entry lacks something or has a strange key.
    """
    try:
        found = YAML(typ="safe", pure=True).load(text)
    except YAMLError as error:
        raise CategoriesUnreadable(f"categories.yml is not YAML: {error}") from None
    entries = found.get("categories") if isinstance(found, dict) else None
    if not isinstance(entries, list):
        raise CategoriesUnreadable("categories.yml must hold a list named `categories`.")
    read = tuple(_entry(entry) for entry in entries)
    twice = [one.key for at, one in enumerate(read) if one.key in {b.key for b in read[:at]}]
    if twice:
        raise CategoriesUnreadable(f"categories.yml names {twice[0]} twice; keep one entry.")
    return read


def by_key(added: Sequence[AddedCategory], what: str) -> dict[str, Texts]:
    """Return one kind of words (`name`, `title`, `noun`, `heading`) by category."""
    return {one.key: getattr(one, what) for one in added}


def _entry(entry: Any) -> AddedCategory:
    if not isinstance(entry, dict) or set(entry) != {"key", "like", *_WORDS}:
        wanted = ", ".join(("key", "like", *_WORDS))
        raise CategoriesUnreadable(f"Each entry of categories.yml has exactly {wanted}.")
    key = str(entry["key"])
    if not KEY.fullmatch(key) or len(key) > LONGEST_KEY:
        raise CategoriesUnreadable(
            f"categories.yml: {key!r} is no key; use at most {LONGEST_KEY} small letters, digits "
            "and underscores."
        )
    return AddedCategory(key, str(entry["like"]), **{one: _texts(entry, one) for one in _WORDS})


def _texts(entry: dict[str, Any], what: str) -> Texts:
    texts = entry[what]
    if not isinstance(texts, dict) or any(not texts.get(one) for one in LANGUAGES):
        languages = " and ".join(LANGUAGES)
        raise CategoriesUnreadable(
            f"categories.yml: the {what} of {entry['key']} is missing in {languages}."
        )
    return MappingProxyType({str(code): str(said) for code, said in texts.items()})


ADDED: Final = read_categories(CATEGORIES_FILE.read_text(encoding="utf-8"))
"""Read once, when the program starts."""
