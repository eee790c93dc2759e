"""Several machines' worth of Amends on one: gateways and engines on PostgreSQL and Redis.

with running_fleet(folder) as fleet:
    customer = Customer.start(fleet.client())
    with fleet.killed("engine-1"):
        customer.say("My parcel has not arrived.")
"""

import os
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
from tests.support.any_gateway import AnyGateway
from tests.support.hosts import Hosts, hosts, one_host
from tests.support.machine import Machine
from tests.support.orders import copy_order
from tests.support.postgres_server import PostgresServer, postgres_server
from tests.support.services import RedisServer, redis_server
from tests.support.system import PATIENT, PROJECT, free_ports, until

START_SECONDS = 300.0
OUTSIDE = ("customers", "postgres", "redis")
"""What is on no machine of the fleet's own."""
Trouble = Callable[[], AbstractContextManager[None]]


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

    @property
    def gateways(self) -> list[Machine]:
        return [one for one in self.machines.values() if one.part == "gateway"]

    @property
    def engines(self) -> list[Machine]:
        return [one for one in self.machines.values() if one.part == "engine"]

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
        gateways, engines = ([one.name for one in of] for of in (self.gateways, self.engines))
        return [
            *product(gateways, ["customers", *engines]),
            *product(self.machines, ["postgres", "redis"]),
        ]

    def client(self) -> httpx.Client:
        """Return a client of the customers' API, by way of any gateway."""
        carrier = AnyGateway([one.url for one in self.gateways], self.unanswered)
        return self._clients.enter_context(
            httpx.Client(base_url="http://gateways", transport=carrier, timeout=30)
        )

    def client_of(self, gateway: Machine) -> httpx.Client:
        """Return a client of the customers' API at one gateway."""
        return self._clients.enter_context(
            httpx.Client(base_url=gateway.url, timeout=60, trust_env=False)
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
    folder: Path, gateways: int = 2, engines: int = 2, own_hosts: bool = False, **settings: object
) -> Iterator[Fleet]:
    """Start all of it, with the model that is there, and end it when the block ends.

    Args:
        folder: Where each machine keeps its files.
        gateways: How many gateways.
        engines: How many engines; each has the actions of one gateway.
        own_hosts: Whether each machine is on a host of its own, so that ways can be cut.
        settings: Of all machines, besides what a fleet needs.
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
            _machines(folder, names, at, _shared(folder, postgres, redis) | settings),
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
    """Write the policy with a budget of the day that hundreds of conversations do not spend."""
    yaml = YAML(typ="safe")
    policy = yaml.load(PROJECT / "policies" / "retail.yml")
    budget = policy["caps"]["per_day"]
    policy["caps"]["per_day"] = {currency: 1000 * amount for currency, amount in budget.items()}
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
