"""An earlier version of the program on a database that a later one has upgraded."""

from types import SimpleNamespace

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.engine.interfaces import ReflectedColumn

from amends.storage.errors import DatabaseNewerThanCode
from amends.storage.migrate import (
    alembic_config,
    current,
    exclusive_connection,
    is_behind,
    latest,
    upgrade,
)
from amends.storage.programs import running_beside
from tests.support.later_version import upgraded_by_a_later_version

SCRIPTS = ScriptDirectory.from_config(alembic_config())


class TestLaterVersion:
    def test_given_it_lets_this_one_run_when_upgraded_then_nothing_is_done(self, url: str) -> None:
        upgraded_by_a_later_version(url, latest())

        assert upgrade(url) == latest()
        assert not is_behind(url)
        assert current(url) == "9999"

    def test_given_it_does_not_when_upgraded_then_refused_and_untouched(self, url: str) -> None:
        upgraded_by_a_later_version(url, "0001")

        with pytest.raises(DatabaseNewerThanCode, match="revision 9999"):
            upgrade(url)
        with pytest.raises(DatabaseNewerThanCode):
            is_behind(url)
        assert current(url) == "9999"

    @pytest.fixture(autouse=True)
    def restored(self, url: str) -> object:
        yield
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text(f"UPDATE alembic_version SET version_num = '{latest()}'"))
        engine.dispose()


class TestRunningBeside:
    @pytest.mark.parametrize(
        ("said", "found"),
        [
            ([True, True, False], ["4", "3", "2"]),
            ([False, True, True], ["4"]),
        ],
    )
    def test_given_what_migrations_say_then_all_down_to_the_first_that_breaks(
        self, said: list[bool], found: list[str]
    ) -> None:
        scripts = [
            SimpleNamespace(revision=str(4 - place), module=SimpleNamespace(beside=beside))
            for place, beside in enumerate(said)
        ]

        assert running_beside(SimpleNamespace(walk_revisions=lambda: scripts)) == found

    def test_given_upgraded_then_the_database_says_who_may_run(self, url: str) -> None:
        upgrade(url)

        engine = create_engine(url)
        with engine.connect() as connection:
            kept = set(connection.execute(text("SELECT revision FROM programs")).scalars())
        engine.dispose()
        assert kept == set(running_beside(SCRIPTS)) > {latest()}


class TestPromise:
    """A migration that says `beside` must keep the earlier program working."""

    @pytest.mark.parametrize(
        "revision",
        [one.revision for one in SCRIPTS.walk_revisions() if getattr(one.module, "beside", False)],
    )
    def test_given_a_migration_beside_then_it_takes_nothing_away_and_asks_for_nothing_new(
        self, revision: str, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        before = SCRIPTS.get_revision(revision).down_revision
        with exclusive_connection(f"sqlite:///{tmp_path_factory.mktemp('db')}/a.db") as connection:
            old = shape(connection, str(before))
            new = shape(connection, revision)

        for table, columns in old.items():
            assert columns.keys() <= new[table].keys()
            for name, column in new[table].items():
                if name in columns:
                    kept = columns[name]
                    assert str(column["type"]) == str(kept["type"])
                    assert column["nullable"] == kept["nullable"]
                else:
                    assert column["nullable"] or column["default"] is not None, name


def shape(connection: Connection, revision: str) -> dict[str, dict[str, ReflectedColumn]]:
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
    found = inspect(connection)
    return {
        table: {column["name"]: column for column in found.get_columns(table)}
        for table in found.get_table_names()
    }
