"""The desk in its reader's language. English is written in the code; the rest is in `locale/`.

`tr("Due in {time}", time="7 min")` says it in the language that is being spoken where it is called:
everything a page shows is made inside `with speaking(language):`.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from amends.cases.categories import ADDED, by_key

LOCALE = Path(__file__).parent / "locale"
LANGUAGES = {"en": "English", "zh": "中文"}
DEFAULT = "en"
_WEIGHT = re.compile(r"[01](\.\d{0,3})?")

_spoken: ContextVar[str] = ContextVar("desk_language", default=DEFAULT)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say everything inside in one language; one that is not known is English."""
    token = _spoken.set(language if language in LANGUAGES else DEFAULT)
    try:
        yield
    finally:
        _spoken.reset(token)


def wanted(accept_language: str) -> str:
    """Return which of the desk's languages a browser likes best, by its Accept-Language header."""
    liked: list[tuple[float, str]] = []
    for part in accept_language.split(","):
        name, _, weight = part.strip().partition(";q=")
        language = name.split("-")[0].strip().lower()
        if language in LANGUAGES and (not weight or _WEIGHT.fullmatch(weight)):
            liked.append((float(weight or 1), language))
    best = max(liked, key=lambda one: one[0], default=(1.0, DEFAULT))
    return best[1]


def spoken() -> str:
    """Return the language that is being spoken, `en` or `zh`."""
    return _spoken.get()


def tr(words: str, /, **values: Any) -> str:
    """Return words, which stand in the code in English, as the reader is told them."""
    said = _catalog(spoken()).ugettext(words)
    return said.format(**values) if values else said


def trn(one: str, many: str, count: int, **values: Any) -> str:
    """Return what is said of one thing or of many; `{count}` is filled in."""
    return _catalog(spoken()).ungettext(one, many, count).format(count=count, **values)


def mark(words: str) -> str:
    """Mark words that are kept in a table, to be said by `tr` later."""
    return words


@cache
def _catalog(language: str) -> NullTranslations:
    path = LOCALE / language / "desk.po"
    if not path.is_file():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        said = read_po(file, locale=language)
    for name in by_key(ADDED, "name").values():
        if name["en"] not in said:
            said.add(name["en"], name.get(language, ""))
    write_mo(compiled, said)
    compiled.seek(0)
    return Translations(compiled)
