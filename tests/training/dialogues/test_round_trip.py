"""Every story and test conversation of the project is read, and written as it stands."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.training.dialogues.model import (
    Dialogue,
    Placed,
    Step,
    StepKind,
    UnknownDialogue,
    Unreadable,
)
from amends.training.dialogues.read import read_dialogues
from amends.training.dialogues.write import (
    _layout,
    rendered,
    with_dialogue,
    without_dialogue,
)

PROJECT = Path(__file__).resolve().parents[3]
FILES = {
    path.relative_to(PROJECT).as_posix(): path.read_text("utf-8")
    for folder in ("tests/conversations", "data/stories")
    for path in sorted((PROJECT / folder).glob("*.yml"))
}
STORIES = [placed for path, text in FILES.items() for placed in read_dialogues(text, path)]


def ids(placed: Placed) -> str:
    return f"{placed.path}: {placed.dialogue.name}"


@pytest.mark.parametrize("placed", STORIES, ids=ids)
def test_given_a_dialogue_of_the_project_when_written_then_its_lines_are_the_same(
    placed: Placed,
) -> None:
    text = FILES[placed.path]
    lines = text.splitlines()[placed.start : placed.end]

    written = rendered(placed.dialogue, _layout(text, placed.path, [placed]))

    assert written.splitlines()[1:] == lines[1:]  # the first is the name, quoted or not
    assert StepKind.OTHER not in {step.kind for step in placed.dialogue.steps}


@pytest.mark.parametrize("placed", STORIES, ids=ids)
def test_given_a_dialogue_when_one_step_is_added_then_no_other_line_changes(
    placed: Placed,
) -> None:
    more = Dialogue(placed.dialogue.name, (*placed.dialogue.steps, Step(StepKind.ACTION, "a")))

    text = with_dialogue(FILES[placed.path], placed.path, more, placed.dialogue.name)

    lines = FILES[placed.path].splitlines()
    assert text.splitlines()[: placed.end] == lines[: placed.end]
    assert text.splitlines()[placed.end].endswith("- action: a")
    assert text.splitlines()[placed.end + 1 :] == lines[placed.end :]


@pytest.mark.parametrize("path", FILES)
def test_given_a_file_when_a_dialogue_comes_and_goes_then_it_is_as_before(path: str) -> None:
    new = Dialogue("quite new", (Step(StepKind.CUSTOMER, "greet", "hi"),))

    text = with_dialogue(FILES[path], path, new)

    assert read_dialogues(text, path)[-1].dialogue == new
    assert without_dialogue(text, path, "quite new") == FILES[path]


words = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12
)
sentences = st.lists(words, min_size=1, max_size=6).map(" ".join)
names = st.from_regex(r"[a-z][a-z_]{0,10}", fullmatch=True)
steps = st.one_of(
    st.builds(Step, st.just(StepKind.CUSTOMER), names, sentences),
    st.builds(Step, st.just(StepKind.CUSTOMER), names),
    st.builds(Step, st.just(StepKind.ACTION), names),
    st.builds(Step, st.just(StepKind.SLOT), names, st.sampled_from(["null", "a b", '"x: y"'])),
    st.builds(Step, st.just(StepKind.LOOP), st.one_of(st.just(""), st.just("complaint_form"))),
    st.builds(Step, st.just(StepKind.CHECKPOINT), names),
    st.just(Step(StepKind.OTHER, "", "- or:\n  - intent: greet\n  - intent: thank")),
    st.just(Step(StepKind.ACTION, "a", "", ("# why",))),
)
dialogues = st.builds(Dialogue, sentences, st.lists(steps, min_size=1, max_size=8).map(tuple))


@given(dialogues, st.sampled_from(["tests/conversations/test_new.yml", "data/stories/new.yml"]))
def test_given_any_dialogue_when_written_and_read_then_it_is_the_same(
    dialogue: Dialogue, path: str
) -> None:
    (placed,) = read_dialogues(with_dialogue(None, path, dialogue), path)

    assert placed.dialogue == dialogue


@given(dialogues, dialogues)
def test_given_two_dialogues_when_one_is_replaced_then_the_other_stays(
    one: Dialogue, other: Dialogue
) -> None:
    path = "tests/conversations/test_new.yml"
    first = Dialogue("first", one.steps)
    text = with_dialogue(with_dialogue(None, path, first), path, Dialogue("second", other.steps))

    changed = with_dialogue(text, path, Dialogue("renamed", other.steps), "first")

    assert [placed.dialogue for placed in read_dialogues(changed, path)] == [
        Dialogue("renamed", other.steps),
        Dialogue("second", other.steps),
    ]


def test_given_the_last_dialogue_when_it_goes_then_so_does_the_file() -> None:
    text = with_dialogue(None, "data/stories/a.yml", Dialogue("a", (Step(StepKind.ACTION, "a"),)))

    assert without_dialogue(text, "data/stories/a.yml", "a") is None
    with pytest.raises(UnknownDialogue):
        without_dialogue(text, "data/stories/a.yml", "b")


@pytest.mark.parametrize("text", ["stories: [", "nlu: []", "stories:\n- steps: []", "- a", ""])
def test_given_no_dialogues_then_it_is_said_and_nothing_breaks(text: str) -> None:
    with pytest.raises(Unreadable):
        read_dialogues(text, "data/stories/a.yml")
