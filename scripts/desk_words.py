"""Bring the desk's catalogues of words up to date with what its code and templates say.

    .venv/bin/python scripts/desk_words.py

New words are added to `amends/desk/locale/*/desk.po` with an empty translation, those that nobody
says any more are removed; what was translated stays. `tests/desk/test_speech.py` fails until every
word is translated.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

DESK = Path(__file__).resolve().parents[1] / "amends" / "desk"
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
KEYWORDS = {"tr": None, "mark": None, "_": None, "trn": (1, 2)}
WIDTH = 100


def said() -> Catalog:
    """Return all words that the desk says, in English, with the files that say them."""
    catalog = Catalog(fuzzy=False)
    found = extract_from_dir(DESK, METHODS, keywords=KEYWORDS, comment_tags=("For translators:",))
    for name, _, words, comments, context in found:
        catalog.add(words, locations=[(name, 0)], auto_comments=comments, context=context)
    return catalog


def known(path: Path) -> Catalog:
    """Return a catalogue as it is kept; its folder is named for its language."""
    if not path.is_file():
        return Catalog(locale=path.parent.name, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.name)


def update(path: Path) -> int:
    """Rewrite one catalogue; return how many words have no translation."""
    catalog = known(path)
    catalog.update(said(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    with path.open("wb") as file:
        write_po(file, catalog, width=WIDTH, no_location=True, sort_output=True, omit_header=True)
    return sum(1 for message in catalog if message.id and not all(_texts(message.string)))


def _texts(string: str | tuple[str, ...]) -> tuple[str, ...]:
    return string if isinstance(string, tuple) else (string,)


if __name__ == "__main__":
    for folder in sorted((DESK / "locale").iterdir()):
        missing = update(folder / "desk.po")
        print(f"{folder.name}: {missing} without a translation")
