"""Migrations lead to exactly the tables of the code, once, whoever runs them."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect, make_url, text

from amends.storage.errors import DatabaseNewerThanCode
from amends.storage.migrate import current, is_behind, latest, upgrade
from amends.storage.tables import METADATA
from tests.storage.conftest import run_as_admin


@contextmanager
def empty_database(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables."""
    if kind == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    beside = make_url(request.getfixturevalue("empty_postgres_url"))
    name = f"amends_test_{uuid4().hex[:12]}"
    run_as_admin(f"CREATE DATABASE {name}")
    yield beside.set(database=name).render_as_string(hide_password=False)
    run_as_admin(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with empty_database(request.param, request, tmp_path) as url:
        yield url


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    opened = create_engine(url)
    yield opened
    opened.dispose()


def checks(engine: Engine, table: str) -> dict[str, str]:
    return {
        str(check["name"]): " ".join(check["sqltext"].split())
        for check in inspect(engine).get_check_constraints(table)
    }


class TestAgreement:
    def test_given_migrated_when_compared_with_the_tables_then_nothing_differs(
        self, engine: Engine
    ) -> None:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, METADATA) == []

    def test_given_migrated_when_compared_then_check_constraints_are_the_same(
        self, engine: Engine, request: pytest.FixtureRequest, tmp_path: Path
    ) -> None:
        with empty_database(engine.dialect.name, request, tmp_path) as beside:
            created = create_engine(beside)
            METADATA.create_all(created)
            wanted = {table: checks(created, table) for table in METADATA.tables}
            created.dispose()

        assert {table: checks(engine, table) for table in METADATA.tables} == wanted

    def test_given_migrated_when_indexes_are_read_then_partial_ones_are_partial(
        self, engine: Engine
    ) -> None:
        dialect = engine.dialect.name
        for table in METADATA.tables.values():
            found = {index["name"]: index for index in inspect(engine).get_indexes(table.name)}
            for index in table.indexes:
                wanted = index.dialect_options[dialect]["where"] is not None
                options = found[index.name].get("dialect_options", {})
                assert (f"{dialect}_where" in options) == wanted, index.name


class TestUpgrade:
    def test_given_nothing_when_upgraded_twice_then_it_is_at_the_latest(
        self, empty_url: str
    ) -> None:
        assert current(empty_url) is None
        assert is_behind(empty_url)

        assert upgrade(empty_url) == latest()
        assert upgrade(empty_url) == latest()

        assert current(empty_url) == latest()
        assert not is_behind(empty_url)

    def test_given_a_later_revision_when_upgraded_then_refused_and_untouched(
        self, empty_url: str
    ) -> None:
        upgrade(empty_url)
        engine = create_engine(empty_url)
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        engine.dispose()

        with pytest.raises(DatabaseNewerThanCode, match="revision 9999"):
            upgrade(empty_url)
        with pytest.raises(DatabaseNewerThanCode):
            is_behind(empty_url)
        assert current(empty_url) == "9999"

    def test_given_two_processes_when_they_upgrade_at_once_then_all_succeed(
        self, empty_url: str
    ) -> None:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(2, mp_context=context) as pool:
            reached = list(pool.map(upgrade, [empty_url] * 2, timeout=60))

        assert reached == [latest()] * 2

    def test_given_a_failing_step_when_upgraded_then_no_table_is_left(self, empty_url: str) -> None:
        engine = create_engine(empty_url)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE scores (in_the_way INTEGER)"))

        with pytest.raises(Exception, match="scores"):
            upgrade(empty_url)

        assert inspect(engine).get_table_names() == ["scores"]
        engine.dispose()

    def test_given_no_file_when_asked_for_the_revision_then_none_is_made(
        self, tmp_path: Path
    ) -> None:
        file = tmp_path / "absent.db"

        assert current(f"sqlite:///{file}") is None
        assert not file.exists()
