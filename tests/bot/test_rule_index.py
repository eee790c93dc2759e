"""The index of rules finds exactly what Rasa finds by trying every rule."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from rasa.core.policies.rule_policy import RulePolicy

from bot import rule_index

ACTIONS = ["action_listen", "action_a", "action_b"]
INTENTS = ["agree", "refuse", "should_not_be_set"]
STAGES = ["idle", "offered", "should_not_be_set"]
ROUNDS = 40


def state(chance: random.Random, rule: bool) -> dict[str, Any]:
    """Make up a state; a rule's says less than a conversation's."""
    made: dict[str, Any] = {}
    if chance.random() < 0.9:
        made["prev_action"] = {"action_name": chance.choice(ACTIONS)}
    if chance.random() < 0.7:
        made["user"] = {"intent": chance.choice(INTENTS if rule else INTENTS[:2])}
    if chance.random() < 0.5:
        stage = chance.choice(STAGES if rule else STAGES[:2])
        made["slots"] = {"case_stage": stage}
    return made


def rules(chance: random.Random) -> dict[str, str]:
    made = ([state(chance, True) for _ in range(chance.randint(1, 3))] for _ in range(200))
    return {json.dumps(rule, sort_keys=True): "action_c" for rule in made}


@pytest.fixture
def policy() -> RulePolicy:
    return RulePolicy.__new__(RulePolicy)


@pytest.mark.parametrize("seed", range(5))
def test_the_same_rules_are_found(policy: RulePolicy, seed: int) -> None:
    chance = random.Random(seed)
    lookup, found_any = rules(chance), 0

    for _ in range(ROUNDS):
        states = [state(chance, False) for _ in range(chance.randint(1, 4))]
        theirs = rule_index._original_possible_keys(policy, lookup, states)
        found_any += bool(theirs)
        assert rule_index._possible_keys(policy, lookup, states) == theirs

    assert found_any > ROUNDS / 2


def test_the_start_of_a_conversation(policy: RulePolicy) -> None:
    lookup = rules(random.Random(1))

    for states in ([], [{}], [{"user": {"intent": "agree"}}]):
        theirs = rule_index._original_possible_keys(policy, lookup, states)
        assert rule_index._possible_keys(policy, lookup, states) == theirs


def test_another_models_rules_are_not_mixed_up(policy: RulePolicy) -> None:
    first, second = rules(random.Random(1)), rules(random.Random(2))
    now = [{"prev_action": {"action_name": "action_listen"}, "user": {"intent": "agree"}}]

    rule_index._possible_keys(policy, first, now)

    theirs = rule_index._original_possible_keys(policy, second, now)
    assert rule_index._possible_keys(policy, second, now) == theirs


def test_the_replacement_is_in_place() -> None:
    rule_index.apply()

    assert RulePolicy._get_possible_keys is rule_index._possible_keys
