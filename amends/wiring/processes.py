"""The three processes of one installation, as the supervisor wants them."""

import os
import sys
from pathlib import Path
from typing import Literal

import httpx

from amends.wiring.engine import engine_command, engine_environment, write_endpoints
from amends.wiring.settings import Settings, reachable
from amends.wiring.supervisor import Child, IsReady

ENGINE_HEALTH = "/webhooks/amends/health"
GATEWAY_HEALTH = "/readyz"
DESK_HEALTH = "/healthz"


def engine_at(settings: Settings) -> str:
    """Return where the engine of this very machine listens."""
    return f"http://{reachable(settings.engine_host)}:{settings.engine_port}"


def engine_child(settings: Settings, model: Path, client: httpx.AsyncClient) -> Child:
    return Child(
        name="engine",
        command=tuple(engine_command(settings, model, write_endpoints(settings))),
        output=settings.log_dir / "engine.out",
        is_ready=answers(client, f"{engine_at(settings)}{ENGINE_HEALTH}"),
        environment=engine_environment(serving=True),
        folder=settings.project_dir,
    )


def gateway_child(
    settings: Settings, client: httpx.AsyncClient, ready_to: Literal["answer", "store"] = "answer"
) -> Child:
    """Return the gateway; where engines are elsewhere it need only be ready to store messages."""
    host = reachable(settings.gateway_host)
    url = f"http://{host}:{settings.gateway_port}{GATEWAY_HEALTH}?to={ready_to}"
    return _app_child(settings, "gateway", answers(client, url))


def desk_child(settings: Settings, client: httpx.AsyncClient) -> Child:
    return _app_child(settings, "desk", answers(client, f"{settings.desk_url}{DESK_HEALTH}"))


def answers(client: httpx.AsyncClient, url: str) -> IsReady:
    """Return a question whose answer is whether this address replies with 200."""

    async def is_ready() -> bool:
        try:
            return (await client.get(url)).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    return is_ready


def _app_child(settings: Settings, name: str, is_ready: IsReady) -> Child:
    return Child(
        name=name,
        command=(sys.executable, "-m", f"amends.{name}"),
        output=settings.log_dir / f"{name}.out",
        is_ready=is_ready,
        environment={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
