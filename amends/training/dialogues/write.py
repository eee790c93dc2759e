"""Dialogues into Rasa's YAML: one story is put in, replaced or taken out; the rest stays."""

import json
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from amends.training.dialogues.model import (
    Dialogue,
    DialogueKind,
    Placed,
    Step,
    StepKind,
    UnknownDialogue,
    kind_of,
)
from amends.training.dialogues.read import read_dialogues

_PLAIN: Final = re.compile(r"[A-Za-z0-9_][\w .@/+-]*(?<! )|null")
_HEADS: Final = {
    DialogueKind.TEST: 'version: "3.1"\n\n# Actions are not executed here: what they would set '
    "stands in `slot_was_set`.\n# A line that begins with / is a tapped choice.\nstories:\n",
    DialogueKind.STORY: 'version: "3.1"\n\n# Only what depends on the course of a visit belongs '
    "here; what has one right answer is a rule.\nstories:\n",
}


@dataclass(frozen=True, slots=True)
class Layout:
    """How far lines are moved in: the story, its steps, and what stands within a step."""

    story: int
    steps: int
    inner: int


_LAYOUTS: Final = {DialogueKind.TEST: Layout(0, 2, 2), DialogueKind.STORY: Layout(2, 6, 4)}


def rendered(dialogue: Dialogue, layout: Layout) -> str:
    """Return a story's lines, the last with its end."""
    margin = " " * layout.story
    head = f"{margin}- story: {_quoted(dialogue.name)}\n{margin}  steps:\n"
    return head + "".join(_step(step, layout) for step in dialogue.steps)


def with_dialogue(text: str | None, path: str, dialogue: Dialogue, old: str | None = None) -> str:
    """Return a file's text with a dialogue in it, in place of the one named `old` or at the end.

    Args:
        text: None where the file is new.

    Raises:
        Unreadable: it is no file of dialogues. UnknownDialogue: none is named `old`.
    """
    if text is None:
        return _HEADS[kind_of(path)] + rendered(dialogue, _LAYOUTS[kind_of(path)])
    placed = read_dialogues(text, path)
    new = rendered(dialogue, _layout(text, path, placed))
    if old is None:
        return _ended(text).rstrip("\n") + ("\n\n" if placed else "\n") + new
    one = _named(placed, old)
    if one.dialogue == dialogue:
        return text  # however it is laid out
    lines = _ended(text).splitlines(keepends=True)
    if one.dialogue.name == dialogue.name:  # the name stays as it is written
        new = lines[one.start] + new.split("\n", 1)[1]
    return "".join([*lines[: one.start], new, *lines[one.end :]])


def without_dialogue(text: str, path: str, name: str) -> str | None:
    """Return the text without a dialogue; None when it was the last, so that the file goes.

    Raises:
        Unreadable: it is no file of dialogues. UnknownDialogue: there is none of that name.
    """
    placed = read_dialogues(text, path)
    one = _named(placed, name)
    if len(placed) == 1:
        return None
    lines = _ended(text).splitlines(keepends=True)
    end = one.end
    while end < len(lines) and not lines[end].strip():
        end += 1
    return "".join([*lines[: one.start], *lines[end:]]).rstrip("\n") + "\n"


def _named(placed: Sequence[Placed], name: str) -> Placed:
    found = next((one for one in placed if one.dialogue.name == name), None)
    if found is None:
        raise UnknownDialogue(name)
    return found


def _layout(text: str, path: str, placed: Sequence[Placed]) -> Layout:
    """Return how the file is laid out by its first story."""
    if not placed:
        return _LAYOUTS[kind_of(path)]
    lines = text.splitlines()[placed[0].start : placed[0].end]
    story = _margin(lines[0])
    steps = next((_margin(one) for one in lines[1:] if one.lstrip().startswith("- ")), story + 2)
    values = (
        _margin(below) - _margin(line)
        for line, below in pairwise(lines)
        if line.lstrip() == "- slot_was_set:"
    )
    inner = next(values, 2 if story == 0 else 4)
    return Layout(story, steps, inner)


def _step(step: Step, layout: Layout) -> str:
    margin = " " * layout.steps
    remarks = "".join(f"{margin}{one}\n" for one in step.remarks)
    return remarks + "".join(f"{margin}{line}\n" for line in _lines(step, layout))


def _lines(step: Step, layout: Layout) -> Iterator[str]:
    match step.kind:
        case StepKind.CUSTOMER if step.text:
            yield "- user: |"
            yield f"    {' '.join(step.text.split())}"
            yield f"  intent: {step.name}"
        case StepKind.CUSTOMER:
            yield f"- intent: {step.name}"
        case StepKind.ACTION:
            yield f"- action: {step.name}"
        case StepKind.SLOT:
            yield "- slot_was_set:"
            yield f"{' ' * layout.inner}- {step.name}: {slot_value(step.text)}"
        case StepKind.LOOP:
            yield f"- active_loop: {step.name or 'null'}"
        case StepKind.CHECKPOINT:
            yield f"- checkpoint: {step.name}"
        case StepKind.OTHER:
            yield from textwrap.dedent(step.text).strip("\n").splitlines()


def slot_value(text: str) -> str:
    """Return a value as YAML writes it; words that would be read otherwise are put in quotes."""
    said = text.strip() or "null"
    is_quoted = len(said) > 1 and said[0] == said[-1] == '"'
    return said if is_quoted or _PLAIN.fullmatch(said) else json.dumps(said, ensure_ascii=False)


def _quoted(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)


def _ended(text: str) -> str:
    return text if text.endswith("\n") else text + "\n"


def _margin(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
