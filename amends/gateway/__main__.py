"""`python -m amends.gateway`: the customers' door, and the actions on loopback beside it."""

import asyncio
import sys
from functools import partial

import uvicorn

from amends.gateway.actions import create_actions_app
from amends.gateway.app import create_app
from amends.gateway.serving import serve, server
from amends.wiring.app import App, build, use_app
from amends.wiring.engines import close_engine
from amends.wiring.jobs import JOBS, run_job
from amends.wiring.logging import configure_logging
from amends.wiring.rules import look
from amends.wiring.settings import SettingsError, load_settings


def main() -> int:
    try:
        settings = load_settings()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    configure_logging(settings, "gateway")
    app = build(settings, "gateway")
    use_app(app)
    # uvloop where it is installed: a turn is mostly small steps of the event loop.
    with asyncio.Runner(loop_factory=uvicorn.Config("").get_loop_factory()) as runner:
        runner.run(_run(app))
    app.tracing.close()
    return 0


async def _run(app: App) -> None:
    settings = app.settings
    await look(app.rules)
    public = create_app(app, {job.name: partial(run_job, app, job) for job in JOBS})
    actions = create_actions_app(tracing=app.tracing, observe=public.state.service.metrics.stage)
    doors = [
        server(public, settings.gateway_host, settings.gateway_port),
        # On loopback, or in a network of engines and gateways: nobody else may call an action.
        server(actions, settings.actions_host, settings.actions_port),
    ]
    try:
        await serve(doors, before_stop=public.state.service.changes.close)
    finally:
        await close_engine(app.engine)


if __name__ == "__main__":
    sys.exit(main())
