"""`amends up`: start engine, gateway and desk, wait until each serves, and keep them running."""

import argparse
import asyncio
import signal
import time
from pathlib import Path

import httpx
from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from amends.cli.checks import check_all
from amends.cli.database import prepare_database
from amends.cli.live import model_with_notes
from amends.wiring.processes import desk_child, engine_child, gateway_child
from amends.wiring.settings import Settings, load_settings
from amends.wiring.supervisor import Supervisor, unwind_on_sigterm

PROBE_SECONDS = 2.0


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Start engine, gateway and desk; Ctrl-C stops them. Ports and folders are settings: "
        "see `amends settings`."
    )


def run(arguments: argparse.Namespace) -> int:
    unwind_on_sigterm()  # until the event loop takes over
    console = Console(stderr=True)
    settings = load_settings()
    began = time.monotonic()
    check_all(settings)
    model, trained, note = model_with_notes(settings)
    if trained:
        console.print(f"Trained {model.name} in {time.monotonic() - began:.0f} seconds.")
    if note:
        console.print(note, soft_wrap=True, highlight=False)
    return asyncio.run(_serve(settings, model, console, began))


async def _serve(settings: Settings, model: Path, console: Console, began: float) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    async with Supervisor(
        console.print, settings.stop_timeout_seconds, settings.restart_pause_seconds
    ) as supervisor:
        starting = asyncio.create_task(_start(supervisor, settings, model))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            console.print(_addresses(settings, starting.result(), time.monotonic() - began))
            await stopping
        else:
            starting.cancel()
        console.print("Stopping.")
    return 0


async def _start(supervisor: Supervisor, settings: Settings, model: Path) -> str | None:
    """Start all and return once all serve, with the administrator's password if it is new."""
    async with httpx.AsyncClient(timeout=PROBE_SECONDS, trust_env=False) as client:
        engine = engine_child(settings, model, client)
        await supervisor.start(engine)  # the slowest starts first, the rest meanwhile
        password = await asyncio.to_thread(prepare_database, settings)
        others = [gateway_child(settings, client), desk_child(settings, client)]
        for child in others:
            await supervisor.start(child)
        seconds = settings.start_timeout_seconds
        await asyncio.gather(
            *(supervisor.wait_ready(child, seconds) for child in (engine, *others))
        )
        return password


def _addresses(settings: Settings, password: str | None, seconds: float) -> Panel:
    table = Table.grid(padding=(0, 2))
    table.add_row("Shop page", settings.public_url)
    table.add_row("Desk", settings.desk_url)
    table.add_row("API docs", f"{settings.public_url}/docs")
    if password is not None:
        table.add_row("Sign in", f"{settings.admin_name} / {password}   (shown this once)")
    return Panel(
        table,
        title=f"Amends is ready ({seconds:.0f} s)",
        subtitle="Ctrl-C stops everything",
        expand=False,
    )
