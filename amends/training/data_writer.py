"""Add, reword, move and remove examples; nothing else of a file changes, comments and order stay.

ExampleRefused
├── NotOneLine       an example is one message on one line
├── TooLong          longer than a customer's message may be
├── UnknownIntent    no file has examples of it
├── HasTwin          the same, or almost the same, stands there already
├── CarriesPersonal  an example must not carry somebody's data
├── NoSuchExample    it does not stand there (any more)
├── LastExample      an intent cannot be without examples
└── CannotEdit       the file is written in a way in which this line cannot be changed alone
"""

import difflib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ruamel.yaml import nodes

from amends.training.data_compose import compose
from amends.training.data_model import Example, Level, Place, language_of
from amends.training.data_near import NEARLY_SAME
from amends.training.data_personal import personal_data
from amends.training.data_reader import parse_examples
from amends.training.data_text import same_saying, shingles

LONGEST: Final = 2000
"""Characters of an example: far more than any of ours has, and less than a pasted file."""


class ExampleRefused(Exception):
    """Base; `str()` is one sentence for whoever adds the example."""


class NotOneLine(ExampleRefused):
    def __init__(self) -> None:
        super().__init__("An example is one message on one line, and not empty.")


class TooLong(ExampleRefused):
    def __init__(self) -> None:
        super().__init__(f"An example has at most {LONGEST:,} characters.")


