"""Keep a few child processes running: start, wait until ready, restart, stop.

Nothing outlives its supervisor: each child leads its own process group, is stopped as a group,
and asks the kernel to end it should the supervisor itself be killed.

    StartError
"""

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from amends.wiring.errors import NotPossible

PR_SET_PDEATHSIG = 1
POLL_SECONDS = 0.1
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
STEADY_SECONDS = 60.0
"""After this long alive a child is considered healthy again, and its next pause is short."""
TAIL_LINES = 8

_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None

IsReady = Callable[[], Awaitable[bool]]
Say = Callable[[str], None]


class StartError(NotPossible):
    """A child did not become ready; the text is one sentence and the end of its output's file."""


@dataclass(frozen=True)
class Child:
    """A process to keep running.

    Attributes:
        output: File that takes what the process prints; None: it prints where its supervisor does.
        is_ready: Answers whether the process serves; asked again and again, must not raise.
    """

    name: str
    command: tuple[str, ...]
    output: Path | None
    is_ready: IsReady
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    folder: Path | None = None


class Supervisor:
    """Runs children until told to stop; use as an async context manager, which stops them."""

    def __init__(
        self, say: Say, stop_seconds: float, longest_pause: float = LONGEST_PAUSE_SECONDS
    ) -> None:
        self._say = say
        self._stop_seconds = stop_seconds
        self._longest_pause = longest_pause
        self._processes: dict[str, asyncio.subprocess.Process] = {}
        self._keepers: list[asyncio.Task[None]] = []
        self._first_exit: dict[str, int] = {}
        self._served: set[str] = set()

    async def __aenter__(self) -> "Supervisor":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self, child: Child) -> None:
        """Start the child and keep it running from now on."""
        if child.output is not None:
            child.output.parent.mkdir(parents=True, exist_ok=True)
        await self._spawn(child)
        self._keepers.append(asyncio.create_task(self._keep(child), name=child.name))

    async def wait_ready(self, child: Child, seconds: float) -> None:
        """Return once the child serves.

        Raises:
            StartError: It ended by itself, or was not ready in time.
        """
        deadline = time.monotonic() + seconds
        while not await child.is_ready():
            if child.name in self._first_exit:
                code = self._first_exit[child.name]
                raise StartError(f"{child.name} ended with code {code} {_ending(child)}")
            if time.monotonic() > deadline:
                raise StartError(
                    f"{child.name} was not ready after {seconds:.0f} seconds {_ending(child)}"
                )
            await asyncio.sleep(POLL_SECONDS)
        self._served.add(child.name)

    def process_ids(self) -> dict[str, int]:
        return {name: process.pid for name, process in self._processes.items()}

    async def stop(self) -> None:
        """Ask all children to stop at once, end by force those that do not, and return."""
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        self._keepers.clear()
        await asyncio.gather(*(self._end(process) for process in self._processes.values()))
        self._processes.clear()

    async def _keep(self, child: Child) -> None:
        first_pause = min(FIRST_PAUSE_SECONDS, self._longest_pause)
        pause = first_pause
        while True:
            began = time.monotonic()
            code = await self._processes[child.name].wait()
            if child.name not in self._served:
                # Never served yet: `wait_ready` reports it, trying again would only hide why.
                self._first_exit[child.name] = code
                return
            pause = first_pause if time.monotonic() - began > STEADY_SECONDS else pause
            self._say(f"{child.name} ended ({_reason(code)}); starting it again.")
            await asyncio.sleep(pause)
            pause = min(2 * pause, self._longest_pause)
            await self._spawn(child)

    async def _spawn(self, child: Child) -> None:
        before = self._processes.get(child.name)
        if before is not None:
            _signal_group(before.pid, signal.SIGKILL)  # what the dead leader left behind
        with child.output.open("ab") if child.output else contextlib.nullcontext() as output:
            self._processes[child.name] = await asyncio.create_subprocess_exec(
                *child.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=child.folder,
                env=dict(child.environment),
                start_new_session=True,
                preexec_fn=end_with_parent(),
            )

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        if process.returncode is None:
            _signal_group(process.pid, signal.SIGTERM)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), self._stop_seconds)
        _signal_group(process.pid, signal.SIGKILL)
        await process.wait()


def end_with_parent() -> Callable[[], None] | None:
    """Return what a child does before it becomes its program: tie its life to this process.

    The kernel ties to the starting thread, so start children from a thread that stays. Outside
    Linux there is no such tie, and None is returned.
    """
    libc, parent = _LIBC, os.getpid()
    if libc is None:
        return None

    def tie() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # the parent died before the tie held
            os._exit(1)

    return tie


def unwind_on_sigterm() -> None:
    """Let SIGTERM end this process as Ctrl-C does, so that what it began is tidied up."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


def _signal_group(leader: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)


def _reason(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"code {code}"


def _ending(child: Child) -> str:
    if child.output is None:
        return "before it could serve; what it said stands above."
    try:
        lines = child.output.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    tail = "\n  ".join(lines[-TAIL_LINES:])
    return f"before it could serve; its output is in {child.output}." + (
        f"\n  {tail}" if tail else ""
    )
