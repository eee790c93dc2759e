"""Changes to Rasa 3.6.21 at run time: three for speed, one so that failures are seen.

Each replaces one method and keeps its contract; `tests/bot/test_patches.py` checks them against
the Rasa version installed. `apply()` refuses any other version, where they would need a new look.

* `RemoteAction._validate_action_result` re-checks and recompiles its own JSON schema for each
  reply of the action server: half of a turn's time. The validator is built once instead.
* `Event.resolve_by_type` walks all subclasses of `Event` for each event loaded. It looks a name
  up in a table instead, which is rebuilt for a name it does not hold.
* `RemoteAction._action_call_format` sends the whole domain and all events so far with each action.
  Our actions read neither: they get an empty domain and the events since the customer's message.
  A conversation that did not come through the gateway (`rasa shell`) is sent whole, as ever.
* `RemoteAction.run` failing is logged and forgotten: rules run on as if it had worked. The
  failure is also put on the turn's list (`failures_of_turn`), for the channel to refuse the turn,
  and its text, which may quote the customer, is kept out of the log. Whether the actions were away,
  or their database, is told apart: then nothing is wrong with the message.
"""

from __future__ import annotations

import functools
from contextvars import ContextVar
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import aiohttp
import rasa
import rasa.shared.utils.common
from jsonschema import ValidationError
from jsonschema.validators import validator_for
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import ClientResponseError

PATCHED_RASA_VERSION = "3.6.21"

_failures: ContextVar[list[Failure] | None] = ContextVar("failures_of_turn", default=None)
_original_run = RemoteAction.run
_original_validate = RemoteAction._validate_action_result
_original_resolve = Event.resolve_by_type
_original_call_format = RemoteAction._action_call_format
_event_types: dict[str, type[Event]] = {}


@dataclass(frozen=True)
class Failure:
    """A custom action that failed in this turn; `away`: nothing there could have run it."""

    action: str
    kind: str
    away: bool


class WrongRasaVersionError(RasaException):
    """The Rasa installed is not the one whose methods are replaced here."""


def failures_of_turn() -> list[Failure]:
    """Start, for the current task, the list that names every custom action that fails."""
    failures: list[Failure] = []
    _failures.set(failures)
    return failures


@functools.lru_cache(maxsize=1)
def _action_reply_validator() -> Any:
    schema = RemoteAction.action_response_format_spec()
    validator_class = validator_for(schema)
    validator_class.check_schema(schema)
    return validator_class(schema)


def _validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
    """Accept and refuse exactly what Rasa's own method does."""
    validator = _action_reply_validator()
    if validator.is_valid(result):
        return True
    error: ValidationError = next(iter(validator.iter_errors(result)))
    error.message += f". The reply to action '{self.name()}' does not have Rasa's format."
    raise error


def _resolve_by_type(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    found = _event_types.get(type_name)
    if found is None:
        # the first class of a name wins, as in Rasa's own search
        for cls in reversed(rasa.shared.utils.common.all_subclasses(Event)):
            _event_types[cls.type_name] = cls
        found = _event_types.get(type_name)
    return found if found is not None else _original_resolve(type_name, default)


def _action_call_format(
    self: RemoteAction, tracker: DialogueStateTracker, domain: Domain
) -> dict[str, Any]:
    """Return the request to the action server: the present turn, and no domain."""
    message = tracker.latest_message
    if message is None or "conversation_id" not in (message.metadata or {}):
        return _original_call_format(self, tracker, domain)
    state = tracker.current_state(EventVerbosity.NONE)
    state["events"] = [event.as_dict() for event in _events_of_turn(tracker)]
    return {
        "next_action": self.name(),
        "sender_id": tracker.sender_id,
        "tracker": state,
        "version": rasa.__version__,
        "domain": {},
    }


def _events_of_turn(tracker: DialogueStateTracker) -> list[Event]:
    """Return the events from the customer's latest message on."""
    found: list[Event] = []
    for event in reversed(tracker.events):
        found.append(event)
        if isinstance(event, UserUttered):
            break
    return found[::-1]


async def _run_and_tell_failures(self: RemoteAction, *args: Any, **kwargs: Any) -> list[Event]:
    try:
        return await _original_run(self, *args, **kwargs)
    except ActionExecutionRejection:
        raise  # a form's way to say "not this slot": no failure
    except Exception as error:
        failures = _failures.get()
        if failures is not None:
            failures.append(Failure(self.name(), type(error).__name__, _is_away(error)))
        # without the cause, whose text may quote the customer: Rasa writes it to the log
        raise RasaException(f"Custom action '{self.name()}' failed.") from None


def _is_away(error: Exception) -> bool:
    """Whether nobody took the action, or its door said that it cannot now (503)."""
    reason = error.__cause__ or error.__context__
    if isinstance(reason, ClientResponseError):
        return reason.status == HTTPStatus.SERVICE_UNAVAILABLE
    return isinstance(reason, aiohttp.ClientConnectionError)


def check_version() -> None:
    """Refuse another Rasa than the one whose methods were read.

    Raises:
        WrongRasaVersionError: If another Rasa than `PATCHED_RASA_VERSION` is installed.
    """
    if rasa.__version__ != PATCHED_RASA_VERSION:
        raise WrongRasaVersionError(
            f"bot/ replaces methods of Rasa {PATCHED_RASA_VERSION}, but {rasa.__version__} is "
            "installed. Read its methods again, adapt the patches and change the version there."
        )


def apply() -> None:
    """Put the replacements in place; doing so twice changes nothing.

    Raises:
        WrongRasaVersionError: If another Rasa than `PATCHED_RASA_VERSION` is installed.
    """
    check_version()
    RemoteAction._validate_action_result = _validate_action_result
    RemoteAction._action_call_format = _action_call_format
    RemoteAction.run = _run_and_tell_failures
    Event.resolve_by_type = staticmethod(_resolve_by_type)
