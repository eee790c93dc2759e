"""What the gateway adds to a turn, and what idle live streams cost. Prints JSON.

    python -m benchmarks.gateway_overhead [--turns 300] [--streams 500] [--port 5530]

The engine is a stand-in that answers at once, so that all time measured is the gateway's own.
The gateway runs in a process of its own on SQLite; the client shares its cores.
"""

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from amends.conversations.model import Reply, TurnRequest, Understanding
from amends.gateway.app import create_app
from amends.gateway.serving import serve, server
from amends.storage import Database
from amends.storage.migrate import upgrade
from amends.values import Clock, utc_now
from amends.wiring.logging import configure_logging
from amends.wiring.pulse import Pulse
from amends.wiring.settings import Settings
from amends.wiring.tracing import OFF, Tracing

SECRET = "only-for-this-benchmark-0123456789abcdef"


class InstantEngine:
    async def understand(self, text: str, conversation_id: str) -> Understanding:
        return Understanding(
            "report_damaged_item", 0.9, True, "damaged_item", (), -0.4, "neg", frozenset(),
            "medium", None, "en", {"text": text, "intent": {"name": "report_damaged_item"}},
        )  # fmt: skip

    async def turn(self, request: TurnRequest) -> list[Reply]:
        return [Reply("I am sorry that this happened."), Reply("Which order is it?")]

    async def ready(self) -> bool:
        return True


@dataclass
class Parts:
    settings: Settings
    db: Database
    engine: InstantEngine
    clock: Clock = utc_now
    pulse: Pulse = field(default_factory=Pulse)
    tracing: Tracing = OFF
    shared: None = None

    def check_handoff(self, *arguments: Any) -> tuple[()]:
        return ()

    def ask_person(self, *arguments: Any) -> tuple[()]:
        return ()

    def record_survey(self, *arguments: Any) -> None:
        return None


def run_gateway(port: int, folder: Path) -> None:
    settings = Settings(
        _env_file=None,
        var_dir=folder,
        site_secret=SECRET,
        messages_per_minute=10_000_000,
        conversations_per_minute=10_000_000,
        gateway_port=port,
    )
    configure_logging(settings, "gateway")
    upgrade(settings.database_url)
    api = create_app(Parts(settings, Database(settings.database_url), InstantEngine()))
    changes = api.state.service.changes
    asyncio.run(serve([server(api, "127.0.0.1", port)], before_stop=changes.close))


def resident_kb(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    raise RuntimeError("no VmRSS: this benchmark needs Linux")


async def start(client: httpx.AsyncClient) -> tuple[str, dict[str, str]]:
    opened = (await client.post("/api/conversations")).json()
    headers = {"Authorization": f"Bearer {opened['token']}"}
    return f"/api/conversations/{opened['conversation_id']}", headers


async def chat(client: httpx.AsyncClient, turns: int) -> list[float]:
    """Return the milliseconds of each whole turn, from post to reply."""
    path, headers = await start(client)
    taken = []
    for number in range(turns):
        body = {"client_message_id": f"m{number}", "text": "My teapot arrived broken."}
        started = time.perf_counter()
        answer = await client.post(f"{path}/messages?wait=30", json=body, headers=headers)
        taken.append((time.perf_counter() - started) * 1000)
        assert answer.status_code == 200, answer.text
    return taken


async def measure_turns(
    client: httpx.AsyncClient, pid: int, chats: int, turns: int
) -> dict[str, Any]:
    ticks = cpu_ticks(pid)
    started = time.perf_counter()
    found = await asyncio.gather(*(chat(client, max(2, turns // chats)) for _ in range(chats)))
    seconds = time.perf_counter() - started
    taken = sorted(value for each in found for value in each)
    return {
        "chats": chats,
        "turns": len(taken),
        "p50_ms": round(statistics.median(taken), 1),
        "p95_ms": round(taken[int(len(taken) * 0.95)], 1),
        "turns_per_second": round(len(taken) / seconds, 1),
        "gateway_cpu_ms_per_turn": round((cpu_ticks(pid) - ticks) * 10 / len(taken), 1),
    }


async def measure_streams(client: httpx.AsyncClient, pid: int, count: int) -> dict[str, Any]:
    places = [await start(client) for _ in range(count)]
    before = resident_kb(pid)
    opened = [
        await client.send(
            client.build_request("GET", f"{path}/stream", headers=headers), stream=True
        )
        for path, headers in places
    ]
    await asyncio.sleep(2)
    after = resident_kb(pid)
    ticks = cpu_ticks(pid)
    await asyncio.sleep(5)
    busy = (cpu_ticks(pid) - ticks) / 100 / 5
    for response in opened:
        await response.aclose()
    return {
        "streams": count,
        "rss_mb_before": round(before / 1024, 1),
        "rss_mb_with_streams": round(after / 1024, 1),
        "kb_per_stream": round((after - before) / count, 1),
        "idle_cpu_share": round(busy, 4),
    }


def cpu_ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return int(fields[11]) + int(fields[12])


async def wait_until_ready(client: httpx.AsyncClient) -> None:
    for _ in range(300):
        try:
            if (await client.get("/readyz")).status_code == httpx.codes.OK:
                return
        except httpx.HTTPError:
            await asyncio.sleep(0.1)
    raise RuntimeError("the gateway did not become ready")


async def measure(pid: int, port: int, turns: int, streams: int) -> dict[str, Any]:
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=100)
    url = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(
        base_url=url, timeout=60, limits=limits, trust_env=False
    ) as client:
        await wait_until_ready(client)
        await measure_turns(client, pid, 1, 20)  # warm up
        loads = [await measure_turns(client, pid, chats, turns) for chats in (1, 10, 50)]
        idle = await measure_streams(client, pid, streams)
    return {"turns": loads, "streams": idle}


def measure_in_own_process(port: int, turns: int, streams: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", __spec__.name, "--serve", folder, "--port", str(port)]
        # Its log lines go nowhere: a terminal would slow it down.
        gateway = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            return asyncio.run(measure(gateway.pid, port, turns, streams))
        finally:
            gateway.terminate()
            gateway.wait(timeout=20)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--turns", type=int, default=300)
    options.add_argument("--streams", type=int, default=500)
    options.add_argument("--port", type=int, default=5530)
    options.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.serve:
        run_gateway(chosen.port, chosen.serve)
        return
    found = measure_in_own_process(chosen.port, chosen.turns, chosen.streams)
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
