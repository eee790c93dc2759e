"""A dialogue as steps.

DialogueError
├── Unreadable      the file is no file of dialogues
└── UnknownDialogue there is none of that name
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

NO_LOOP: Final = ""
"""The name of a LOOP step at which a form ends."""


class DialogueError(Exception):
    """Base; `str()` is one sentence."""


class Unreadable(DialogueError):
    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path} cannot be read: {reason}.")


class UnknownDialogue(DialogueError):
    def __init__(self, name: str) -> None:
        super().__init__(f"There is no dialogue {name!r} any more; somebody renamed or removed it.")


class StepKind(StrEnum):
    CUSTOMER = "customer"  # name: the intent; text: the message, in a test conversation
    ACTION = "action"  # name: the action
    SLOT = "slot"  # name: the slot; text: its value, as written in YAML
    LOOP = "loop"  # name: the form that asks now, or NO_LOOP
    CHECKPOINT = "checkpoint"  # name: the checkpoint
    OTHER = "other"  # text: lines as they stand in the file


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `remarks` are the lines of comment above it, without their indentation."""

    kind: StepKind
    name: str = ""
    text: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def plain(self) -> "Step":
        return replace(self, remarks=())


class DialogueKind(StrEnum):
    TEST = "test"  # tests/conversations: `rasa test` plays it
    STORY = "story"  # data/stories: the model learns it


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A story or test conversation."""

    name: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A dialogue in its file; lines count from 0, `end` is the first line behind it."""

    dialogue: Dialogue
    path: str
    start: int
    end: int

    @property
    def kind(self) -> DialogueKind:
        return kind_of(self.path)


def kind_of(path: str) -> DialogueKind:
    return DialogueKind.TEST if path.startswith("tests/") else DialogueKind.STORY
