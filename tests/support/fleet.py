"""Several machines' worth of Amends on one: gateways and engines on PostgreSQL and Redis.

with running_fleet(folder) as fleet:
    customer = Customer.start(fleet.client())
    fleet.kill("engine-1")
    fleet.start("engine-1")
"""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from amends.storage import Database
from amends.wiring.supervisor import end_with_parent
from tests.support.orders import copy_order
from tests.support.postgres_server import PostgresServer, postgres_server
from tests.support.services import RedisServer, redis_server
from tests.support.system import PATIENT, PROJECT, free_ports, until

START_SECONDS = 300.0
SERVED = {"gateway": "/healthz", "engine": "/webhooks/amends/health", "desk": "/healthz"}


class AnyGateway(httpx.BaseTransport):
    """A load balancer without a memory: each request goes to any gateway, and to another one when
    that one is away. Where all are, or none has its database, the request fails as on the way."""

    def __init__(self, urls: list[str]) -> None:
        self._urls = urls
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
        raise failure

    def close(self) -> None:
        self._carrier.close()


@dataclass
class Machine:
    """One part of Amends with a supervisor of its own, as on a machine of its own."""

    name: str
    environment: dict[str, str]
    url: str
    output: Path
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def part(self) -> str:
        return self.name.partition("-")[0]

    def start(self) -> None:
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "amends.cli.main", "up", self.part],
                cwd=PROJECT,
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
    """The machines by name: gateway-1, gateway-2, engine-1, engine-2, postgres, redis."""

    machines: dict[str, Machine]
    postgres: PostgresServer
    redis: RedisServer
    db: Database
    _clients: ExitStack = field(default_factory=ExitStack)

    @property
    def names(self) -> list[str]:
        return [*self.machines, "postgres", "redis"]

    def client(self) -> httpx.Client:
        """Return a client of the customers' API, by way of any gateway."""
        urls = [one.url for one in self.machines.values() if one.part == "gateway"]
        carrier = AnyGateway(urls)
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

    def amends(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run one command as on the first machine."""
        return subprocess.run(
            [sys.executable, "-m", "amends.cli.main", *arguments],
            cwd=PROJECT,
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
def running_fleet(folder: Path, gateways: int = 2, engines: int = 2) -> Iterator[Fleet]:
    """Start all of it, with the model that is there, and end it when the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        postgres = stack.enter_context(postgres_server())
        redis = stack.enter_context(redis_server())
        for database in ("amends", "tracker"):
            postgres.create(database)
        fleet = _fleet(folder, postgres, redis, gateways, engines)
        stack.callback(fleet.stop)
        made = fleet.amends("up", "database")
        assert made.returncode == 0, made.stderr
        for machine in fleet.machines.values():
            machine.start()
        fleet.wait_ready()
        yield fleet


def _fleet(
    folder: Path, postgres: PostgresServer, redis: RedisServer, gateways: int, engines: int
) -> Fleet:
    ports = iter(free_ports(2 * gateways + engines))
    at_engines = [next(ports) for _ in range(engines)]
    at_gateways = [(next(ports), next(ports)) for _ in range(gateways)]
    shared = {
        **PATIENT,
        "database_url": postgres.url("amends"),
        "tracker_url": postgres.url("tracker"),
        "redis_url": redis.url,
        "engine_url": ",".join(f"http://127.0.0.1:{port}" for port in at_engines),
        "site_secret": "a secret for tests only, which nobody has to guess",
        "restart_pause_seconds": 0.05,
    }
    machines = {}
    for number, port in enumerate(at_engines, 1):
        # Each engine has the actions of a gateway; the first one's, where there are fewer.
        actions = at_gateways[(number - 1) % gateways][1]
        own = {"engine_port": port, "actions_url": f"http://127.0.0.1:{actions}"}
        machines[f"engine-{number}"] = _machine(folder, f"engine-{number}", port, shared | own)
    for number, (port, actions) in enumerate(at_gateways, 1):
        own = {"gateway_port": port, "actions_port": actions}
        machines[f"gateway-{number}"] = _machine(folder, f"gateway-{number}", port, shared | own)
    return Fleet(machines, postgres, redis, Database(postgres.url("amends")))


def _machine(folder: Path, name: str, port: int, settings: dict[str, object]) -> Machine:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("AMENDS_")}
    chosen = {"var_dir": folder / name, **settings}
    environment = inherited | {f"AMENDS_{k.upper()}": str(v) for k, v in chosen.items()}
    return Machine(name, environment, f"http://127.0.0.1:{port}", folder / f"{name}.out")
