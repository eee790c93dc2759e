"""What the commands with commands of their own share."""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from amends.cli.errors import UsageError
from amends.wiring.settings import Settings


def add_command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    work: Callable[..., object],
    text: str,
) -> argparse.ArgumentParser:
    """Add a command; what it does is found again as `arguments.work`."""
    parser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(work=work)
    return parser


@contextmanager
def on_the_database(settings: Settings) -> Iterator[None]:
    """Work on a database of this version; what storage refuses becomes one sentence.

    Raises:
        UsageError: It does not answer, or is not of this version.
    """
    # The storage room takes a moment to load; the help does without it.
    from amends.storage import migrate
    from amends.storage.errors import StorageError

    try:
        if migrate.is_behind(settings.database_url):
            raise UsageError("the database is not up to date; start this version once, then retry.")
        yield
    except StorageError as error:
        raise UsageError(str(error)) from None
