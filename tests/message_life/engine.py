"""An engine in a few lines: replays message ids, and fails as it is told to."""

import asyncio
from collections.abc import Callable
from typing import Any

from amends.conversations.model import Choice, Reply, TurnRequest, Understanding
from amends.conversations.ports import EngineRefused, EngineUnavailable


def understanding(text: str = "", **changed: Any) -> Understanding:
    values: dict[str, Any] = {
        "intent": "report_damaged_item",
        "confidence": 0.9,
        "complaint": True,
        "category": "damaged_item",
        "secondary": (),
        "sentiment": -0.4,
        "sentiment_label": "neg",
        "flags": frozenset(),
        "severity": "medium",
        "waiting_hours": None,
        "language": "en",
        "parse": {"text": text, "intent": {"name": "report_damaged_item", "confidence": 0.9}},
    }
    return Understanding(**(values | changed))


class FakeEngine:
    """Processes a message id once; asked again, it repeats its answer."""

    def __init__(self) -> None:
        self.up = True
        self.delay_seconds = 0.0
        self.refuses: Callable[[TurnRequest], bool] = lambda request: False
        self.replies: Callable[[TurnRequest], list[Reply]] = lambda request: [
            Reply(f"Answer to {request.text or request.payload}")
        ]
        self.answered: dict[str, list[Reply]] = {}
        self.processed: list[str] = []  # message ids in the order of their first processing
        self.requests: list[TurnRequest] = []
        self.understood: list[str] = []
        self.before_answer: Callable[[TurnRequest], None] = lambda request: None
        self.at_once = 0
        self.most_at_once = 0

    async def understand(self, text: str, conversation_id: str) -> Understanding:
        self._check()
        self.understood.append(text)
        return understanding(text)

    async def turn(self, request: TurnRequest) -> list[Reply]:
        self._check()
        self.requests.append(request)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(self.delay_seconds)
        finally:
            self.at_once -= 1
        if self.refuses(request):
            raise EngineRefused("turn: status 500")
        if request.message_id not in self.answered:
            self.processed.append(request.message_id)
            self.answered[request.message_id] = self.replies(request)
        self.before_answer(request)
        return self.answered[request.message_id]

    async def ready(self) -> bool:
        return self.up

    def _check(self) -> None:
        if not self.up:
            raise EngineUnavailable("connection refused")


def offer(*titles: str, text: str = "Please choose.") -> Reply:
    return Reply(text, tuple(Choice("", t, f'/agree{{"chosen": "{t}"}}') for t in titles))
