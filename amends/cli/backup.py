"""`amends backup FILE`: both databases in one archive, while everything runs."""

import argparse
import json
from pathlib import Path

from amends.cli.errors import UsageError
from amends.wiring.settings import load_settings


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = "Write both SQLite databases into one archive, while everything runs."
    parser.add_argument("file", type=Path, help="the archive to write, such as amends.tar.gz")
    parser.add_argument(
        "--with-secret",
        action="store_true",
        help="put the signing secret in too; whoever has the archive can then sign as you",
    )


def run(arguments: argparse.Namespace) -> int:
    from amends.storage.backup import BackupError, back_up
    from amends.storage.errors import StorageError

    settings = load_settings()
    secret = settings.var_dir / "secret" if arguments.with_secret else None
    if secret is not None and not secret.is_file():
        raise UsageError(
            f"there is no {secret}; the secret comes from AMENDS_SITE_SECRET, keep that yourself."
        )
    try:
        told = back_up(settings.database_url, settings.tracker_url, secret, arguments.file)
    except (BackupError, StorageError) as error:
        raise UsageError(str(error)) from None
    print(json.dumps(told))
    return 0
