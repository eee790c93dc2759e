"""`python -m amends.desk`: the staff's door."""

import sys

import uvicorn

from amends.desk.app import create_app
from amends.wiring.app import build, use_app
from amends.wiring.logging import configure_logging
from amends.wiring.settings import SettingsError, load_settings

GRACE_SECONDS = 3


def main() -> int:
    try:
        settings = load_settings()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    configure_logging(settings, "desk")
    app = build(settings, "desk")
    use_app(app)
    uvicorn.run(
        create_app(app),
        host=settings.desk_host,
        port=settings.desk_port,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    app.tracing.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
