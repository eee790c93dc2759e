"""Bring the database to where this version wants it, before any process opens it."""

from amends.cli.errors import DatabaseAway, UsageError
from amends.wiring.settings import Settings


def prepare_database(settings: Settings) -> str | None:
    """Migrate, fill the demo shop if empty, and make sure that an administrator exists.

    Returns:
        The administrator's new password, to be shown once; None when there is one already or
        the settings name it.

    Raises:
        UsageError: secrets in the database were sealed with another site secret.
        DatabaseAway: PostgreSQL does not answer; it may be asked again.
    """
    from amends.storage import migrate
    from amends.storage.errors import ServerAway

    try:
        with migrate.server_needed(settings.database_url):
            return _prepare(settings)
    except ServerAway as error:
        raise DatabaseAway(f"PostgreSQL does not answer: {error}") from None


def _prepare(settings: Settings) -> str | None:
    from amends.storage import demo, migrate, sealing, staff_bootstrap
    from amends.storage.errors import SecretUnreadable
    from amends.values import utc_now

    settings.var_dir.mkdir(parents=True, exist_ok=True)
    migrate.upgrade(settings.database_url)
    secret, before = settings.site_secret, settings.site_secret_before
    try:
        sealing.seal_all(
            settings.database_url, secret.get_secret_value(), before.get_secret_value()
        )
    except SecretUnreadable as error:
        raise UsageError(str(error)) from None
    if settings.demo:
        demo.fill(settings.database_url, utc_now())
    chosen = settings.admin_password.get_secret_value() or None
    made = staff_bootstrap.ensure_admin(settings.database_url, settings.admin_name, chosen)
    return None if chosen else made
