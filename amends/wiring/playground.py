"""The playground: one sandbox for each person who tries a model out, and the talk within it.

A talk keeps each message with its explanation, taken while the conversation went on.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from amends.compensation.policy import Policy
from amends.conversations.model import Message
from amends.training.playground.model import Explained, Seen
from amends.values import utc_now
from amends.wiring.api_client import Chat, Gateway
from amends.wiring.database import open_database
from amends.wiring.explaining import Explainer
from amends.wiring.rules import Rules, StoredRules, load_files
from amends.wiring.sandbox import Sandbox, SandboxError, Stage
from amends.wiring.settings import Settings

log = structlog.get_logger()

LOOK_EVERY_SECONDS = 5.0


class Talk:
    """A conversation in a sandbox, as one customer of the demo shop or as a guest.

    Its calls wait for network and database; call them from a thread that may.
    """

    def __init__(self, sandbox: Sandbox, policy: Policy) -> None:
        own = sandbox.settings
        self._db = open_database(own)
        rules = StoredRules(self._db, load_files(own))
        self._explainer = Explainer(self._db, own.engine_url, policy, rules.now, utc_now)
        self._gateway = Gateway(sandbox.url)
        self._identities = self._gateway.demo_identities()
        self.customer = ""
        self.turns: list[Explained] = []
        self.restart("")

    @property
    def customers(self) -> list[str]:
        return list(self._identities)

    @property
    def messages(self) -> list[Message]:
        return list(self._seen.messages) if self._seen else []

    @property
    def mode(self) -> str:
        return self._seen.conversation.mode.value if self._seen else "bot"

    def restart(self, customer: str) -> None:
        """Begin a new conversation, as this customer; an unknown name, or none, is a guest.

        Raises:
            ApiError: The sandbox's gateway does not answer.
        """
        self.customer = customer if customer in self._identities else ""
        self._chat: Chat = self._gateway.start(self._identities.get(self.customer))
        self.turns = []
        self._seen: Seen | None = self._explainer.see(self._chat.id)

    def say(self, text: str) -> None:
        """Send typed words and wait until they are answered.

        Raises:
            ApiError: The gateway refuses them, or does not answer.
        """
        before = self._explainer.see(self._chat.id)
        self._chat.say(text)
        self._note(before)

    def choose(self, choice_id: str) -> None:
        """Tap a choice.

        Raises:
            ApiError: The gateway refuses it, or does not answer.
        """
        before = self._explainer.see(self._chat.id)
        self._chat.choose(choice_id)
        self._note(before)

    def _note(self, before: Seen | None) -> None:
        self._seen = self._explainer.see(self._chat.id)
        explained = self._explainer.explain(before, self._seen) if self._seen else None
        if explained is not None:
            self.turns.append(explained)

    def close(self) -> None:
        self._gateway.close()
        self._db.close()


@dataclass
class Trial:
    """What one person tries out: a sandbox on its way, running, or ended."""

    model: Path
    sandbox: Sandbox
    used_at: float
    began_at: float
    talk: Talk | None = None
    problem: str = ""  # why it could not be started
    starting: "asyncio.Task[None] | None" = None
    busy: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def is_ready(self) -> bool:
        return self.talk is not None and self.sandbox.stage is Stage.READY


class Playground:
    """The sandboxes of one desk: at most one for each person, ended when idle."""

    def __init__(
        self,
        settings: Settings,
        policy: Policy,
        rules: Rules,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings, self._policy, self._rules = settings, policy, rules
        self._clock = clock
        self._trials: dict[str, Trial] = {}
        self._watching: asyncio.Task[None] | None = None

    def of(self, owner: str) -> Trial | None:
        """Return what this person tries out."""
        return self._trials.get(owner)

    async def begin(self, owner: str, model: Path) -> Trial:
        """Start a sandbox with this model, in place of the one this person had.

        Raises:
            TooManySandboxes: All places are taken.
            SandboxError: There is no such model.
        """
        await self.end(owner)
        sandbox = Sandbox(self._settings, model, self._rules)
        now = self._clock()
        trial = Trial(model, sandbox, used_at=now, began_at=now)
        self._trials[owner] = trial
        trial.starting = asyncio.create_task(self._start(trial))
        if self._watching is None or self._watching.done():
            self._watching = asyncio.create_task(self._end_idle())
        log.info("playground.sandbox.started", by=owner, model=model.name)
        return trial

    async def _start(self, trial: Trial) -> None:
        try:
            await trial.sandbox.start()
            trial.talk = await asyncio.to_thread(Talk, trial.sandbox, self._policy)
        except asyncio.CancelledError:
            await trial.sandbox.stop()
            raise
        except Exception as error:  # whatever it was, the page says so
            trial.problem = str(error)
            log.warning("playground.sandbox.failed", reason=type(error).__name__)
            await trial.sandbox.stop()

    async def use(self, owner: str, work: Callable[[Talk], None]) -> None:
        """Do something in this person's talk, one thing at a time.

        Raises:
            SandboxError: There is none that runs, or it went away.
            ApiError: The sandbox's gateway refused.
        """
        trial = self._trials.get(owner)
        if trial is None or trial.talk is None:
            raise SandboxError("This sandbox was stopped; start it again.")
        trial.used_at = self._clock()
        async with trial.busy:
            await asyncio.to_thread(work, trial.talk)
        trial.used_at = self._clock()

    async def end(self, owner: str) -> None:
        """Stop this person's sandbox, if there is one."""
        trial = self._trials.pop(owner, None)
        if trial is None:
            return
        if trial.starting is not None and not trial.starting.done():
            trial.starting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await trial.starting
        if trial.talk is not None:
            trial.talk.close()
        await trial.sandbox.stop()

    async def close(self) -> None:
        """Stop all."""
        if self._watching is not None:
            self._watching.cancel()
        await asyncio.gather(*(self.end(owner) for owner in list(self._trials)))

    async def end_idle(self) -> int:
        """Stop what nobody has used for long; return how many that were."""
        limit = self._clock() - self._settings.sandbox_idle_minutes * 60
        idle = [owner for owner, one in self._trials.items() if one.used_at < limit]
        for owner in idle:
            await self.end(owner)
            log.info("playground.sandbox.idle", by=owner)
        return len(idle)

    async def _end_idle(self) -> None:
        while self._trials:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            await self.end_idle()
