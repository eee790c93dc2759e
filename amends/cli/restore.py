"""`amends restore FILE`: puts back what `amends backup` wrote; only while nothing runs."""

import argparse
import json
from pathlib import Path

from amends.cli import checks
from amends.cli.errors import UsageError
from amends.wiring.settings import Settings, load_settings


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = "Put a backup back. Stop Amends first; `amends up` brings it up to date."
    parser.add_argument("file", type=Path, help="the archive that `amends backup` wrote")
    parser.add_argument("--force", action="store_true", help="replace the databases that are there")


def run(arguments: argparse.Namespace) -> int:
    from amends.storage.backup import BackupError, restore
    from amends.storage.errors import StorageError

    settings = load_settings()
    _refuse_running(settings)
    secret = settings.var_dir / "secret"
    try:
        told = restore(
            arguments.file,
            settings.database_url,
            settings.tracker_url,
            secret,
            force=arguments.force,
        )
    except (BackupError, StorageError) as error:
        raise UsageError(str(error)) from None
    print(json.dumps(told))
    return 0


def _refuse_running(settings: Settings) -> None:
    for field, (host, port) in checks.listeners(settings).items():
        if checks.why_not_free(host, port) is not None:
            name = field.removesuffix("_port")
            raise UsageError(f"something runs on port {port} ({name}); stop Amends first.")
