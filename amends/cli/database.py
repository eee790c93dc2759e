"""Bring the database to where this version wants it, before any process opens it."""

from amends.wiring.settings import Settings


def prepare_database(settings: Settings) -> str | None:
    """Migrate, fill the demo shop if empty, and make sure that an administrator exists.

    Returns:
        The administrator's new password, to be shown once; None when there is one already or
        the settings name it.
    """
    from amends.storage import demo, migrate, staff_bootstrap
    from amends.values import utc_now

    settings.var_dir.mkdir(parents=True, exist_ok=True)
    migrate.upgrade(settings.database_url)
    if settings.demo:
        demo.fill(settings.database_url, utc_now())
    chosen = settings.admin_password.get_secret_value() or None
    made = staff_bootstrap.ensure_admin(settings.database_url, settings.admin_name, chosen)
    return None if chosen else made
