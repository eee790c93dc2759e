"""`amends up`: start engine, gateway and desk, wait until each serves, and keep them running."""

import argparse
import asyncio
import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from amends.cli.checks import EVERY_PART, check_all
from amends.cli.database import prepare_database
from amends.cli.errors import DatabaseAway, UsageError
from amends.cli.live import model_with_notes
from amends.wiring.processes import desk_child, engine_at, engine_child, gateway_child
from amends.wiring.settings import Settings, load_settings
from amends.wiring.supervisor import Child, Supervisor, unwind_on_sigterm

PROBE_SECONDS = 2.0
ASK_AGAIN_SECONDS = 1.0
DATABASE, ENGINE, GATEWAY, DESK = "database", "engine", "gateway", "desk"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Start engine, gateway and desk; Ctrl-C stops them. Ports and folders are settings: "
        "see `amends settings`."
    )
    parser.add_argument(
        "parts",
        nargs="*",
        metavar="part",
        help="on one of several machines, only these of database (bring it to this version and "
        "end), engine, gateway and desk",
    )


def run(arguments: argparse.Namespace) -> int:
    unwind_on_sigterm()  # until the event loop takes over
    console = Console(stderr=True)
    parts = wanted_parts(arguments.parts)
    settings = load_settings()
    began = time.monotonic()
    check_all(settings, parts)
    if parts == {DATABASE}:
        console.print(_prepared(settings, prepare_database(settings)))
        return 0
    model = _model(settings, console) if ENGINE in parts else None
    return asyncio.run(_serve(Start(settings, parts, model), console, began))


def wanted_parts(named: Sequence[str]) -> frozenset[str]:
    """Return the parts to start; all of them when none is named.

    Raises:
        UsageError: there is no such part.
    """
    unknown = [part for part in named if part not in EVERY_PART]
    if unknown:
        raise UsageError(
            f"there is no part {unknown[0]!r}; the parts are {', '.join(sorted(EVERY_PART))}."
        )
    return frozenset(named) or EVERY_PART


@dataclass(frozen=True, slots=True)
class Start:
    """What is to be started, the engine with its model."""

    settings: Settings
    parts: frozenset[str]
    model: Path | None


def _model(settings: Settings, console: Console) -> Path:
    began = time.monotonic()
    model, trained, note = model_with_notes(settings)
    if trained:
        console.print(f"Trained {model.name} in {time.monotonic() - began:.0f} seconds.")
    if note:
        console.print(note, soft_wrap=True, highlight=False)
    return model


async def _serve(start: Start, console: Console, began: float) -> int:
    settings = start.settings
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    async with Supervisor(
        console.print, settings.stop_timeout_seconds, settings.restart_pause_seconds
    ) as supervisor:
        starting = asyncio.create_task(_start(supervisor, start))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            console.print(_addresses(start, starting.result(), time.monotonic() - began))
            await stopping
        else:
            starting.cancel()
        console.print("Stopping.")
    return 0


async def _start(supervisor: Supervisor, start: Start) -> str | None:
    """Return once all serve, with the administrator's password if it is new."""
    settings, parts = start.settings, start.parts
    started: list[Child] = []
    password = None
    async with httpx.AsyncClient(timeout=PROBE_SECONDS, trust_env=False) as client:
        if start.model is not None:  # the slowest starts first, the rest meanwhile
            started.append(_heard(start, engine_child(settings, start.model, client)))
            await supervisor.start(started[0])
        if parts & {DATABASE, GATEWAY, DESK}:  # any number may at once: one does it
            password = await _once_there(settings)
        for child in _doors(start, client):
            started.append(_heard(start, child))
            await supervisor.start(started[-1])
        seconds = settings.start_timeout_seconds
        await asyncio.gather(*(supervisor.wait_ready(child, seconds) for child in started))
        return password


def _heard(start: Start, child: Child) -> Child:
    """Let named parts print where we do: a container or a service is read there, and not a file."""
    return child if start.parts == EVERY_PART else replace(child, output=None)


async def _once_there(settings: Settings) -> str | None:
    """Prepare the database; one that starts at the same time, or again, is waited for."""
    give_up = time.monotonic() + settings.start_timeout_seconds
    while True:
        try:
            return await asyncio.to_thread(prepare_database, settings)
        except DatabaseAway:
            if time.monotonic() > give_up:
                raise
        await asyncio.sleep(ASK_AGAIN_SECONDS)


def _doors(start: Start, client: httpx.AsyncClient) -> Iterator[Child]:
    if GATEWAY in start.parts:
        yield gateway_child(start.settings, client, "answer" if start.model else "store")
    if DESK in start.parts:
        yield desk_child(start.settings, client)


def _addresses(start: Start, password: str | None, seconds: float) -> Panel:
    settings = start.settings
    table = Table.grid(padding=(0, 2))
    if GATEWAY in start.parts:
        table.add_row("Shop page", settings.public_url)
    if DESK in start.parts:
        table.add_row("Desk", settings.desk_url)
    if GATEWAY in start.parts:
        table.add_row("API docs", f"{settings.public_url}/docs")
    if ENGINE in start.parts and start.parts != EVERY_PART:
        table.add_row("Engine", engine_at(settings))
    _add_password(table, settings, password)
    return Panel(
        table,
        title=f"Amends is ready ({seconds:.0f} s)",
        subtitle="Ctrl-C stops everything",
        expand=False,
    )


def _prepared(settings: Settings, password: str | None) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_row("Database", "ready for this version")
    _add_password(table, settings, password)
    return table


def _add_password(table: Table, settings: Settings, password: str | None) -> None:
    if password is not None:
        table.add_row("Sign in", f"{settings.admin_name} / {password}   (shown this once)")
