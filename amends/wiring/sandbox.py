"""A sandbox: an isolated copy of Amends with one model, in which nothing real can be touched.

It has its own folder with its own SQLite databases filled with the demo shop, its own ports on
loopback, its own gateway and engine. Everything that reaches out (payments, mail, help desk,
Redis) is switched off, whatever the settings of the installation say. The processes die with the
one that started them. At most `sandboxes_at_once` of an installation run at a time: each holds
one of so many places, a lock that the kernel lifts however its holder ends.

    SandboxError
    └── TooManySandboxes    all places are taken
"""

import asyncio
import contextlib
import fcntl
import secrets
import shutil
import socket
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

import httpx
from pydantic import SecretStr

from amends.handoff.rule_model import RuleKind
from amends.storage import demo, migrate
from amends.values import utc_now
from amends.wiring.errors import NotPossible
from amends.wiring.processes import engine_child, gateway_child
from amends.wiring.rules import Rules, StoredRules
from amends.wiring.settings import Settings, environment_of, without_ours
from amends.wiring.supervisor import Child, Supervisor

PROBE_SECONDS = 2.0
PATIENT_SECONDS = 15.0
"""How long a sandbox's gateway waits for its engine at least: both may have just woken up."""

SWITCHED_OFF: Mapping[str, Any] = {
    "payments_url": "",
    "payments_secret": SecretStr(""),
    "smtp_url": SecretStr(""),
    "mail_from": "",
    "chatwoot_url": "",
    "chatwoot_token": SecretStr(""),
    "chatwoot_account_id": 0,
    "chatwoot_inbox_id": 0,
    "chatwoot_webhook_secret": SecretStr(""),
    "redis_url": "",
    "otlp_url": "",
    "webhooks_allow_private": False,
    "check_in_days": 0,
}
"""What reaches out of an installation, as a sandbox has it."""

_RULE_FILES = {RuleKind.HOURS: "hours.yml", RuleKind.THRESHOLDS: "handoff.yml"}
_migrating = threading.Lock()  # Alembic has one context per process


class SandboxError(NotPossible):
    """A sandbox cannot be started, or is gone; the text is one sentence."""


class TooManySandboxes(SandboxError):
    def __init__(self, most: int) -> None:
        super().__init__(
            f"as many sandboxes run already as AMENDS_SANDBOXES_AT_ONCE allows ({most}); stop one, "
            "or wait until one has been idle for long enough."
        )
        self.most = most


class Stage(StrEnum):
    """How far a sandbox has come."""

    PREPARING = "preparing"  # its folder, ports and database
    LOADING = "loading"  # the gateway starts and the engine loads the model
    READY = "ready"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Slot:
    """One of the places for sandboxes, held until it is given back."""

    number: int
    folder: Path
    lock: IO[bytes]

    def give_back(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.lock.close()


def take_slot(settings: Settings) -> Slot:
    """Take a free place with an empty folder.

    Raises:
        TooManySandboxes: None is free.
    """
    place = settings.run_dir / "sandboxes"
    place.mkdir(parents=True, exist_ok=True)
    for number in range(1, settings.sandboxes_at_once + 1):
        lock = (place / f"{number}.lock").open("ab")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            continue
        folder = place / str(number)
        shutil.rmtree(folder, ignore_errors=True)  # of a holder who was killed
        folder.mkdir(mode=0o700)
        return Slot(number, folder, lock)
    raise TooManySandboxes(settings.sandboxes_at_once)


class Sandbox:
    """One isolated copy; `start` it, talk to `url`, `stop` it."""

    def __init__(self, settings: Settings, model: Path, rules: Rules | None = None) -> None:
        """Take a place; nothing runs yet.

        Args:
            settings: of the installation.
            model: the model that answers.
            rules: whose hours and thresholds hold; None: those of the files.

        Raises:
            TooManySandboxes: All places are taken.
            SandboxError: There is no such model.
        """
        if not model.is_file():
            raise SandboxError(f"{model} is not a model file.")
        self.model = model.absolute()
        self._slot = take_slot(settings)
        self._outputs = settings.log_dir  # they outlive the folder, to tell why one did not start
        self.settings = sandbox_settings(settings, self._slot.folder, texts_of(rules))
        self.stage = Stage.PREPARING
        self._stopping = asyncio.Lock()
        self._supervisor = Supervisor(lambda _: None, settings.stop_timeout_seconds)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.settings.gateway_port}"

    def process_ids(self) -> dict[str, int]:
        return self._supervisor.process_ids()

    async def start(self) -> None:
        """Return once it can be talked to.

        Raises:
            StartError: A process did not become ready; the place is given back.
        """
        try:
            await self._start()
        except BaseException:
            await self.stop()
            raise

    async def _start(self) -> None:
        own = self.settings
        async with httpx.AsyncClient(timeout=PROBE_SECONDS, trust_env=False) as client:
            engine = self._isolated(engine_child(own, self.model, client))
            await self._supervisor.start(engine)  # the slowest first, the rest meanwhile
            await asyncio.to_thread(prepare_shop, own)
            self.stage = Stage.LOADING
            gateway = self._isolated(gateway_child(own, client))
            await self._supervisor.start(gateway)
            seconds = own.start_timeout_seconds
            await asyncio.gather(
                *(self._supervisor.wait_ready(child, seconds) for child in (gateway, engine))
            )
        self.stage = Stage.READY

    def _isolated(self, child: Child) -> Child:
        """Return the child with the sandbox's settings, each of them, in place of all others."""
        output = self._outputs / f"sandbox-{self._slot.number}-{child.name}.out"
        output.unlink(missing_ok=True)  # of the one that had this place before
        environment = {**without_ours(child.environment), **environment_of(self.settings)}
        return replace(child, output=output, environment=environment)

    async def stop(self) -> None:
        """End its processes and remove its folder; doing so twice changes nothing."""
        async with self._stopping:  # who comes second waits until it is done
            if self.stage is not Stage.STOPPED:
                self.stage = Stage.STOPPED
                await self._supervisor.stop()
                self._slot.give_back()


