"""What is wrong with a dialogue is said at its step, and nothing is said of a right one."""

from dataclasses import replace

import pytest

from amends.training.dialogues.check import Flaw, Found, Known, flaws
from amends.training.dialogues.model import Dialogue, DialogueKind, Placed, Step, StepKind
from tests.training.dialogues.samples import DIALOGUES, NAMES, RULES

HELLO = (
    Step(StepKind.CUSTOMER, "greet", "hi there"),
    Step(StepKind.ACTION, "utter_greet"),
    Step(StepKind.CUSTOMER, "report_faulty_product", "the lamp broke"),
    Step(StepKind.ACTION, "action_take_complaint"),
    Step(StepKind.SLOT, "case_stage", "gathering"),
    Step(StepKind.ACTION, "complaint_form"),
    Step(StepKind.LOOP, "complaint_form"),
)
KNOWN = Known(NAMES, RULES, ())


def found(*steps: Step, kind: DialogueKind = DialogueKind.TEST) -> set[tuple[Flaw, int | None]]:
    return {(one.flaw, one.step) for one in flaws(Dialogue("a", steps), kind, KNOWN)}


def changed(at: int, step: Step) -> list[Step]:
    return [*HELLO[:at], step, *HELLO[at + 1 :]]


def added(*steps: Step) -> list[Step]:
    return [*HELLO, *steps]


@pytest.mark.parametrize("placed", DIALOGUES, ids=lambda one: one.dialogue.name)
def test_given_a_dialogue_of_the_project_then_nothing_is_wrong(placed: Placed) -> None:
    others = [one for one in DIALOGUES if one is not placed]

    assert flaws(placed.dialogue, placed.kind, Known(NAMES, RULES, others)) == []


@pytest.mark.parametrize(
    ("at", "step", "flaw"),
    [
        (0, Step(StepKind.CUSTOMER, "", "hi"), Flaw.NO_INTENT),
        (0, Step(StepKind.CUSTOMER, "gret", "hi"), Flaw.UNKNOWN_INTENT),
        (0, Step(StepKind.CUSTOMER, "greet", ""), Flaw.NO_TEXT),
        (0, Step(StepKind.CUSTOMER, "greet", "I am ann@gmail.com"), Flaw.PERSONAL),
        (0, Step(StepKind.CUSTOMER, "greet", "[hi](hello)"), Flaw.UNKNOWN_ENTITY),
        (4, Step(StepKind.SLOT, "stage", "gathering"), Flaw.UNKNOWN_SLOT),
        (4, Step(StepKind.SLOT, "case_stage", "gone"), Flaw.UNKNOWN_VALUE),
        (6, Step(StepKind.LOOP, "order_form"), Flaw.UNKNOWN_FORM),
        (6, Step(StepKind.CHECKPOINT, ""), Flaw.NO_CHECKPOINT),
        (5, Step(StepKind.ACTION, "action_gone"), Flaw.UNKNOWN_ACTION),
    ],
)
def test_given_a_wrong_step_then_it_is_said_there(at: int, step: Step, flaw: Flaw) -> None:
    assert found(*HELLO) == set()
    assert found(*changed(at, step)) == {(flaw, at)}


def test_given_a_story_then_it_needs_no_words() -> None:
    steps = [replace(step, text="") if step.kind is StepKind.CUSTOMER else step for step in HELLO]

    assert found(*steps, kind=DialogueKind.STORY) == set()


def test_given_the_same_steps_or_name_elsewhere_then_it_is_named() -> None:
    other = Placed(Dialogue("b", HELLO), "tests/conversations/test_b.yml", 0, 1)
    known = Known(NAMES, RULES, [other])

    (same,) = flaws(Dialogue("a", HELLO), DialogueKind.TEST, known)
    assert same == Found(Flaw.IDENTICAL, None, {"name": "b", "file": other.path})
    more = (*HELLO, *HELLO[:2])
    flaw = {one.flaw for one in flaws(Dialogue("b", more), DialogueKind.TEST, known)}
    assert Flaw.SAME_NAME in flaw
    assert flaws(Dialogue("b", HELLO), DialogueKind.STORY, known) == []


@pytest.mark.parametrize("steps", [(), HELLO[:1], HELLO[1:2]])
def test_given_half_a_dialogue_then_something_is_missing(steps: tuple[Step, ...]) -> None:
    assert (Flaw.NO_STEPS, None) in found(*steps)


class TestRules:
    def test_given_another_action_than_the_rules_then_the_rule_is_named(self) -> None:
        steps = changed(1, Step(StepKind.ACTION, "utter_goodbye"))

        (wrong,) = flaws(Dialogue("a", tuple(steps)), DialogueKind.TEST, KNOWN)

        assert (wrong.flaw, wrong.step) == (Flaw.CONTRADICTION, 1)
        assert wrong.values == {
            "rule": "hello",
            "action": "utter_greet",
            "file": "data/rules/smalltalk.yml",
        }

    def test_given_the_stage_has_changed_then_the_rules_of_that_stage_hold(self) -> None:
        steps = added(
            Step(StepKind.LOOP, ""),
            Step(StepKind.ACTION, "action_decide"),
            Step(StepKind.SLOT, "case_stage", "offered"),
            Step(StepKind.CUSTOMER, "praise", "how kind"),
        )

        assert found(*steps, Step(StepKind.ACTION, "utter_praise_briefly")) == set()
        assert found(*steps, Step(StepKind.ACTION, "utter_praise")) == {
            (Flaw.CONTRADICTION, len(steps))
        }

    def test_given_a_form_asks_then_it_may_take_any_message(self) -> None:
        praise = Step(StepKind.CUSTOMER, "praise", "how kind")

        assert found(*added(praise, Step(StepKind.ACTION, "complaint_form"))) == set()
        assert found(*added(praise, Step(StepKind.ACTION, "utter_praise_briefly"))) == set()
        assert found(*added(praise, Step(StepKind.ACTION, "utter_praise"))) == {
            (Flaw.CONTRADICTION, len(HELLO) + 1)
        }

    def test_given_steps_that_are_not_known_then_nothing_is_said_of_what_follows(self) -> None:
        unknown = Step(StepKind.OTHER, "", "- or:\n  - intent: greet")
        after = [Step(StepKind.CUSTOMER, "greet", "hi"), Step(StepKind.ACTION, "utter_goodbye")]

        assert found(unknown, *after) == set()