class UnknownIntent(ExampleRefused):
    def __init__(self, intent: str, known: Iterable[str]) -> None:
        self.intent = intent
        near = difflib.get_close_matches(intent, sorted(set(known)), n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        super().__init__(f"No file has examples of {intent!r}.{hint}")


class HasTwin(ExampleRefused):
    def __init__(self, twin: Example) -> None:
        self.twin = twin
        super().__init__(f"{twin.place} ({twin.intent}) says almost the same: {twin.text}")


class CarriesPersonal(ExampleRefused):
    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(f"The example carries {kind}; put an invented one in its place.")


class NoSuchExample(ExampleRefused):
    def __init__(self, place: Place) -> None:
        super().__init__(f"This example does not stand at {place} any more; look for it again.")


class LastExample(ExampleRefused):
    def __init__(self, intent: str) -> None:
        self.intent = intent
        super().__init__(f"It is the last example of {intent}; add another one first.")


class CannotEdit(ExampleRefused):
    def __init__(self, place: Place) -> None:
        self.place = place
        super().__init__(
            f"{place} cannot be changed by itself, because of how the file is written; change it "
            "in the file."
        )


@dataclass(frozen=True, slots=True)
class Added:
    """What a file becomes, and where the example stands in it."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class ExampleEdit:
    """What becomes of one example; it goes when `removed`.

    Attributes:
        place: where it was read.
        was: its text as it was read.
        text: the new words; None leaves them.
        intent: the new intent; None leaves it.
    """

    place: Place
    was: str
    text: str | None = None
    intent: str | None = None
    removed: bool = False


def add_example(
    files: Mapping[str, str], known: Sequence[Example], intent: str, example: str, language: str
) -> Added:
    """Return the file that holds most examples of an intent, with one more at their end.

    Args:
        files: text of each file of examples, by its name.
        known: all examples that stand in them.
        intent: under which it is filed.
        example: what a customer wrote, with everything personal replaced.
        language: in which it is written; see `language_of`.

    Raises:
        ExampleRefused: see above.
    """
    said = _checked(example)
    twin = twin_of(said, known)
    if twin is not None:
        raise HasTwin(twin)
    file = _home(known, intent, language)
    return _put_in(files[file], file, intent, said)


def edit_example(
    files: Mapping[str, str], known: Sequence[Example], edit: ExampleEdit
) -> dict[str, str]:
    """Return the files that change when one example is reworded, moved or removed.

    Args:
        files, known: as for `add_example`.

    Raises:
        ExampleRefused: see above.
    """
    found = _standing(known, edit)
    others = [one for one in known if one is not found]
    if edit.removed:
        return _removed(files, others, found)
    said = found.text if edit.text is None else _checked(edit.text)
    twin = twin_of(said, others) if said != found.text else None
    if twin is not None:
        raise HasTwin(twin)
    if edit.intent is None or edit.intent == found.intent:
        return _reworded(files, found, said)
    changed = _removed(files, others, found)
    file = _home(others, edit.intent, language_of(found))
    added = _put_in(changed.get(file, files[file]), file, edit.intent, said)
    return changed | {file: added.text}


def twin_of(text: str, known: Iterable[Example]) -> Example | None:
    """Return an example that says the same, or almost: three quarters of all pieces are shared."""
    pieces, words = shingles(text), same_saying(text)
    fewest, most = NEARLY_SAME * len(pieces), len(pieces) / NEARLY_SAME
    best, likeness = None, 0.0
    for one in known:
        if same_saying(one.text) == words:
            return one
        others = shingles(one.text)
        if not fewest <= len(others) <= most:
            continue
        shared = len(pieces & others)
        alike = shared / (len(pieces) + len(others) - shared)
        if alike > likeness:
            best, likeness = one, alike
    return best if likeness >= NEARLY_SAME else None


def with_example(text: str, file: str, intent: str, example: str) -> Added:
    """Return a file's text with one example more, behind the last of its intent's largest block.

    Raises:
        UnknownIntent: the file has no block of this intent.
    """
    blocks = _blocks(text)
    own = [node for name, node in blocks if name == intent]
    if not own:
        raise UnknownIntent(intent, (name for name, _ in blocks))
    block = max(own, key=lambda node: node.value.count("\n"))
    lines = text.splitlines(keepends=True)
    last = block.start_mark.line + len(block.value.rstrip("\n").splitlines())
    ending = "\r\n" if lines[last].endswith("\r\n") else "\n"
    lines[last] = lines[last].rstrip("\r\n") + ending
    indent = lines[last][: len(lines[last]) - len(lines[last].lstrip())]
    lines.insert(last + 1, f"{indent}- {example}{ending}")
    return Added(Place(file, last + 2), "".join(lines))


def _home(known: Sequence[Example], intent: str, language: str) -> str:
    """Return the file in which most examples of an intent stand, in one language."""
    own = [one.place.file for one in known if one.intent == intent and language_of(one) == language]
    if not own:
        raise UnknownIntent(intent, (one.intent for one in known))
    return max(dict.fromkeys(own), key=own.count)


def _put_in(text: str, file: str, intent: str, said: str) -> Added:
    added = with_example(text, file, intent, said)
    _verify(text, added.text, file, gone=None, come=(intent, said), place=added.place)
    return added


def _standing(known: Sequence[Example], edit: ExampleEdit) -> Example:
    """Return the example where it was read, or where it stands since lines were added above."""
    file, was = edit.place.file, edit.was
    own = [one for one in known if one.place.file == file and one.text == was]
    if not own:
        raise NoSuchExample(edit.place)
    return min(own, key=lambda one: abs(one.place.line - edit.place.line))


def _removed(
    files: Mapping[str, str], others: Sequence[Example], example: Example
) -> dict[str, str]:
    place = example.place
    in_file = [one for one in others if one.place.file == place.file]
    if not any(one.intent == example.intent for one in others):
        raise LastExample(example.intent)
    lines = _lines_with(files[place.file], example)
    if not any(one.intent == example.intent for one in in_file):
        raise LastExample(example.intent)
    del lines[_beginning(lines, place.line - 1) : place.line]
    text = "".join(lines)
    gone = (example.intent, example.text)
    _verify(files[place.file], text, place.file, gone=gone, come=None, place=place)
    return {place.file: text}


def _beginning(lines: Sequence[str], at: int) -> int:
    """Return where to cut for an example: with nothing left in it, its block goes, too."""
    here, after = _indent(lines[at]), [one for one in lines[at + 1 : at + 2] if one.strip()]
    if lines[at - 1].strip() != "examples: |" or (after and _indent(after[0]) >= here):
        return at
    return next(n for n in range(at, -1, -1) if lines[n].startswith("- ") or not n)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _reworded(files: Mapping[str, str], example: Example, said: str) -> dict[str, str]:
    place = example.place
    lines = _lines_with(files[place.file], example)
    line = lines[place.line - 1]
    start = line.index("-") + 1
    start += len(line[start:]) - len(line[start:].lstrip())
    lines[place.line - 1] = line[:start] + said + line[start + len(example.text) :]
    text = "".join(lines)
    gone, come = (example.intent, example.text), (example.intent, said)
    _verify(files[place.file], text, place.file, gone=gone, come=come, place=place)
    return {place.file: text}


def _lines_with(text: str, example: Example) -> list[str]:
    """Return the lines of a file in which the example has one to itself."""
    lines = text.splitlines(keepends=True)
    line = lines[example.place.line - 1].strip()
    if not line.startswith("- ") or line[2:].strip() != example.text:
        raise CannotEdit(example.place)
    return lines


_Filed = tuple[str, str]
"""An intent and a text under it."""


def _verify(
    before: str, after: str, file: str, gone: _Filed | None, come: _Filed | None, place: Place
) -> None:
    """Read a file again: it must hold what it held, without one example and with another."""
    was, now = _filed(before, file), _filed(after, file)
    was.subtract([gone] if gone else [])
    was.update([come] if come else [])
    if +was != now:
        raise CannotEdit(place)


def _filed(text: str, file: str) -> Counter[_Filed | str]:
    """Count the examples of a file; what is broken counts by what is wrong with it."""
    return Counter(
        (one.intent, one.text) if isinstance(one, Example) else one.message
        for one in parse_examples(text, file)
    )


def _checked(example: str) -> str:
    said = example.strip()
    if not said or len(said.splitlines()) != 1:
        raise NotOneLine
    if len(said) > LONGEST:
        raise TooLong
    for kind, level in personal_data(said):
        if level is Level.ERROR:
            raise CarriesPersonal(kind)
    return said


def _blocks(text: str) -> list[tuple[str, Any]]:
    """Return each intent's block of examples, as YAML's node that knows its lines."""
    root = compose(text)
    entries = dict(_pairs(root)).get("nlu")
    found = []
    for entry in entries.value if isinstance(entries, nodes.SequenceNode) else ():
        parts = dict(_pairs(entry))
        block = parts.get("examples")
        if "intent" in parts and isinstance(block, nodes.ScalarNode) and block.style == "|":
            found.append((str(parts["intent"].value), block))
    return found


def _pairs(node: Any) -> list[tuple[str, Any]]:
    if not isinstance(node, nodes.MappingNode):
        return []
    return [(str(key.value), value) for key, value in node.value]
