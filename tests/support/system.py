"""The real system, as `amends up` runs it: engine, gateway and desk, in a folder of its own.

with running_system(folder, restart_pause_seconds=0.1) as system:
    customer = system.customer()
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from amends.storage import Database
from amends.values import utc_now
from amends.wiring.supervisor import end_with_parent
from tests.support.customer import Customer
from tests.support.orders import copy_order

PROJECT = Path(__file__).resolve().parents[2]
START_SECONDS = 900.0  # training included, should the model be stale, on a busy machine
STOP_SECONDS = 20.0
PATIENT = {
    "messages_per_minute": 100_000,
    "conversations_per_minute": 100_000,
    # A busy machine is slow, not broken.
    "engine_timeout_seconds": 25,
    "engine_retry_seconds": 300,
    "admin_password": "a word for tests only",
    "take_back_seconds": 0,
    "log_level": "info",
}


@dataclass
class System:
    """One running installation and the ways into it."""

    folder: Path
    ports: dict[str, int]
    process: "subprocess.Popen[bytes]"
    db: Database
    _clients: ExitStack = field(default_factory=ExitStack)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports['gateway']}"

    @property
    def desk_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['desk']}"

    def customer(self, signed_in: str | None = None) -> Customer:
        """Return a customer with a new conversation, signed in as one of the demo shop."""
        return Customer.start(self.client(), self.identity(signed_in) if signed_in else None)

    def client(self) -> httpx.Client:
        """Return a client of the customers' API; it is closed with the system."""
        return self._clients.enter_context(
            httpx.Client(base_url=self.url, timeout=60, trust_env=False)
        )

    def identity(self, name: str) -> str:
        """Return the token with which the demo shop vouches for one of its customers."""
        known = self.client().get("/demo/customers").json()
        return str(next(one["identity"] for one in known if one["name"] == name))

    def copy_order(self, number: str) -> str:
        """Return the number of a new order just like this one, by a customer without a history.

        An order that was settled once is never settled again, so each test brings its own.
        """
        return copy_order(self.db, number, utc_now())

    def pids(self) -> dict[str, int]:
        """Return the processes that `amends up` runs now, by name."""
        found = {}
        for pid, parent, command in _processes():
            if parent == self.process.pid:
                name = next((n for n in ("gateway", "desk") if f"amends.{n}" in command), "engine")
                found[name] = pid
        return found

    def resident_mb(self, name: str) -> float:
        """Return the resident memory of one process."""
        status = Path(f"/proc/{self.pids()[name]}/status").read_text("ascii")
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def kill(self, name: str) -> None:
        """End a process as a crash would: with no chance to tidy up."""
        os.kill(self.pids()[name], signal.SIGKILL)

    def wait_ready(self, seconds: float = 150.0) -> None:
        """Return once engine, gateway and desk all serve."""
        until(self._serves, seconds, self._alive)

    def log_tails(self, lines: int = 60) -> dict[str, str]:
        """Return how each process's output and log ended."""
        files = [*sorted(self.folder.glob("var/log/*")), self.folder / "up.out"]
        return {file.name: _tail(file, lines) for file in files if file.is_file()}

    def stop(self) -> None:
        """Stop all and check that nothing is left running."""
        self._clients.close()
        self.db.close()
        family = [self.process.pid, *_descendants(self.process.pid)]
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        until(lambda: not any(_is_alive(pid) for pid in family), 5)

    def _serves(self) -> bool:
        paths = (
            f"{self.url}/readyz",
            f"{self.desk_url}/healthz",
            f"http://127.0.0.1:{self.ports['engine']}/webhooks/amends/health",
        )
        return all(_answers(path) for path in paths)

    def _alive(self) -> None:
        code = self.process.poll()
        assert code is None, f"amends up ended with code {code}: {self.log_tails()}"


@contextmanager
def running_system(folder: Path, code: Path = PROJECT, **settings: object) -> Iterator[System]:
    """Start the system, wait until it serves, stop it at the end.

    Args:
        code: where the program itself lies: this project, or a copy of it.
    """
    system = _start(folder, code, {**PATIENT, **settings})
    try:
        system.wait_ready(START_SECONDS)
        yield system
    finally:
        system.stop()


def until(
    holds: Callable[[], bool], seconds: float, check: Callable[[], None] | None = None
) -> None:
    """Wait for something to come true.

    Raises:
        AssertionError: it did not in time.
    """
    give_up = time.monotonic() + seconds
    while not holds():
        if check is not None:
            check()
        assert time.monotonic() < give_up, "it did not happen in time"
        time.sleep(0.03)


def _start(folder: Path, code: Path, settings: dict[str, object]) -> System:
    folder.mkdir(parents=True, exist_ok=True)
    ports = dict(zip(("gateway", "desk", "engine", "actions"), free_ports(4), strict=True))
    chosen = {
        "var_dir": folder / "var",
        **{f"{name}_port": port for name, port in ports.items()},
        **settings,
    }
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("AMENDS_")}
    with (folder / "up.out").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "amends.cli.main", "up"],
            cwd=code,
            env=inherited
            | {"PYTHONPATH": str(code)}
            | {f"AMENDS_{k.upper()}": str(v) for k, v in chosen.items()},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=end_with_parent(),
        )
    return System(folder, ports, process, Database(_database_url(folder)))


def _database_url(folder: Path) -> str:
    return f"sqlite:///{folder}/var/amends.db"


def free_ports(how_many: int) -> list[int]:
    """Return ports on which nobody listens now."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(how_many)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, trust_env=False).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def _processes() -> list[tuple[int, int, str]]:
    """Return id, parent and command of every process."""
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()]
    return [(int(row[0]), int(row[1]), row[2]) for row in rows if len(row) == 3]


def _descendants(pid: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for each, parent, _ in _processes():
        children.setdefault(parent, []).append(each)
    found: list[int] = []
    open_ends = [pid]
    while open_ends:
        nearest = children.get(open_ends.pop(), [])
        found += nearest
        open_ends += nearest
    return found


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _tail(file: Path, lines: int) -> str:
    return "\n".join(file.read_text("utf-8", errors="replace").splitlines()[-lines:])
