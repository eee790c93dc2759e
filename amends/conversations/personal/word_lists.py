"""The lists that tell names from other words, read from the files in `lists`."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from ruamel.yaml import YAML

_FOLDER: Final = Path(__file__).parent / "lists"


def word_list(file: str, key: str) -> frozenset[str]:
    """Return the words of a list that is written with spaces between them."""
    return frozenset(str(_read(file)[key]).split())


def characters(file: str, key: str) -> str:
    """Return a pattern for any character of a list that is written without spaces."""
    return f"[{''.join(sorted(set(str(_read(file)[key])) - set(' \n')))}]"


def any_of(file: str, *keys: str) -> str:
    """Return a pattern for any line of these lists; a line is a pattern itself, without groups."""
    lines = [line for key in keys for line in str(_read(file)[key]).splitlines()]
    return alternatives(line.strip() for line in lines if line.strip())


def alternatives(patterns: Iterable[str]) -> str:
    """Return a pattern for any of these, of which the longest is tried first."""
    return f"(?:{'|'.join(sorted(patterns, key=lambda one: (-len(one), one)))})"


def normal(word: str) -> str:
    """Return a word as the lists write it: small, with a straight apostrophe."""
    return word.casefold().replace("’", "'")


def without_owner(word: str) -> str:
    """Return a word without the s of whose it is."""
    return re.sub(r"['’]s$", "", word)


@cache
def _read(file: str) -> dict[str, str]:
    text = (_FOLDER / f"{file}.yml").read_text(encoding="utf-8")
    read: dict[str, str] = YAML(typ="safe", pure=True).load(text)
    return read
