"""One part of Amends as it runs on a machine of its own."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import httpx

from amends.wiring.supervisor import end_with_parent
from tests.support.system import PROJECT, STOP_SECONDS

SERVED = {"gateway": "/healthz", "engine": "/webhooks/amends/health", "desk": "/healthz"}


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

    def crash(self) -> None:
        """End the part as a crash would; its supervisor starts it again."""
        assert self.process is not None
        started = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        (child,) = [int(pid) for of_thread in started for pid in of_thread.read_text().split()]
        os.kill(child, signal.SIGKILL)

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
