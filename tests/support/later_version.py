"""A database as a later version of the program leaves it."""

from sqlalchemy import create_engine, text

from amends.storage.migrate import upgrade

REVISION = "9999"


def upgraded_by_a_later_version(url: str, *beside: str) -> None:
    """Upgrade the database further than this program knows, and let these programs run on it."""
    upgrade(url)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE alembic_version SET version_num = '{REVISION}'"))
        connection.execute(text("DELETE FROM programs"))
        for revision in (REVISION, *beside):
            connection.execute(text(f"INSERT INTO programs VALUES ('{revision}')"))
    engine.dispose()
