"""Reading training files quickly says what YAML alone says, down to the line."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from amends.training.data_compose import compose
from amends.training.data_model import Example
from amends.training.data_reader import parse_examples
from amends.training.data_writer import ExampleEdit, edit_example

PROJECT = Path(__file__).resolve().parents[2]
FILES = sorted((PROJECT / "data" / "nlu").rglob("*.yml"))
PIECES = st.lists(
    st.sampled_from(
        ["nlu:", "- intent: a", "  examples: |", "  examples: |-", "    - x", "      - y", "   - z",
         "", "    ", "  # c", "    # d", "\t- t", "- intent: b", "  metadata: {a: b}"]
    ),
    max_size=12,
)  # fmt: skip


def whole(text: str) -> Any:
    return YAML(typ="safe", pure=True).compose(text)


def said(node: Any) -> Any:
    if node is None:
        return None
    if isinstance(node.value, list):
        inside = [
            tuple(map(said, one)) if isinstance(one, tuple) else said(one) for one in node.value
        ]
        return (node.start_mark.line, inside)
    return (node.start_mark.line, node.value)


@pytest.mark.parametrize("path", [FILES[0], FILES[-1], PROJECT / "data/rules/after.yml"], ids=str)
def test_given_a_file_of_ours_then_it_is_read_alike(path: Path) -> None:
    text = path.read_text("utf-8")

    assert said(compose(text)) == said(whole(text))


@given(PIECES)
def test_given_any_lines_then_read_alike_or_refused_alike(lines: list[str]) -> None:
    text = "\n".join([*lines, ""])
    try:
        wanted = said(whole(text))
    except (YAMLError, ValueError):
        with pytest.raises((YAMLError, ValueError)):
            compose(text)
        return

    assert said(compose(text)) == wanted


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_given_any_file_of_ours_when_edited_then_exactly_those_lines_change(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    known = [one for one in parse_examples(text, path.name) if isinstance(one, Example)]
    other = next((one for one in known if one.intent != known[0].intent), None)
    for one in (known[0], known[len(known) // 2], known[-1]):
        lines = text.splitlines(keepends=True)
        at = one.place.line - 1
        wanted = [*lines[:at], lines[at].replace(one.text, "zork is bent"), *lines[at + 1 :]]
        edit = ExampleEdit(one.place, one.text, "zork is bent")
        assert edit_example({path.name: text}, known, edit)[path.name] == "".join(wanted)

        edit = ExampleEdit(one.place, one.text, removed=True)
        alone = lines[at - 1].strip() == "examples: |" and not (
            lines[at + 1 : at + 2] and lines[at + 1].startswith("    - ")
        )
        first = at
        while alone and not lines[first].startswith("- intent: "):
            first -= 1
        del lines[first : at + 1]
        assert edit_example({path.name: text}, known, edit)[path.name] == "".join(lines)

        moves = other is not None and one.intent != other.intent and not alone
        if other is not None and moves and "zh" not in path.parts:
            edit = ExampleEdit(one.place, one.text, intent=other.intent)
            moved = edit_example({path.name: text}, known, edit)[path.name]
            assert sorted(moved.splitlines()) == sorted(text.splitlines())
