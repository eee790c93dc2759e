"""Read Rasa's training examples with the line each stands on; what cannot be read is a finding."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import nodes
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from amends.training.data_compose import compose
from amends.training.data_model import Corpus, Example, Finding, Level, Place, RowIds
from amends.training.data_text import same_words

OTHER_KINDS: Final = frozenset({"synonym", "regex", "lookup"})
_Read = Iterator[Example | Finding]


class RowsError(Exception):
    """The evaluation rows cannot be read; the text is one sentence."""


def read_corpus(folder: Path, relative_to: Path) -> Corpus:
    """Return every example of the folder's YAML files, subfolders included."""
    found: list[Example | Finding] = []
    for path in sorted((*folder.rglob("*.yml"), *folder.rglob("*.yaml"))):
        name = path.relative_to(relative_to) if path.is_relative_to(relative_to) else path
        found += read_file(path, str(name))
    return Corpus(
        [one for one in found if isinstance(one, Example)],
        [one for one in found if isinstance(one, Finding)],
    )


@lru_cache(maxsize=64)
def parse_examples(text: str, file: str) -> tuple[Example | Finding, ...]:
    """Return the examples of one file's text, in order, among findings of what is broken.

    A text that was read lately is not read again: changing one line takes several readings.
    """
    try:
        root = compose(text)
    except (YAMLError, ValueError) as error:
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        return (_broken(f"is not YAML: {_reason(error)}", file, mark.line if mark else 0),)
    return tuple(_document(root, file))


def read_rows(folder: Path) -> RowIds:
    """Return the ids of evaluation rows by what a person says in them.

    Raises:
        RowsError: a file cannot be read, or the folder holds no rows.
    """
    ids: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.rglob("*.jsonl")):
        for number, line in enumerate(_lines_of(path), start=1):
            row = _row(line, f"{path}:{number}")
            for text in _texts(row):
                ids[same_words(text)].append(str(row.get("id", f"{path.name}:{number}")))
    if not ids:
        raise RowsError(f"{folder} holds no rows; give a folder of .jsonl files.")
    return ids


def read_file(path: Path, name: str) -> Sequence[Example | Finding]:
    """Return the examples of a file, in order, among findings of what is broken."""
    try:
        return parse_examples(path.read_bytes().decode("utf-8"), name)
    except (OSError, UnicodeDecodeError) as error:
        return [_broken(f"cannot be read: {error}", name, 0)]


def _document(root: Any, file: str) -> _Read:
    parts = _mapping(root)
    if parts is None:
        yield _broken("is not a mapping with `nlu:` in it", file, 0)
        return
    entries = parts.get("nlu")
    if entries is None:
        return  # a file of rules, stories or the domain
    if not isinstance(entries, nodes.SequenceNode):
        yield _broken("`nlu` is not a list", file, entries.start_mark.line)
        return
    for entry in entries.value:
        yield from _entry(entry, file)


def _entry(entry: Any, file: str) -> _Read:
    parts = _mapping(entry)
    line = entry.start_mark.line
    if parts is None or not ({"intent"} | OTHER_KINDS) & parts.keys():
        yield _broken("this entry names no intent", file, line)
        return
    if "intent" not in parts:
        return
    intent, examples = parts["intent"], parts.get("examples")
    if not isinstance(intent, nodes.ScalarNode) or not intent.value:
        yield _broken("the intent has no name", file, line)
    elif examples is None:
        yield _broken(f"{intent.value} has no examples", file, line)
    else:
        yield from _examples(examples, intent.value, _secondary(parts.get("metadata")), file)


def _examples(node: Any, intent: str, secondary: frozenset[str], file: str) -> _Read:
    if isinstance(node, nodes.SequenceNode):
        for item in node.value:
            parts = _mapping(item) or {}
            text = parts.get("text", item)
            if isinstance(text, nodes.ScalarNode) and text.value.strip():
                place = Place(file, item.start_mark.line + 1)
                yield Example(_without_dash(text.value.strip()), intent, place, secondary)
            else:
                yield _broken("this example has no text", file, item.start_mark.line)
    elif isinstance(node, nodes.ScalarNode) and node.style == "|":
        yield from _block(node, intent, secondary, file)
    else:
        yield _broken(f"the examples of {intent} are no block; begin it with `examples: |`", file,
                      node.start_mark.line)  # fmt: skip


def _block(node: Any, intent: str, secondary: frozenset[str], file: str) -> _Read:
    lines = [line.strip() for line in node.value.splitlines()]
    if not any(lines):
        yield _broken(f"{intent} has no examples", file, node.start_mark.line)
    for number, line in enumerate(lines, start=node.start_mark.line + 1):
        if line.startswith("- ") and line[2:].strip():
            yield Example(line[2:].strip(), intent, Place(file, number + 1), secondary)
        elif line:
            yield _broken("an example is `- ` and a text; this line is not", file, number)


def _secondary(node: Any) -> frozenset[str]:
    listed = (_mapping(node) or {}).get("secondary")
    if not isinstance(listed, nodes.SequenceNode):
        return frozenset()
    return frozenset(one.value for one in listed.value if isinstance(one, nodes.ScalarNode))


def _mapping(node: Any) -> dict[str, Any] | None:
    if not isinstance(node, nodes.MappingNode):
        return None
    return {str(key.value): value for key, value in node.value}


def _without_dash(text: str) -> str:
    return text.removeprefix("- ")


def _reason(error: Exception) -> str:
    return str(getattr(error, "problem", None) or error).splitlines()[0]


def _broken(what: str, file: str, line: int) -> Finding:
    """`line` counts from 0, as YAML's marks do."""
    return Finding("broken_file", Level.ERROR, what, (Place(file, line + 1),))


def _lines_of(path: Path) -> list[str]:
    try:
        return [line for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise RowsError(f"{path} cannot be read: {error}.") from error


def _row(line: str, place: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError:
        raise RowsError(f"{place} is not JSON.") from None
    if not isinstance(row, dict):
        raise RowsError(f"{place} is not a JSON object.")
    return row


def _texts(row: dict[str, Any]) -> Iterator[str]:
    """What a customer says in a row: its text, or each of their turns."""
    said = [row.get("text"), row.get("issue_utterance")]
    turns = row.get("turns")
    for turn in turns if isinstance(turns, list) else ():
        if isinstance(turn, dict) and turn.get("role", "user") == "user":
            said.append(turn.get("text"))
    for text in said:
        if isinstance(text, str) and text.strip():
            yield text
