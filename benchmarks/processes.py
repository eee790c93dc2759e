"""Starting processes, waiting for them, and reading what they use (Linux's /proc)."""

import contextlib
import os
import resource
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
READY_SECONDS = 600
Json = dict[str, Any]


@contextlib.contextmanager
def running(
    command: Sequence[str], environment: Mapping[str, str], folder: Path, log: Path
) -> Iterator[int]:
    """Run a command until the block ends; yields its process id."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=folder, env=dict(environment), stdout=output, stderr=output
        )
    try:
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def run_timed(
    command: Sequence[str], environment: Mapping[str, str], folder: Path, log: Path
) -> Json:
    """Run a command to its end; return the seconds it took and its processor seconds.

    Raises:
        RuntimeError: It failed; the text ends as its log does.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    with log.open("ab") as output:
        done = subprocess.run(
            command, cwd=folder, env=dict(environment), stdout=output, stderr=output, check=False
        )
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command[:5])} failed:\n{_tail(log)}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"seconds": round(time.perf_counter() - began, 1), "cpu_seconds": round(used, 1)}


def wait_until_ready(urls: Sequence[str], pid: int, log: Path) -> None:
    """Return once every address answers 200.

    Raises:
        RuntimeError: The process ended, or took too long.
    """
    deadline = time.monotonic() + READY_SECONDS
    with httpx.Client(timeout=5, trust_env=False) as client:
        while not all(_answers(client, url) for url in urls):
            if not _lives(pid) or time.monotonic() > deadline:
                raise RuntimeError(f"{urls} never answered:\n{_tail(log)}")
            time.sleep(0.05)


def children(pid: int) -> dict[int, str]:
    """Return the command line of each child process."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    ids = [int(i) for thread in threads for i in (thread / "children").read_text().split()]
    return {i: Path(f"/proc/{i}/cmdline").read_text().replace("\0", " ") for i in ids}


def resident_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return round(int(line.split()[1]) / 1024, 1)
    raise RuntimeError("no VmRSS: this benchmark needs Linux")


def cpu_seconds(pid: int) -> float:
    """Return the processor time that the process has used so far, in all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND


def has_loaded(pid: int, library: str) -> bool:
    """Tell whether a file of this library is mapped into the process."""
    return f"/{library}/" in Path(f"/proc/{pid}/maps").read_text()


def _tail(log: Path, lines: int = 12) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


def _answers(client: httpx.Client, url: str) -> bool:
    try:
        return client.get(url).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1][0]
    except OSError:
        return False
    return state != "Z"
