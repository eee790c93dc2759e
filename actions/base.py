"""The one way an action runs: once per message, in one transaction, with one stored result."""

import asyncio
import json
from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

import structlog
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.turn import Turn, read_turn
from amends.conversations.use_cases import ensure_conversation
from amends.handoff import use_cases as handoff
from amends.satisfaction.ports import UnitOfWork
from amends.storage.errors import OUTAGES
from amends.wiring.app import App, get_app

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Say:
    """One utterance: a response of domain.yml with its values, buttons and card."""

    response: str
    values: dict[str, Any] = field(default_factory=dict)
    buttons: list[dict[str, str]] = field(default_factory=list)
    card: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an action did: what is said, and which slots change."""

    says: list[Say] = field(default_factory=list)
    slots: dict[str, Any] = field(default_factory=dict)


def button(title: str, intent: str, **values: object) -> dict[str, str]:
    """Return a quick reply; its payload stays on the server, the customer sees the title."""
    return {"title": title, "payload": f"/{intent}{json.dumps(values) if values else ''}"}


class AmendsAction(Action, ABC):
    """Base of all actions.

    The outcome is stored in the transaction that did the work, under the message and the action.
    When a turn is driven again after a crash, the stored outcome is said again and nothing is
    done twice. While the database is away nothing is said at all: the turn fails, to be driven
    again.
    """

    action_name: ClassVar[str]

    def name(self) -> str:
        return self.action_name

    @abstractmethod
    def perform(self, app: App, uow: UnitOfWork, turn: Turn) -> Outcome:
        """Call the use case and say what came of it."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        turn = read_turn(tracker, self.name())
        try:
            outcome = await asyncio.to_thread(self._run_once, _app_of(turn), turn)
        except OUTAGES:
            raise
        except Exception:
            log.exception("actions.action.failed", action=self.name(), seq=turn.seq)
            return await self._failed(dispatcher, turn)
        for say in outcome.says:
            _utter(dispatcher, say)
        return [SlotSet(name, value) for name, value in outcome.slots.items()]

    def _run_once(self, app: App, turn: Turn) -> Outcome:
        key = f"{turn.conversation_id}:{turn.seq}:{self.name()}:{turn.run}"
        with app.db.write() as uow:
            if not turn.from_gateway:
                ensure_conversation(uow, turn.conversation_id, app.clock())
            # Held until the end: a second run of the same message waits and finds the outcome, and
            # the order of locks (conversation, then customer) is the same everywhere.
            uow.conversations.lock(turn.conversation_id)
            stored = uow.action_runs.get(key) if turn.from_gateway else None
            if stored is not None:
                return _restore(stored)
            outcome = self.perform(app, uow, turn)
            if turn.from_gateway:
                uow.action_runs.add(key, asdict(outcome), app.clock())
            uow.commit()
            return outcome

    async def _failed(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[dict[str, Any]]:
        """Nothing was done, the transaction is gone: say so, ask a person, and wait."""
        try:
            await asyncio.to_thread(_ask_person, _app_of(turn), turn)
            dispatcher.utter_message(response="say_technical_problem_person")
            # The slot also tells a form that its answer was dealt with: without any slot it would
            # look for another rule.
            return [SlotSet("case_stage", "with_staff"), FollowupAction("action_listen")]
        except OUTAGES:
            raise
        except Exception:
            log.exception("actions.ask_person.failed", action=self.name(), seq=turn.seq)
            dispatcher.utter_message(response="say_technical_problem")
        return [FollowupAction("action_listen")]


def _app_of(turn: Turn) -> App:
    """All actions of a turn go by the rules that its first step went by."""
    return get_app().for_turn(turn.conversation_id, turn.seq)


def _ask_person(app: App, turn: Turn) -> None:
    with app.db.write() as uow:
        handoff.request(
            uow, app.thresholds, turn.conversation_id, ("technical_problem",), app.clock()
        )
        uow.commit()


def _utter(dispatcher: CollectingDispatcher, say: Say) -> None:
    dispatcher.utter_message(
        response=say.response, buttons=say.buttons, json_message=say.card, **say.values
    )


def _restore(stored: dict[str, Any]) -> Outcome:
    return Outcome([Say(**say) for say in stored["says"]], stored["slots"])
