"""Explain the messages of a running conversation: its database before and after, and its engine."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx

from amends.compensation.policy import Policy
from amends.handoff.thresholds import Thresholds
from amends.storage.database import Database
from amends.training.playground.explain import explain, latest_message
from amends.training.playground.look import look
from amends.training.playground.model import EngineTold, Explained, FlagWords, RasaStep, Seen
from amends.values import Clock
from amends.wiring.engine_client import CHANNEL

EXPLAIN_SECONDS = 10.0
SILENT = EngineTold(answered=False)


class Explainer:
    """Looks at the conversations of one installation, real or sandbox; changes nothing."""

    def __init__(
        self,
        db: Database,
        engine_url: str,
        policy: Policy,
        thresholds: Callable[[], Thresholds],
        clock: Clock,
    ) -> None:
        self._db, self._engine_url, self._policy = db, engine_url, policy
        self._thresholds, self._clock = thresholds, clock

    def see(self, conversation_id: str) -> Seen | None:
        """Return the conversation as it is now; None when this database does not hold it."""
        with self._db.read() as uow:
            return look(uow, self._thresholds(), conversation_id, self._clock())

    def explain(self, before: Seen | None, after: Seen) -> Explained | None:
        """Return what the message between the two led to; None when there was none."""
        message = latest_message(before, after)
        if message is None:
            return None
        message_id = f"{after.conversation.id}:{message.seq}"
        told = self._ask(after.conversation.sender_id, message_id, message.text)
        titles = clause_titles(self._policy, message.at)
        return explain(before, after, told, self._thresholds(), titles)

    def _ask(self, sender_id: str, message_id: str, text: str) -> EngineTold:
        body = {"sender_id": sender_id, "message_id": message_id, "text": text}
        try:
            answer = httpx.post(
                f"{self._engine_url}{CHANNEL}/explain",
                json=body,
                timeout=EXPLAIN_SECONDS,
                trust_env=False,
            )
            return engine_told(answer.raise_for_status().json())
        except (httpx.HTTPError, ValueError, KeyError, TypeError):
            return SILENT


def engine_told(answer: dict[str, Any]) -> EngineTold:
    """Read what the engine's /explain answers."""
    return EngineTold(
        flag_words=tuple(
            FlagWords(one["flag"], one["words"], one["severity"]) for one in answer["flag_words"]
        ),
        steps=tuple(
            RasaStep(
                one["kind"],
                one["name"],
                one.get("policy"),
                one.get("confidence"),
                one.get("value"),
            )
            for one in answer["steps"]
        ),
    )


def clause_titles(policy: Policy, at: datetime) -> dict[str, str]:
    """Return the titles of the clauses in force at a moment, by id."""
    version = next((one for one in policy.versions if one.covers(at.date())), None)
    return {clause.id: clause.title for clause in version.clauses} if version else {}
