"""Several machines' worth of Amends on one: gateways and engines on PostgreSQL and Redis.

with running_fleet(folder) as fleet:
    customer = Customer.start(fleet.client())
    with fleet.killed("engine-1"):
        customer.say("My parcel has not arrived.")
"""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle, product
from pathlib import Path

import httpx
from ruamel.yaml import YAML

from amends.storage import Database
from amends.wiring.supervisor import end_with_parent
from tests.support.hosts import Hosts, hosts, one_host
from tests.support.orders import copy_order
from tests.support.postgres_server import PostgresServer, postgres_server
from tests.support.services import RedisServer, redis_server
from tests.support.system import PATIENT, PROJECT, STOP_SECONDS, free_ports, until

START_SECONDS = 300.0
OUTSIDE = ("customers", "postgres", "redis")
"""What is on no machine of the fleet's own."""
Trouble = Callable[[], AbstractContextManager[None]]
SERVED = {"gateway": "/healthz", "engine": "/webhooks/amends/health", "desk": "/healthz"}


class AnyGateway(httpx.BaseTransport):
    """A load balancer without a memory: each request goes to any gateway, and to another one when
    that one is away. Where all are, or none has its database, the request fails as on the way."""

    def __init__(self, urls: list[str], failed: list[Exception]) -> None:
        self._urls = urls
        self._failed = failed
        self._carrier = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        failure: Exception = httpx.ConnectError("no gateway answers")
        for url in random.sample(self._urls, len(self._urls)):
            target = httpx.URL(url).copy_with(raw_path=request.url.raw_path)
            aimed = httpx.Request(
                request.method, target, headers=request.headers, content=request.content,
                extensions=request.extensions,
            )  # fmt: skip
            try:
                answer = self._carrier.handle_request(aimed)
            except httpx.TransportError as error:
                failure = error
                continue
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                return answer
            answer.close()
            failure = httpx.ReadError("a gateway has no database now")
        self._failed.append(failure)
        raise failure

    def close(self) -> None:
        self._carrier.close()


@dataclass
class Machine:
    """One part of Amends with a supervisor of its own, as on a machine of its own.

    `project` is the version of the program that runs there.
    """

    name: str
    environment: dict[str, str]
    url: str
    output: Path
    host: list[str]
    project: Path = PROJECT
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def part(self) -> str:
        return self.name.partition("-")[0]

    def start(self) -> None:
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [*self.host, sys.executable, "-m", "amends.cli.main", "up", self.part],
                cwd=self.project,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=end_with_parent(),
            )

    def kill(self) -> None:
        """End it as pulling the plug would; the kernel ends its children with it."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        """End it as a service manager does, and wait until it has put all down."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(STOP_SECONDS)
            self.process = None

    def ended(self) -> bool:
        """Whether it ended by itself, as it may where it cannot start without its database."""
        return self.process is not None and self.process.poll() is not None

    def serves(self) -> bool:
        try:
            answer = httpx.get(f"{self.url}{SERVED[self.part]}", timeout=2, trust_env=False)
        except httpx.HTTPError:
            return False
        return answer.status_code == httpx.codes.OK


@dataclass
class Fleet:
    """The machines by name: gateway-1, gateway-2, engine-1, engine-2, postgres, redis.

    Between hosts of their own, ways can be cut as well. `unanswered` holds what customers met whose
    request no gateway answered.
    """

    machines: dict[str, Machine]
    postgres: PostgresServer
    redis: RedisServer
    db: Database
    hosts: Hosts
    unanswered: list[Exception] = field(default_factory=list)
    _clients: ExitStack = field(default_factory=ExitStack)

    def troubles(self) -> dict[str, Trouble]:
        """Return by name all that may go wrong: each lasts as long as its block."""
        kills = {name: partial(self.killed, name) for name in [*self.machines, "postgres", "redis"]}
        cuts = {f"{a} from {b}": partial(self.cut, a, b) for a, b in self._ways()}
        return kills | cuts

    @contextmanager
    def killed(self, name: str) -> Iterator[None]:
        """Kill a machine; it is started again after the block."""
        self.kill(name)
        yield
        self.start(name)

    @contextmanager
    def cut(self, one: str, other: str) -> Iterator[None]:
        """Lose everything that two send each other, until after the block."""
        self.hosts.cut(one, other)
        yield
        self.hosts.join(one, other)

    def _ways(self) -> list[tuple[str, str]]:
        if not self.hosts.inside:
            return []
        gateways = [name for name in self.machines if self.machines[name].part == "gateway"]
        engines = [name for name in self.machines if self.machines[name].part == "engine"]
        return [
            *product(gateways, ["customers", *engines]),
            *product(self.machines, ["postgres", "redis"]),
        ]

    def client(self) -> httpx.Client:
        """Return a client of the customers' API, by way of any gateway."""
        urls = [one.url for one in self.machines.values() if one.part == "gateway"]
        carrier = AnyGateway(urls, self.unanswered)
        return self._clients.enter_context(
            httpx.Client(base_url="http://gateways", transport=carrier, timeout=30)
        )

    def copy_order(self, number: str) -> str:
        return copy_order(self.db, number)

    def kill(self, name: str) -> None:
        if name == "postgres":
            self.postgres.kill()
        elif name == "redis":
            self.redis.stop()
        else:
            self.machines[name].kill()

    def start(self, name: str) -> None:
        if name == "postgres":
            self.postgres.start()
        elif name == "redis":
            self.redis.start()
        else:
            self.machines[name].start()

    def amends(
        self, *arguments: str, project: Path = PROJECT
    ) -> "subprocess.CompletedProcess[str]":
        """Run one command of a version of the program as on the first machine."""
        return subprocess.run(
            [sys.executable, "-m", "amends.cli.main", *arguments],
            cwd=project,
            env=next(iter(self.machines.values())).environment,
            capture_output=True,
            text=True,
            timeout=START_SECONDS,
        )

    def audit_faults(self) -> list[str]:
        """Return what `amends audit verify` finds wrong."""
        verified = self.amends("audit", "verify")
        return [] if verified.returncode == 0 else [f"audit: {verified.stdout}{verified.stderr}"]

    def wait_ready(self, seconds: float = START_SECONDS) -> None:
        """Return once every machine serves."""
        until(lambda: all(one.serves() for one in self.machines.values()), seconds, self.keep_up)

    def keep_up(self) -> None:
        """Start again what ended by itself, as the service manager of each machine does."""
        for machine in self.machines.values():
            if machine.ended():
                machine.start()

    def stop(self) -> None:
        self._clients.close()
        self.db.close()
        for machine in self.machines.values():
            machine.kill()


