"""Finds every table that has a text for each language in which customers are spoken to.

A table is found by what it is, a dictionary with language codes for keys, so that none is forgotten
and each can be named: by its file, its name there, and its line.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from amends.values import LANGUAGES

PROJECT = Path(__file__).resolve().parents[2]
ROOMS = ("actions", "amends")
OF_STAFF = {
    "amends/desk/app.py _HTML_LANGUAGE",
    "amends/desk/hours_views.py _DATES",
    "amends/desk/speech.py LANGUAGES",
    "amends/desk/staff_views.py _MOMENTS",
    "amends/desk/words.py _LOCALES",
}
"""Tables in the languages in which the desk itself can be read."""


@dataclass(frozen=True)
class Table:
    """A dictionary by language in the code.

    Attributes:
        texts: what stands in it where that is plain; None for what is made by a call.
    """

    path: str
    name: str
    node: ast.Dict
    texts: dict[str, Any]

    def entry(self, language: str) -> tuple[ast.expr, ast.expr]:
        """Return where the key of a language and its text stand."""
        entries = zip(self.node.keys, self.node.values, strict=True)
        return next((key, value) for key, value in entries if key and _plain(key) == language)

    @property
    def is_of_staff(self) -> bool:
        return f"{self.path} {self.name}" in OF_STAFF

    def __str__(self) -> str:
        return f"{self.path}:{self.node.lineno} {self.name}"


@cache
def tables(project: Path = PROJECT) -> tuple[Table, ...]:
    """Return the tables for customers, in the order of the files."""
    files = [file for room in ROOMS for file in sorted((project / room).rglob("*.py"))]
    found = [one for file in files for one in _tables_of(file, project)]
    return tuple(one for one in found if not one.is_of_staff)


def _tables_of(file: Path, project: Path) -> Iterator[Table]:
    source = file.read_text(encoding="utf-8")
    if '"en"' not in source:
        return
    path = file.relative_to(project).as_posix()
    for statement in ast.parse(source).body:
        for node in ast.walk(statement):
            codes = _codes(node)
            if "en" in codes and len(codes & set(LANGUAGES)) > 1:
                assert isinstance(node, ast.Dict)
                yield Table(path, _name_of(statement), node, _texts(node))


def _codes(node: ast.AST) -> set[str]:
    keys = node.keys if isinstance(node, ast.Dict) else []
    return {str(key.value) for key in keys if isinstance(key, ast.Constant)}


def _name_of(statement: ast.stmt) -> str:
    match statement:
        case ast.Assign(targets=[ast.Name(name)]) | ast.AnnAssign(target=ast.Name(name)):
            return name
    return str(getattr(statement, "name", ""))


def _texts(node: ast.Dict) -> dict[str, Any]:
    entries = zip(node.keys, node.values, strict=True)
    return {str(_plain(key)): _plain(value) for key, value in entries}


def _plain(node: ast.AST | None) -> Any:
    try:
        return ast.literal_eval(node) if node else None
    except ValueError:
        return None


def mappings(path: str, project: Path = PROJECT) -> list[tuple[str, set[str]]]:
    """Return what a YAML file says by language, in English, and in which languages it does."""
    content = YAML(typ="safe").load(project / path)
    return [(str(one["en"]), _languages(one)) for one in mappings_of(content)]


def mappings_of(node: Any) -> Iterator[Any]:
    """Yield every mapping by language of a YAML file's content."""
    if isinstance(node, dict) and "en" in node and len(_languages(node)) > 1:
        yield node
        return
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for one in inner:
        yield from mappings_of(one)


def _languages(mapping: dict[Any, Any]) -> set[str]:
    return set(map(str, mapping)) & set(LANGUAGES)
