"""Let another model answer, between two turns and without a pause.

The new model is loaded and warmed in a thread while the old one goes on answering. Then the agent
gets the new processor: `bot.turns` reads it inside the conversation's lock, so that each turn is
taken by one model from its beginning to its end. The lock store stays the same object, and the
tracker store keeps its connection; only its view of the domain belongs to one model, so a turn that
is still under way reads and writes its conversation by the domain that it began with.

A model that cannot be loaded, or that reads nothing, changes nothing.
"""

from __future__ import annotations

import asyncio
import copy
import gc
import logging
import time
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.processor import MessageProcessor

from bot import memory

logger = logging.getLogger(__name__)

WARMING_TEXT = "My parcel has not arrived"
# A turn that began before the swap may hold the old model for as long as a turn may take.
LOOK_FOR_LEFTOVERS_SECONDS = (0.5, 30.0)


class ModelRefusedError(Exception):
    """The model cannot answer here; the one in use stays. `status` is the answer's HTTP status."""

    def __init__(self, reason: str, status: int = 422) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True)
class Loaded:
    """A model that is ready to answer."""

    processor: MessageProcessor
    nlg: Any


class ModelSwap:
    """Swaps the model of one engine; one at a time."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._busy = False
        self._tidying: set[asyncio.Task[None]] = set()

    def keep_to_folder_of(self, agent: Agent) -> None:
        """Remember the folder of the model in use: no model from elsewhere is ever loaded."""
        if self._folder is None and agent.processor is not None:
            self._folder = Path(agent.processor.model_path).resolve().parent

    async def to(self, agent: Agent, name: str) -> float:
        """Let the model of this path answer from the next turn on; return how long it took, in s.

        Nothing is done where it answers already.

        Raises:
            ModelRefusedError: It is not in the models folder, cannot be loaded, or another one is
                just being loaded. The model in use goes on answering.
        """
        path = self._allowed(name)
        if self._busy:
            raise ModelRefusedError("another model is just being loaded", status=409)
        if _is_model_of(agent, path):
            return 0.0  # two gateways may ask for the same
        self._busy, began = True, time.monotonic()
        try:
            loaded = await asyncio.to_thread(_load, agent, path)
            old = weakref.ref(agent.processor)
            _put_in_place(agent, loaded)
        finally:
            self._busy = False
        tidying = asyncio.create_task(_tidy(old))
        self._tidying.add(tidying)
        tidying.add_done_callback(self._tidying.discard)
        return time.monotonic() - began

    def _allowed(self, name: str) -> Path:
        path = Path(name).resolve()
        if self._folder is None or path.parent != self._folder:
            raise ModelRefusedError(f"only models in {self._folder} can be loaded", status=400)
        if not path.is_file():
            raise ModelRefusedError(f"there is no file {path.name} in {self._folder}", status=404)
        return path


def _is_model_of(agent: Agent, path: Path) -> bool:
    return agent.processor is not None and Path(agent.processor.model_path).resolve() == path


def _load(agent: Agent, path: Path) -> Loaded:
    nlg = agent.nlg
    if isinstance(nlg, TemplatedNaturalLanguageGenerator):
        nlg = TemplatedNaturalLanguageGenerator({})
    try:
        processor = MessageProcessor(
            model_path=str(path),
            tracker_store=agent.tracker_store,
            lock_store=agent.lock_store,
            generator=nlg,
            action_endpoint=agent.action_endpoint,
            http_interpreter=agent.http_interpreter,
        )
        parse = asyncio.run(processor.parse_message(UserMessage(WARMING_TEXT)))
    except Exception as error:  # whatever a broken file provokes
        raise ModelRefusedError(f"{path.name} cannot be loaded: {_in_one_line(error)}") from error
    if "assessment" not in parse:
        raise ModelRefusedError(f"{path.name} reads no assessment; it is no model of Amends")
    processor.tracker_store = store_for(agent.tracker_store, processor.domain)
    if isinstance(nlg, TemplatedNaturalLanguageGenerator):
        nlg.responses = processor.domain.responses
    return Loaded(processor, nlg)


def store_for(store: Any, domain: Any) -> Any:
    """Return the same store, on the same connection, as one domain sees it."""
    view = copy.copy(store)
    view.domain = domain
    return view


def _put_in_place(agent: Agent, loaded: Loaded) -> None:
    """Change all at once: nothing else runs on the event loop meanwhile."""
    agent.nlg = loaded.nlg
    agent.domain = loaded.processor.domain
    agent.tracker_store = loaded.processor.tracker_store
    agent.processor = loaded.processor


async def _tidy(old: weakref.ref[MessageProcessor]) -> None:
    """Free the old model, once no turn holds it any more, and return its memory."""
    for pause in LOOK_FOR_LEFTOVERS_SECONDS:
        await asyncio.sleep(pause)
        settle()
        if old() is None:
            return
    logger.warning("amends.model.kept the model before this one is still held")


def settle() -> None:
    """Return what loading a model left over, and spare the collector what stays for good."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    memory.give_back()


def _in_one_line(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:300]
