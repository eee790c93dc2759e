"""The database of this installation, with what opens the secrets in it."""

from amends.storage.database import Database
from amends.wiring.settings import Settings


def open_database(settings: Settings) -> Database:
    """Return the database; nothing is connected yet."""
    secret, before = settings.site_secret, settings.site_secret_before
    return Database(settings.database_url, secret.get_secret_value(), before.get_secret_value())