def texts_of(rules: Rules | None) -> dict[RuleKind, str]:
    """Return the hours and thresholds that were laid down at the desk, where they are known."""
    if not isinstance(rules, StoredRules):
        return {}
    return {kind: rules.in_force(kind).text for kind in RuleKind}


def sandbox_settings(settings: Settings, folder: Path, rules: Mapping[RuleKind, str]) -> Settings:
    """Return the settings of a sandbox in this folder, on ports that are free now."""
    gateway, engine, actions = free_ports(3)
    for kind, text in rules.items():
        (folder / _RULE_FILES[kind]).write_text(text, encoding="utf-8")
    paths = {RuleKind.HOURS: settings.hours_path, RuleKind.THRESHOLDS: settings.handoff_path}
    paths |= {kind: folder / _RULE_FILES[kind] for kind in rules}
    return settings.model_copy(
        update={
            **SWITCHED_OFF,
            "var_dir": folder,
            "database_url": f"sqlite:///{folder}/amends.db",
            "tracker_url": f"sqlite:///{folder}/tracker.db",
            "gateway_host": "127.0.0.1",
            "gateway_port": gateway,
            "engine_host": "127.0.0.1",
            "engine_port": engine,
            "actions_host": "127.0.0.1",
            "actions_port": actions,
            "actions_url": f"http://127.0.0.1:{actions}",
            "public_url": f"http://127.0.0.1:{gateway}",
            "engine_url": f"http://127.0.0.1:{engine}",
            "hours_path": paths[RuleKind.HOURS],
            "handoff_path": paths[RuleKind.THRESHOLDS],
            "site_secret": SecretStr(secrets.token_urlsafe(32)),
            "site_secret_before": SecretStr(""),
            "admin_password": SecretStr(secrets.token_urlsafe(16)),
            "demo": True,
            "engine_timeout_seconds": max(settings.engine_timeout_seconds, PATIENT_SECONDS),
        }
    )


def prepare_shop(own: Settings) -> None:
    """Make the sandbox's database and fill it with the demo shop."""
    with _migrating:
        migrate.upgrade(own.database_url)
    demo.fill(own.database_url, utc_now())


def free_ports(how_many: int) -> list[int]:
    """Return ports of the loopback address on which nobody listens now."""
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(how_many)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]


@contextlib.contextmanager
def running_sandbox(
    settings: Settings, model: Path, rules: Rules | None = None
) -> Iterator[Sandbox]:
    """Start a sandbox, wait until it can be talked to, and stop it at the end of the block.

    Its event loop has a thread of its own, which lasts as long as the sandbox: the kernel ends its
    processes with that thread.

    Raises:
        SandboxError: It cannot be had; StartError: a process did not become ready.
    """
    sandbox = Sandbox(settings, model)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="sandbox", daemon=True)
    thread.start()
    starting = asyncio.run_coroutine_threadsafe(sandbox.start(), loop)
    try:
        starting.result()
        yield sandbox
    finally:
        starting.cancel()  # for one who does not wait for it
        asyncio.run_coroutine_threadsafe(sandbox.stop(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
