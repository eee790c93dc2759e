"""The replacements accept, refuse and find exactly what Rasa's own methods do."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
import rasa.shared.utils.common
from jsonschema import ValidationError
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.shared.core import events
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import ClientResponseError

from bot import patches
from bot.patches import Failure

VALID = [
    {"events": [], "responses": []},
    {"responses": [{"text": "hello"}]},
    {"events": [{"event": "slot", "name": "a", "value": None, "timestamp": 1.0}]},
    {"events": [{"event": "action", "name": "action_listen"}], "responses": [], "more": 1},
    {},
]
INVALID: list[Any] = [
    {"events": {}},
    {"events": [{"name": "no event"}]},
    {"events": ["text"]},
    {"responses": ["text"]},
    {"responses": None},
    [],
    None,
    "text",
]


class TestActionCalls:
    def tracker(self, metadata: dict[str, Any]) -> DialogueStateTracker:
        said = [events.UserUttered("one"), events.BotUttered("1")]
        latest = events.UserUttered("two", metadata=metadata)
        ran = events.ActionExecuted("action_a")
        return DialogueStateTracker.from_events("c1.1", [*said, latest, ran])

    def test_a_call_of_the_gateway_differs_only_in_domain_and_earlier_events(self) -> None:
        action, domain = RemoteAction("action_a", None), Domain.empty()
        tracker = self.tracker({"conversation_id": "c1", "seq": 2})

        whole = patches._original_call_format(action, tracker, domain)
        call = patches._action_call_format(action, tracker, domain)

        assert call["domain"] == {}
        assert call["tracker"]["events"] == whole["tracker"]["events"][2:]
        for key in whole.keys() - {"domain", "tracker"}:
            assert call[key] == whole[key]
        for key in whole["tracker"].keys() - {"events"}:
            assert call["tracker"][key] == whole["tracker"][key]

    def test_a_call_from_elsewhere_is_rasas_own(self) -> None:
        action, domain, tracker = RemoteAction("action_a", None), Domain.empty(), self.tracker({})

        whole = patches._original_call_format(action, tracker, domain)

        assert patches._action_call_format(action, tracker, domain) == whole


class TestActionReplies:
    @pytest.mark.parametrize("reply", VALID)
    def test_a_reply_rasa_accepts_is_accepted(self, reply: Any) -> None:
        action = RemoteAction("action_a", None)

        assert patches._original_validate(action, reply) is True
        assert patches._validate_action_result(action, reply) is True

    @pytest.mark.parametrize("reply", INVALID)
    def test_a_reply_rasa_refuses_is_refused_with_the_same_error(self, reply: Any) -> None:
        action = RemoteAction("action_a", None)

        with pytest.raises(ValidationError) as original:
            patches._original_validate(action, reply)
        with pytest.raises(ValidationError) as patched:
            patches._validate_action_result(action, reply)

        assert patched.value.validator == original.value.validator

    def test_the_patch_is_in_place(self) -> None:
        patches.apply()

        assert RemoteAction._validate_action_result is patches._validate_action_result


class TestEventTypes:
    def test_every_event_type_resolves_as_in_rasa(self) -> None:
        names = {cls.type_name for cls in rasa.shared.utils.common.all_subclasses(Event)}

        for name in names:
            assert patches._resolve_by_type(name) is patches._original_resolve(name)

    def test_unknown_names_behave_as_in_rasa(self) -> None:
        assert patches._resolve_by_type("topic") is None
        assert patches._resolve_by_type("nonsense", events.SlotSet) is events.SlotSet
        with pytest.raises(ValueError, match="Unknown event name"):
            patches._resolve_by_type("nonsense")

    def test_an_event_class_made_later_is_found(self) -> None:
        class Late(events.SlotSet):
            type_name = "amends_late"

        assert patches._resolve_by_type("amends_late") is Late

    def test_events_survive_being_stored(self) -> None:
        stored = events.SlotSet("order_number", "10045", timestamp=1.0).as_dict()

        assert Event.from_parameters(stored) == events.SlotSet("order_number", "10045")


class TestFailuresOfTurn:
    def test_a_failing_action_is_named(self) -> None:
        failures = self._run(RuntimeError("boom"))

        assert failures == [Failure("action_a", "RuntimeError", away=False)]

    @pytest.mark.parametrize(
        ("reason", "away"),
        [
            (ClientResponseError(503, "Service Unavailable", "{}"), True),
            (aiohttp.ServerDisconnectedError(), True),
            (ClientResponseError(500, "Internal Server Error", "{}"), False),
            (aiohttp.InvalidURL("nowhere"), False),
        ],
    )
    def test_it_is_told_whether_the_actions_were_away(self, reason: Exception, away: bool) -> None:
        error = RasaException("Failed to execute custom action")
        error.__cause__ = reason

        assert self._run(error) == [Failure("action_a", "RasaException", away)]

    def test_a_form_that_rejects_a_slot_is_no_failure(self) -> None:
        assert self._run(ActionExecutionRejection("action_a")) == []

    @staticmethod
    def _run(error: Exception) -> list[Failure]:
        async def failing(*args: Any, **kwargs: Any) -> None:
            raise error

        async def turn() -> list[Failure]:
            failures = patches.failures_of_turn()
            refused = ActionExecutionRejection, RasaException
            with pytest.raises(refused):
                await patches._run_and_tell_failures(RemoteAction("action_a", None))
            return failures

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(patches, "_original_run", failing)
            return asyncio.run(turn())


def test_another_rasa_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patches, "PATCHED_RASA_VERSION", "3.6.99")

    with pytest.raises(patches.WrongRasaVersionError, match=r"3\.6\.21 is installed"):
        patches.apply()
