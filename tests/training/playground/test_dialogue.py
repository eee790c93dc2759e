"""A talk as the steps of a test conversation."""

import pytest

from amends.training.playground.dialogue import command_of, steps_of
from amends.training.playground.explain import explain
from amends.training.playground.model import EngineTold, Explained, RasaStep
from tests.training.playground.samples import message, seen, understood
from tests.training.playground.test_explain import THRESHOLDS

TOLD = EngineTold(
    steps=(
        RasaStep("slot", "case_stage", value="gathering"),
        RasaStep("action", "action_open_case", "RulePolicy", 1.0),
        RasaStep("action", "utter_ask_wish", "RulePolicy", 1.0),
    )
)


def turn(text: str, payload: str | None = None) -> Explained:
    found = {} if payload else {1: understood()}
    said = message(1, text, payload=payload)
    explained = explain(None, seen(said, understood=found), TOLD, THRESHOLDS, {})
    assert explained is not None
    return explained


def test_given_a_talk_then_actions_and_slots_follow_in_order() -> None:
    assert steps_of([turn("My lamp has not come.")]) == [
        {"who": "customer", "text": "My lamp has not come.", "intent": "report_not_received"},
        {"who": "bot", "slot": "case_stage", "value": "gathering"},
        {"who": "bot", "action": "action_open_case"},
        {"who": "bot", "action": "utter_ask_wish"},
    ]


def test_given_a_tapped_choice_then_the_step_says_what_it_stands_for() -> None:
    steps = steps_of([turn("Money back", '/inform{"chosen": "refund"}'), turn("Yes", "/agree")])

    customer = [one for one in steps if one["who"] == "customer"]
    assert customer == [
        {
            "who": "customer",
            "text": "Money back",
            "intent": "inform",
            "entities": {"chosen": "refund"},
        },
        {"who": "customer", "text": "Yes", "intent": "agree"},
    ]


@pytest.mark.parametrize(
    ("payload", "meant"),
    [
        ("/agree", ("agree", {})),
        ('/inform{"wish": 1}', ("inform", {"wish": 1})),
        ("/inform{broken}", ("inform", {})),
        ("10045", ("", {})),
    ],
)
def test_given_a_payload_then_intent_and_values_are_read(
    payload: str, meant: tuple[str, dict[str, object]]
) -> None:
    assert command_of(payload) == meant
