"""Find the rules that fit a conversation without trying every one (RulePolicy of Rasa 3.6.21).

Rasa holds each rule against each state of the conversation, for every prediction: with some
hundred rules an eighth of a turn. A rule can only fit if its newest state asks for the action
just run and for the intent just read (or for no intent), so rules are looked up by these two
first, and only those found are tried as Rasa tries them.

`tests/bot/test_rule_index.py` compares with Rasa's own method.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.constants import PREVIOUS_ACTION, SHOULD_NOT_BE_SET, USER
from rasa.shared.nlu.constants import INTENT

State = dict[str, Any]
Sign = tuple[str, Any]
"""The previous action of a state, as text, and its intent or None."""

INDEX = "_amends_rule_index"
_original_possible_keys = RulePolicy._get_possible_keys


def _possible_keys(self: RulePolicy, lookup: dict[str, str], states: list[State]) -> set[str]:
    if not states:
        return _original_possible_keys(self, lookup, states)
    fitting = set(_candidates(_index_of(self, lookup), states[-1]))
    for turn, state in enumerate(reversed(states)):
        fitting = {key for key in fitting if self._is_rule_applicable(key, turn, state)}
        if not fitting:
            break
    return fitting


def _candidates(index: dict[Sign, list[str]], newest: State) -> Iterator[str]:
    """Yield the rules whose newest state may fit this one."""
    action, intent = _sign(newest)
    if action == _sign({})[0]:
        # At the very start Rasa compares nothing: every rule that starts there fits.
        for (rule_action, _), keys in index.items():
            if rule_action == action:
                yield from keys
        return
    yield from index.get((action, None), ())
    if intent is not None:
        yield from index.get((action, intent), ())


def _index_of(policy: RulePolicy, lookup: dict[str, str]) -> dict[Sign, list[str]]:
    """Return the rules by the sign of their newest state; made once per model."""
    indexes = policy.__dict__.setdefault(INDEX, {})
    known = indexes.get(id(lookup))
    if known is None or known[0] is not lookup or known[1] != len(lookup):
        index: dict[Sign, list[str]] = {}
        for key in lookup:
            rule = json.loads(key)
            index.setdefault(_sign(rule[-1] if rule else {}), []).append(key)
        known = indexes[id(lookup)] = (lookup, len(lookup), index)
    return known[2]


def _sign(state: State) -> Sign:
    action = state.get(PREVIOUS_ACTION) or {}
    intent = (state.get(USER) or {}).get(INTENT)
    wanted = None if intent == SHOULD_NOT_BE_SET else intent
    return json.dumps(action, sort_keys=True), wanted


def apply() -> None:
    """Put the replacement in place; doing so twice changes nothing."""
    RulePolicy._get_possible_keys = _possible_keys
