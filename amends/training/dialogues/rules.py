"""Whether a dialogue does what the rules say, as far as it can be told without a model.

Told are rules that begin with a message of the customer. Where several hold, any of them will do:
training itself finds rules that contradict each other.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from amends.training.dialogues.model import Step, StepKind


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that begins with one of some intents."""

    name: str
    path: str
    intents: frozenset[str]
    action: str  # what follows first
    slots: Mapping[str, str]  # the values that it is for
    loop: str | None = None  # the form that it is for, "" for none; None: whether or not


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A step that no rule allows, and one that says otherwise; steps count from 0."""

    step: int
    rule: Rule
    said: str


@dataclass(slots=True)
class _State:
    slots: dict[str, str]
    loop: str = ""
    expected: Sequence[Rule] = field(default_factory=tuple)


def read_rules(text: str, path: str) -> tuple[Rule, ...]:
    """Return the rules of a file that begin with a message; none of a file that is no YAML."""
    try:
        found = YAML(typ="safe", pure=True).load(text) or {}
    except YAMLError:
        return ()
    rules = found.get("rules") or [] if isinstance(found, dict) else []
    return tuple(one for entry in rules for one in _rule(entry, path))


def contradictions(
    steps: Sequence[Step], rules: Sequence[Rule], initial: Mapping[str, str]
) -> Iterator[Contradiction]:
    """Yield each first action after a message that no rule allows."""
    state = _State(dict(initial))
    for at, step in enumerate(steps):
        match step.kind:
            case StepKind.CUSTOMER:
                state.expected = [one for one in rules if _holds(one, step.name, state)]
            case StepKind.ACTION:
                wrong = _wrong(step.name, state)
                if wrong is not None:
                    yield Contradiction(at, wrong, step.name)
                state.expected = ()
            case StepKind.SLOT:
                state.slots[step.name] = step.text.strip('"')
            case StepKind.LOOP:
                state.loop = step.name
            case StepKind.CHECKPOINT | StepKind.OTHER:
                return  # what came before, or comes now, is not known


def _wrong(action: str, state: _State) -> Rule | None:
    # While a form asks, it may take any message as an answer.
    if not state.expected or action == state.loop:
        return None
    allowed = {one.action for one in state.expected}
    return None if action in allowed else state.expected[0]


def _holds(rule: Rule, intent: str, state: _State) -> bool:
    return (
        intent in rule.intents
        and rule.loop in (None, state.loop)
        and all(state.slots.get(name) == value for name, value in rule.slots.items())
    )


def _rule(entry: Any, path: str) -> Iterator[Rule]:
    steps = entry.get("steps") or []
    if len(steps) < 2 or "action" not in steps[1]:
        return
    intents = _intents(steps[0])
    if not intents:
        return
    slots: dict[str, str] = {}
    loop: str | None = None
    for condition in entry.get("condition") or ():
        for pair in condition.get("slot_was_set") or ():
            slots |= {name: _said(value) for name, value in pair.items()}
        if "active_loop" in condition:
            loop = condition["active_loop"] or ""
    yield Rule(
        name=str(entry.get("rule")),
        path=path,
        intents=intents,
        action=str(steps[1]["action"]),
        slots=slots,
        loop=loop,
    )


def _intents(step: Any) -> frozenset[str]:
    if "intent" in step:
        return frozenset({str(step["intent"])})
    return frozenset(str(one["intent"]) for one in step.get("or") or () if "intent" in one)


def _said(value: Any) -> str:
    return "null" if value is None else str(value)
