"""A PostgreSQL of a test's own, which it may kill and start again."""

import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from amends.wiring.supervisor import end_with_parent
from tests.support.needed import without
from tests.support.system import free_ports

START_SECONDS = 60.0
PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin")
SETTINGS = {
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
}


@dataclass
class PostgresServer:
    """It refuses to run as root: root lends it to its own user, or to nobody in particular."""

    binaries: Path
    folder: Path
    port: int
    address: str = "127.0.0.1"
    process: "subprocess.Popen[bytes] | None" = None

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://amends@{self.address}:{self.port}/{database}"

    def initialise(self) -> None:
        if user := _other_user():
            shutil.chown(self.folder, user)
        self._run("initdb", "-D", str(self.folder), "-U", "amends", "-A", "trust", "-E", "UTF8")
        with (self.folder / "pg_hba.conf").open("a") as known:
            known.write("host all all samenet trust\n")

    def start(self) -> None:
        """Start it, and return once it takes connections."""
        give_up = time.monotonic() + START_SECONDS
        while not self._answers():
            assert time.monotonic() < give_up, "PostgreSQL did not start"
            if self.process is None or self.process.poll() is not None:
                self.process = self._begin()  # children of one that was killed may still leave
            time.sleep(0.1)

    def _begin(self) -> "subprocess.Popen[bytes]":
        chosen = {**SETTINGS, "listen_addresses": self.address}
        options = [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]
        return subprocess.Popen(
            [
                str(self.binaries / "postgres"),
                "-D",
                str(self.folder),
                "-p",
                str(self.port),
                *options,
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=_other_user(),
            cwd="/",
            preexec_fn=end_with_parent(),
        )

    def create(self, database: str) -> None:
        with psycopg.connect(self._plain("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{database}"')

    def kill(self) -> None:
        """End it as a power failure would: the next start recovers from its log."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def _run(self, name: str, *arguments: str) -> None:
        subprocess.run(
            [str(self.binaries / name), *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            user=_other_user(),
            cwd="/",
        )

    def _plain(self, database: str) -> str:
        return f"postgresql://amends@{self.address}:{self.port}/{database}"

    def _answers(self) -> bool:
        try:
            psycopg.connect(self._plain("postgres"), connect_timeout=2).close()
        except psycopg.Error:
            return False
        return True


@contextmanager
def postgres_server(address: str = "127.0.0.1") -> Iterator[PostgresServer]:
    """Run a PostgreSQL on a free port; skip the test where its programs are not installed."""
    binaries = next((path for place in PLACES for path in sorted(Path("/").glob(place[1:]))), None)
    if binaries is None:
        without("PostgreSQL's server is not installed")
    with TemporaryDirectory(prefix="amends-postgres-") as folder:
        server = PostgresServer(binaries, Path(folder), free_ports(1)[0], address)
        server.initialise()
        server.start()
        try:
            yield server
        finally:
            server.kill()


def _other_user() -> str | None:
    """Return whom the server runs as, where the test runs as root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"
