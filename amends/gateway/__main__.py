"""`python -m amends.gateway`: the customers' door, and the actions on loopback beside it."""

import asyncio
import sys

from amends.gateway.actions import create_actions_app
from amends.gateway.app import create_app
from amends.gateway.serving import serve, server
from amends.wiring.app import App, get_app
from amends.wiring.logging import configure_logging
from amends.wiring.settings import SettingsError, load_settings


def main() -> int:
    try:
        settings = load_settings()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    configure_logging(settings, "gateway")
    asyncio.run(_run(get_app()))
    return 0


async def _run(app: App) -> None:
    settings = app.settings
    public = create_app(app)
    doors = [
        server(public, settings.gateway_host, settings.gateway_port),
        # The engine runs on this machine; nobody else may call an action.
        server(create_actions_app(), "127.0.0.1", settings.actions_port),
    ]
    await serve(doors, before_stop=public.state.service.changes.close)


if __name__ == "__main__":
    sys.exit(main())