@contextmanager
def running_fleet(
    folder: Path, gateways: int = 2, engines: int = 2, own_hosts: bool = False
) -> Iterator[Fleet]:
    """Start all of it, with the model that is there, and end it when the block ends.

    Args:
        folder: Where each machine keeps its files.
        gateways: How many gateways.
        engines: How many engines; each has the actions of one gateway.
        own_hosts: Whether each machine is on a host of its own, so that ways can be cut.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"gateway-{n + 1}" for n in range(gateways)]
    names += [f"engine-{n + 1}" for n in range(engines)]
    with ExitStack() as stack:
        at = stack.enter_context(hosts(names, OUTSIDE)) if own_hosts else one_host(names, OUTSIDE)
        postgres = stack.enter_context(postgres_server(at.addresses["postgres"]))
        redis = stack.enter_context(redis_server(at.addresses["redis"]))
        for database in ("amends", "tracker"):
            postgres.create(database)
        fleet = Fleet(
            _machines(folder, names, at, _shared(folder, postgres, redis)),
            postgres,
            redis,
            Database(postgres.url("amends")),
            at,
        )
        stack.callback(fleet.stop)
        made = fleet.amends("up", "database")
        assert made.returncode == 0, made.stderr
        for machine in fleet.machines.values():
            machine.start()
        fleet.wait_ready()
        yield fleet


def _shared(folder: Path, postgres: PostgresServer, redis: RedisServer) -> dict[str, object]:
    return {
        **PATIENT,
        "policy_path": _policy_of_a_rich_company(folder / "policy.yml"),
        "database_url": postgres.url("amends"),
        "tracker_url": postgres.url("tracker"),
        "redis_url": redis.url,
        "site_secret": "a secret for tests only, which nobody has to guess",
        "restart_pause_seconds": 0.05,
    }


def _policy_of_a_rich_company(path: Path) -> Path:
    """Write the policy without the budget of a day, which hundreds of conversations would spend."""
    yaml = YAML(typ="safe")
    policy = yaml.load(PROJECT / "policies" / "retail.yml")
    del policy["caps"]["per_day"]
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(policy, file)
    return path


def _machines(
    folder: Path, names: list[str], at: Hosts, shared: dict[str, object]
) -> dict[str, Machine]:
    ports = dict(zip(names, free_ports(len(names)), strict=True))
    gateways = [name for name in names if name.startswith("gateway")]
    actions = dict(zip(gateways, free_ports(len(gateways)), strict=True))
    engines = [name for name in names if name not in actions]
    urls = {name: f"http://{at.addresses[name]}:{ports[name]}" for name in names}
    shared = {**shared, "engine_url": ",".join(urls[name] for name in engines)}
    own: dict[str, dict[str, object]] = {}
    for name, beside in zip(engines, cycle(gateways), strict=False):
        place = f"http://{at.addresses[beside]}:{actions[beside]}"
        own[name] = {"engine_port": ports[name], "actions_url": place}
    for name in gateways:
        own[name] = {"gateway_port": ports[name], "actions_port": actions[name]}
    machines = {}
    for name in names:
        host = {f"{part}_host": at.addresses[name] for part in ("gateway", "engine", "actions")}
        environment = _environment({"var_dir": folder / name, **shared, **host, **own[name]})
        output = folder / f"{name}.out"
        machines[name] = Machine(name, environment, urls[name], output, at.command(name))
    return machines


def _environment(settings: dict[str, object]) -> dict[str, str]:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("AMENDS_")}
    return inherited | {f"AMENDS_{k.upper()}": str(v) for k, v in settings.items()}
