"""Two machines of one installation: each runs a gateway and an engine, as `amends up` starts them.

They share PostgreSQL and Redis, and nothing else but the code.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx

from amends.storage import Database
from amends.storage.tracker import tracker_events
from amends.wiring.engines import ranked
from amends.wiring.supervisor import end_with_parent
from tests.storage.conftest import empty_postgres
from tests.support.customer import Customer
from tests.support.services import RedisServer, redis_server
from tests.support.system import PATIENT, PROJECT, START_SECONDS, STOP_SECONDS, free_ports, until


@dataclass
class Machine:
    """One `amends up engine gateway`."""

    folder: Path
    ports: dict[str, int]
    process: "subprocess.Popen[bytes]"

    @property
    def gateway_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['gateway']}"

    @property
    def engine_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['engine']}"

    @property
    def actions_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['actions']}"

    def turns_of(self, conversation_id: str) -> int:
        """Return how many turns of a conversation this machine's engine has taken."""
        said = (self.folder / "up.out").read_text("utf-8", errors="replace")
        return said.count(f"amends.turn.done sender_id={conversation_id}.")

    def kill(self, module: str) -> None:
        """End a process as a crash would; it is started again, and an engine loads for a while."""
        for pid, words in _children(self.process.pid):
            if module in words:
                os.kill(pid, signal.SIGKILL)
                return
        raise AssertionError(f"no {module} runs here")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise


@dataclass
class Installation:
    machines: tuple[Machine, Machine]
    db: Database
    tracker_url: str
    redis: RedisServer
    _clients: ExitStack = field(default_factory=ExitStack)

    def client(self, machine: Machine) -> httpx.Client:
        return self._clients.enter_context(
            httpx.Client(base_url=machine.gateway_url, timeout=60, trust_env=False)
        )

    def customer(self) -> "Wanderer":
        """Return a customer whose posts go to one gateway and the next in turn."""
        begun = Customer.start(self.client(self.machines[0]))
        return Wanderer([begun, replace(begun, client=self.client(self.machines[1]))])

    def home_of(self, conversation_id: str) -> tuple[Machine, Machine]:
        """Return the machine whose engine takes a conversation, and the other one."""
        by_engine = {machine.engine_url: machine for machine in self.machines}
        first, second = ranked(conversation_id, by_engine)
        return by_engine[first], by_engine[second]

    def taken_in(self, conversation_id: str) -> list[str]:
        """Return the ids of the messages that the engines' dialogue state holds, in order."""
        events = tracker_events(self.tracker_url, [f"{conversation_id}.1"])
        return [
            event["message_id"]
            for event in events.get(f"{conversation_id}.1", [])
            if event["event"] == "user" and event.get("message_id")
        ]

    def status(self, machine: Machine) -> str:
        try:
            answer = httpx.get(f"{machine.gateway_url}/readyz", timeout=5, trust_env=False)
            return str(answer.json()["status"])
        except (httpx.HTTPError, ValueError):
            return "away"

    def wait_ready(self) -> None:
        until(lambda: {self.status(one) for one in self.machines} == {"ready"}, START_SECONDS)

    def close(self) -> None:
        self._clients.close()
        self.db.close()


class Wanderer:
    """A customer whom the load balancer sends to another gateway with each request."""

    def __init__(self, at: list[Customer]) -> None:
        self.at = at
        self._requests = 0

    @property
    def id(self) -> str:
        return self.at[0].conversation_id

    @property
    def next(self) -> Customer:
        self._requests += 1
        return self.at[self._requests % len(self.at)]


@contextmanager
def installation(folder: Path) -> Iterator[Installation]:
    with ExitStack() as running:
        redis = running.enter_context(redis_server())
        urls = [running.enter_context(empty_postgres()) for _ in range(2)]
        ports = _ports()
        shared = {
            **PATIENT,
            "database_url": urls[0],
            "tracker_url": urls[1],
            "redis_url": redis.url,
            "site_secret": "a secret of more than thirty-two characters",
            "engine_url": ",".join(f"http://127.0.0.1:{one['engine']}" for one in ports),
        }
        machines = []
        for number, own in enumerate(ports):
            machine = _machine(folder / f"machine-{number}", own, shared)
            running.callback(machine.stop)
            machines.append(machine)
        found = Installation((machines[0], machines[1]), Database(urls[0]), urls[1], redis)
        running.callback(found.close)
        found.wait_ready()
        yield found


def _children(parent: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the processes that one has started, each with the words of its command."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            status = (folder / "status").read_text("ascii", errors="replace")
            if f"\nPPid:\t{parent}\n" in status:
                words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
                yield int(folder.name), words


def _ports() -> list[dict[str, int]]:
    names = ("gateway", "engine", "actions")
    free = free_ports(2 * len(names))
    return [dict(zip(names, free[n::2], strict=True)) for n in range(2)]


def _machine(folder: Path, ports: dict[str, int], shared: dict[str, object]) -> Machine:
    folder.mkdir(parents=True)
    chosen = {"var_dir": folder / "var", **{f"{k}_port": v for k, v in ports.items()}, **shared}
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("AMENDS_")}
    with (folder / "up.out").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "amends.cli.main", "up", "engine", "gateway"],
            cwd=PROJECT,
            env=inherited | {f"AMENDS_{k.upper()}": str(v) for k, v in chosen.items()},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=end_with_parent(),
        )
    return Machine(folder, ports, process)
