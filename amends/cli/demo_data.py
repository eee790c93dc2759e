"""`amends demo-data`: fill the database with the demo shop and two people to answer its customers.

Safe to run again: what is there already is left as it is.
"""

import argparse

from amends.cli.errors import UsageError
from amends.wiring.settings import Settings, load_settings


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Add the demo shop's customers and orders, and the agents Ana and Ben, to the database. "
        "Their passwords are shown once. Nothing that exists is changed."
    )


def run(arguments: argparse.Namespace) -> int:
    # The storage room takes a moment to load; the help does without it.
    from amends.storage.errors import StorageError

    settings = load_settings()
    try:
        for line in fill(settings):
            print(line)
    except StorageError as error:
        raise UsageError(str(error)) from None
    return 0


def fill(settings: Settings) -> list[str]:
    """Fill in what is missing and return what to tell the operator, a line each."""
    from amends.storage import demo, migrate, staff_bootstrap
    from amends.values import utc_now

    settings.var_dir.mkdir(parents=True, exist_ok=True)
    migrate.upgrade(settings.database_url)
    filled = demo.fill(settings.database_url, utc_now())
    # First the administrator: where there is staff already, `amends up` makes none.
    chosen = settings.admin_password.get_secret_value() or None
    made = staff_bootstrap.ensure_admin(settings.database_url, settings.admin_name, chosen)
    passwords = demo.fill_staff(settings.database_url)
    if made is not None and chosen is None:
        passwords = {settings.admin_name: made, **passwords}
    return [_shop_line(filled), *_staff_lines(passwords)]


def _shop_line(filled: bool) -> str:
    from amends.storage import demo_shop

    if not filled:
        return "The database has customers already; no orders were added."
    return (
        f"Added the demo shop {demo_shop.SHOP_NAME}: {len(demo_shop.CUSTOMERS)} customers, "
        f"{len(demo_shop.SALES)} orders."
    )


def _staff_lines(passwords: dict[str, str]) -> list[str]:
    if not passwords:
        return ["The demo staff is there already; no passwords were changed."]
    lines = [f"  {login}  {password}" for login, password in passwords.items()]
    return ["Added staff; each password is shown this once:", *lines]
