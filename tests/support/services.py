"""A Redis of a test's own, which it may stop and start again."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from redis import Redis
from redis.exceptions import RedisError

from amends.wiring.supervisor import end_with_parent
from tests.support.needed import without
from tests.support.system import free_ports

START_SECONDS = 30.0


@dataclass
class RedisServer:
    """A Redis of a test's own, which it may stop and start again on the same port."""

    port: int
    address: str = "127.0.0.1"
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"redis://{self.address}:{self.port}/0"

    def start(self) -> None:
        options = {"port": str(self.port), "bind": self.address, "save": "", "protected-mode": "no"}
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        self.process = subprocess.Popen(
            ["redis-server", *words], stdout=subprocess.DEVNULL, preexec_fn=end_with_parent()
        )
        give_up = time.monotonic() + START_SECONDS
        with Redis.from_url(self.url) as client:
            while not _answers(client):
                assert time.monotonic() < give_up, "Redis did not start"
                time.sleep(0.02)

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@contextmanager
def redis_server(address: str = "127.0.0.1") -> Iterator[RedisServer]:
    """Run a Redis on a free port; skip the test where Redis is not installed."""
    if shutil.which("redis-server") is None:
        without("no redis-server is installed")
    server = RedisServer(free_ports(1)[0], address)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _answers(client: "Redis") -> bool:
    try:
        return bool(client.ping())
    except RedisError:
        return False
