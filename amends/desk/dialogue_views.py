"""The dialogues as the desk lists and edits them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from urllib.parse import urlencode

from amends.desk import dialogue_words as words
from amends.desk.forms import Form
from amends.desk.speech import tr
from amends.training.dialogues.check import Found
from amends.training.dialogues.model import Dialogue, DialogueKind, Placed, Step, StepKind
from amends.training.new_intent.domain_text import Names
from amends.wiring.dialogue_trial import Differs, Trial

MOST_STEPS = 120
NEW_FILE = "new"
_PREFIX = {DialogueKind.TEST: "tests/conversations/test_", DialogueKind.STORY: "data/stories/"}


@dataclass(frozen=True, slots=True)
class Draft:
    """A dialogue as it is edited; `old` and `path` say where it stands, if it does."""

    dialogue: Dialogue
    kind: DialogueKind
    topic: str = ""  # of the file that it is to stand in
    path: str = ""
    old: str = ""
    why: str = ""

    @property
    def target(self) -> str:
        return self.path or f"{_PREFIX[self.kind]}{self.topic}.yml"


@dataclass(frozen=True, slots=True)
class Line:
    """One step in the form."""

    number: int
    kind: str
    word: str
    step: Step
    values: Sequence[str]  # that the slot can have
    wrong: Sequence[str]
    differs: Sequence[str]


@dataclass(frozen=True, slots=True)
class Listed:
    name: str
    href: str
    kind: str
    steps: int
    begins: str


@dataclass(frozen=True, slots=True)
class FileGroup:
    path: str
    rows: Sequence[Listed]


def groups(placed: Sequence[Placed], query: str, kind: str) -> list[FileGroup]:
    """Return the dialogues by file; those that hold all words of the query somewhere."""
    wanted = query.casefold().split()
    chosen = [
        one
        for one in placed
        if kind in ("", one.kind.value) and all(word in _haystack(one) for word in wanted)
    ]
    return [
        FileGroup(path, [_listed(one) for one in some])
        for path, some in groupby(chosen, key=lambda one: one.path)
    ]


def _haystack(one: Placed) -> str:
    parts = [one.path, one.dialogue.name]
    parts += [f"{step.name} {step.text}" for step in one.dialogue.steps]
    return " ".join(parts).casefold()


def _listed(one: Placed) -> Listed:
    first = next(
        (s for s in one.dialogue.steps if s.kind is StepKind.CUSTOMER), Step(StepKind.OTHER)
    )
    return Listed(
        name=one.dialogue.name,
        href=address(one.path, one.dialogue.name),
        kind=tr(words.KINDS[one.kind]),
        steps=len(one.dialogue.steps),
        begins=first.text or first.name,
    )


def address(path: str, name: str) -> str:
    return "/training/dialogues/edit?" + urlencode({"file": path, "name": name})


def lines(draft: Draft, names: Names, found: Sequence[Found], trial: Trial | None) -> list[Line]:
    differs = trial.differs if trial else ()
    return [
        Line(
            number=at,
            kind=step.kind.value,
            word=tr(words.STEPS[step.kind]),
            step=step,
            values=_values(step, names),
            wrong=list(dict.fromkeys(words.sentence(one) for one in found if one.step == at)),
            differs=[_differs(one) for one in differs if one.step == at],
        )
        for at, step in enumerate(draft.dialogue.steps)
    ]


def at_the_end(draft: Draft, trial: Trial | None) -> str:
    """Say what the model does where the dialogue is over, empty if nothing."""
    last = len(draft.dialogue.steps)
    found = next((one for one in trial.differs if one.step == last), None) if trial else None
    return _differs(found) if found else ""


def _differs(one: Differs) -> str:
    if one.is_reading:
        intent, _, marked = one.predicted.partition(": ")
        if marked:
            return tr("The model reads {intent}, as “{marked}”.", intent=intent, marked=marked)
        return tr("The model reads {intent}.", intent=intent)
    return tr("The model does {action} here.", action=one.predicted)


def _values(step: Step, names: Names) -> Sequence[str]:
    if step.kind is not StepKind.SLOT:
        return ()
    return (*names.slots.get(step.name, ()), "null")


def draft_of(form: Form) -> Draft:
    """Return the dialogue as it stands in the form, before its button is obeyed."""
    kind = DialogueKind.STORY if form.get("kind") == "story" else DialogueKind.TEST
    topic = form.get("file")
    if topic in ("", NEW_FILE):
        topic = form.get("topic").strip()
    return Draft(
        dialogue=Dialogue(form.get("name").strip(), tuple(_steps(form))),
        kind=kind,
        topic=topic,
        path=form.get("path"),
        old=form.get("old"),
        why=form.get("why").strip(),
    )


def _steps(form: Form) -> list[Step]:
    known = {one.value: one for one in StepKind}
    found = []
    for at in range(MOST_STEPS):
        kind = known.get(form.get(f"kind-{at}"))
        if kind is not None:
            remarks = tuple(line for line in form.get(f"remarks-{at}").splitlines() if line.strip())
            text = form.get(f"text-{at}")
            text = text if kind is StepKind.OTHER else " ".join(text.split())
            found.append(Step(kind, form.get(f"name-{at}").strip(), text, remarks))
    return found


def obeyed(draft: Draft, act: str) -> Draft:
    """Return the draft after a button of one step: `up-3`, `down-3`, `remove-3`, `add-3-action`.

    A button of no step, or of one that is not there, changes nothing.
    """
    word, _, rest = act.partition("-")
    number, _, kind = rest.partition("-")
    steps = list(draft.dialogue.steps)
    at = int(number) if number.isdecimal() else -1
    if word == "add" and 0 <= at <= len(steps) < MOST_STEPS and kind in set(StepKind):
        steps.insert(at, Step(StepKind(kind), "", "null" if kind == StepKind.SLOT else ""))
    elif word == "remove" and 0 <= at < len(steps):
        del steps[at]
    elif word == "up" and 0 < at < len(steps):
        steps[at - 1], steps[at] = steps[at], steps[at - 1]
    elif word == "down" and 0 <= at < len(steps) - 1:
        steps[at], steps[at + 1] = steps[at + 1], steps[at]
    return replace(draft, dialogue=replace(draft.dialogue, steps=tuple(steps)))


def as_kind(draft: Draft) -> Draft:
    """Return the draft as its file wants it: a story knows intents, not the words."""
    if draft.kind is DialogueKind.TEST:
        return draft
    steps = tuple(
        replace(step, text="") if step.kind is StepKind.CUSTOMER else step
        for step in draft.dialogue.steps
    )
    return replace(draft, dialogue=replace(draft.dialogue, steps=steps))


def topics(texts: Mapping[str, str], kind: DialogueKind) -> list[str]:
    """Return the topics that have a file already."""
    prefix = _PREFIX[kind]
    return [
        path.removeprefix(prefix).removesuffix(".yml") for path in texts if path.startswith(prefix)
    ]
