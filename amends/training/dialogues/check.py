"""What is wrong with a dialogue before it is saved."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from amends.training.data_model import Level
from amends.training.data_personal import personal_data
from amends.training.dialogues.model import (
    Dialogue,
    DialogueKind,
    Placed,
    Step,
    StepKind,
)
from amends.training.dialogues.rules import Rule, contradictions
from amends.training.new_intent.domain_text import Names

_ENTITY = re.compile(r"\[(?P<words>[^\]]+)\]\((?P<name>\w+)\)")
_FREE_SLOTS = frozenset({"requested_slot"})
"""Slots that Rasa has by itself."""
_FREE_ACTIONS = frozenset(
    {"action_listen", "action_restart", "action_deactivate_loop", "action_default_fallback"}
)


class Flaw(StrEnum):
    """Kinds of what may be wrong; the doors have the sentences."""

    NO_NAME = "no_name"
    SAME_NAME = "same_name"
    NO_STEPS = "no_steps"
    NO_INTENT = "no_intent"
    UNKNOWN_INTENT = "unknown_intent"
    UNKNOWN_ACTION = "unknown_action"
    UNKNOWN_SLOT = "unknown_slot"
    UNKNOWN_VALUE = "unknown_value"
    UNKNOWN_FORM = "unknown_form"
    UNKNOWN_ENTITY = "unknown_entity"
    NO_CHECKPOINT = "no_checkpoint"
    NO_TEXT = "no_text"
    PERSONAL = "personal"
    CONTRADICTION = "contradiction"
    IDENTICAL = "identical"


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that is wrong, at a step (from 0) or with the whole."""

    flaw: Flaw
    step: int | None = None
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What a dialogue is checked against; `others` are all dialogues but itself."""

    names: Names
    rules: Sequence[Rule]
    others: Sequence[Placed]


def flaws(dialogue: Dialogue, kind: DialogueKind, known: Known) -> list[Found]:
    """Return everything that keeps a dialogue from being saved."""
    return [
        *_whole(dialogue, kind, known),
        *(one for at, step in enumerate(dialogue.steps) for one in _step(step, at, kind, known)),
        *(
            Found(
                Flaw.CONTRADICTION,
                one.step,
                {"rule": one.rule.name, "action": one.rule.action, "file": one.rule.path},
            )
            for one in contradictions(dialogue.steps, known.rules, known.names.initial)
        ),
    ]


def _whole(dialogue: Dialogue, kind: DialogueKind, known: Known) -> Iterator[Found]:
    if not dialogue.name.strip():
        yield Found(Flaw.NO_NAME)
    kinds = {step.kind for step in dialogue.steps}
    if StepKind.OTHER not in kinds and not {StepKind.CUSTOMER, StepKind.ACTION} <= kinds:
        yield Found(Flaw.NO_STEPS)
    same = [one for one in known.others if one.kind is kind]
    for one in same:
        if one.dialogue.name == dialogue.name.strip():
            yield Found(Flaw.SAME_NAME, None, {"file": one.path})
    steps = _compared(dialogue.steps)
    twin = next((one for one in same if _compared(one.dialogue.steps) == steps), None)
    if twin is not None:
        yield Found(Flaw.IDENTICAL, None, {"name": twin.dialogue.name, "file": twin.path})


def _compared(steps: Sequence[Step]) -> list[Step]:
    return [step.plain for step in steps]


def _step(step: Step, at: int, kind: DialogueKind, known: Known) -> Iterator[Found]:
    names = known.names
    match step.kind:
        case StepKind.CUSTOMER:
            yield from _message(step, at, kind, names)
        case StepKind.ACTION if step.name not in {*names.actions, *_FREE_ACTIONS}:
            yield Found(Flaw.UNKNOWN_ACTION, at, {"name": step.name})
        case StepKind.SLOT:
            yield from _slot(step, at, names)
        case StepKind.LOOP if step.name and step.name not in names.forms:
            yield Found(Flaw.UNKNOWN_FORM, at, {"name": step.name})
        case StepKind.CHECKPOINT if not step.name.strip():
            yield Found(Flaw.NO_CHECKPOINT, at)
        case _:
            return


def _message(step: Step, at: int, kind: DialogueKind, names: Names) -> Iterator[Found]:
    if not step.name:
        yield Found(Flaw.NO_INTENT, at)
    elif step.name not in names.intents:
        yield Found(Flaw.UNKNOWN_INTENT, at, {"name": step.name})
    if kind is DialogueKind.TEST and not step.text.strip():
        yield Found(Flaw.NO_TEXT, at)
    for entity in _ENTITY.finditer(step.text):
        if entity["name"] not in names.entities:
            yield Found(Flaw.UNKNOWN_ENTITY, at, {"name": entity["name"]})
    for what, level in personal_data(_ENTITY.sub(r"\g<words>", step.text)):
        if level is Level.ERROR:
            yield Found(Flaw.PERSONAL, at, {"kind": what})


def _slot(step: Step, at: int, names: Names) -> Iterator[Found]:
    value = step.text.strip().strip('"')
    if step.name not in {*names.slots, *_FREE_SLOTS}:
        yield Found(Flaw.UNKNOWN_SLOT, at, {"name": step.name})
        return
    values = names.slots.get(step.name, ())
    if values and value not in ("null", *values):
        known = ", ".join(values)
        yield Found(Flaw.UNKNOWN_VALUE, at, {"name": step.name, "value": value, "known": known})
