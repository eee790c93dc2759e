"""Migrations lead to exactly the tables of the code, once, whoever runs them."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect, make_url, text
from sqlalchemy.exc import DBAPIError

from amends.satisfaction.model import Survey
from amends.storage import Database
from amends.storage.migrate import (
    alembic_config,
    current,
    exclusive_connection,
    is_behind,
    latest,
    upgrade,
)
from amends.storage.tables import METADATA
from tests.storage.conftest import run_as_admin
from tests.storage.samples import DAY, NOW


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


class TestCarryingOut:
    """0006 on a ledger that was in use before."""

    CASES = (("k1", "'10045'"), ("k2", "'none'"), ("k3", "NULL"))

    def test_given_remedies_of_before_when_upgraded_then_each_knows_its_order_and_keeps_it(
        self, empty_url: str
    ) -> None:
        with exclusive_connection(empty_url) as connection:
            config = alembic_config()
            config.attributes["connection"] = connection
            command.upgrade(config, "0005")
            for statement in self._rows(connection.dialect.name):
                connection.execute(text(statement))
            connection.commit()

        upgrade(empty_url)

        engine = create_engine(empty_url)
        with engine.connect() as connection:
            query = text("SELECT id, order_number FROM remedies ORDER BY id")
            found = [tuple(row) for row in connection.execute(query)]
            with pytest.raises(DBAPIError, match="append-only"):
                connection.execute(text("UPDATE remedies SET order_number = '10046'"))
        engine.dispose()
        assert found == [("r-k1", "10045"), ("r-k2", None), ("r-k3", None)]

    def _rows(self, dialect: str) -> Iterator[str]:
        false = "FALSE" if dialect == "postgresql" else "0"
        at = "'2026-03-04 10:00:00+00'" if dialect == "postgresql" else "'2026-03-04 10:00:00.0'"
        yield (
            "INSERT INTO conversations (id, token_hash, mode, language, visit, last_seq, "
            f"created_at, changed_at) VALUES ('c1', 'h', 'bot', 'en', 1, 0, {at}, {at})"
        )
        for case, order in self.CASES:
            yield (
                "INSERT INTO cases (id, number, conversation_id, category, status, opened_at, "
                "opened_by_seq, owner, next_step, secondary, severity, flags, repeat_complaint, "
                f"order_number) VALUES ('{case}', 'AM-{case}', 'c1', 'not_received', 'open', "
                f"{at}, 1, 'bot', 'nothing', '[]', 'low', '[]', {false}, {order})"
            )
            yield (
                "INSERT INTO decisions (id, case_id, at, policy, version, role, rung, facts, "
                f"outcome, decision) VALUES ('d-{case}', '{case}', {at}, 'p', '1', 'bot', 0, "
                "'{}', 'remedy', '{}')"
            )
            yield (
                "INSERT INTO offers (id, case_id, decision_id, rung, made_at, expires_at, made_by) "
                f"VALUES ('o-{case}', '{case}', 'd-{case}', 0, {at}, {at}, 'bot')"
            )
            yield (
                "INSERT INTO remedies (id, offer_id, position, case_id, alternative, kind, "
                "recovery, part, clauses, title, state, customer_key, made_at, expires_at) VALUES "
                f"('r-{case}', 'o-{case}', 0, '{case}', 0, 'resend', 'corrective', "
                f"'entitlement', '[]', '{{}}', 'accepted', 'cus', {at}, {at})"
            )


class TestCaseFields:
    """0013 on cases of before."""

    def test_given_cases_of_before_when_upgraded_then_only_open_ones_get_a_deadline(
        self, empty_url: str
    ) -> None:
        with exclusive_connection(empty_url) as connection:
            config = alembic_config()
            config.attributes["connection"] = connection
            command.upgrade(config, "0012")
            for statement in self._rows(connection.dialect.name):
                connection.execute(text(statement))
            connection.commit()

        upgrade(empty_url)

        database = Database(empty_url)
        with database.read() as uow:
            opened, closed = uow.cases.get("open"), uow.cases.get("closed")
            assert uow.case_search.due(NOW) == ["open", "closed"]
        database.close()
        assert opened is not None
        assert opened.resolution_due_at == opened.opened_at + DAY
        assert closed is not None
        assert closed.resolution_due_at is None

    def _rows(self, dialect: str) -> Iterator[str]:
        false = "FALSE" if dialect == "postgresql" else "0"
        zone = "+00" if dialect == "postgresql" else ""
        first, second = (f"'2026-03-04 10:00:0{at}.250000{zone}'" for at in (1, 2))
        yield (
            "INSERT INTO conversations (id, token_hash, mode, language, visit, last_seq, "
            f"created_at, changed_at) VALUES ('c1', 'h', 'bot', 'en', 1, 0, {first}, {first})"
        )
        for case, at, status, ended in (
            ("open", first, "open", "NULL"),
            ("closed", second, "resolved", second),
        ):
            yield (
                "INSERT INTO cases (id, number, conversation_id, category, status, opened_at, "
                "opened_by_seq, owner, next_step, secondary, severity, flags, repeat_complaint, "
                f"closed_at) VALUES ('{case}', 'AM-{case}', 'c1', 'not_received', '{status}', "
                f"{at}, 1, 'bot', 'nothing', '[]', 'low', '[]', {false}, {ended})"
            )


class TestSurveys:
    """0016 on ratings of before."""

    def test_given_ratings_of_before_when_upgraded_then_each_is_kept_and_belongs_to_its_case(
        self, empty_url: str
    ) -> None:
        with exclusive_connection(empty_url) as connection:
            config = alembic_config()
            config.attributes["connection"] = connection
            command.upgrade(config, "0015")
            for statement in self._rows(connection.dialect.name):
                connection.execute(text(statement))
            connection.commit()

        upgrade(empty_url)

        database = Database(empty_url)
        with database.read() as uow:
            found = [uow.surveys.of_conversation(one) for one in ("c1", "c2")]
            asked = uow.survey_asks.of_conversation("c1")
        database.close()
        at = datetime(2026, 3, 4, 10, 0, 1, 250_000, tzinfo=UTC)
        assert found == [Survey("c1", "k1", 2, "很慢", at), Survey("c2", None, 5, "", at)]
        assert asked == []

    def _rows(self, dialect: str) -> Iterator[str]:
        false = "FALSE" if dialect == "postgresql" else "0"
        at = f"'2026-03-04 10:00:01.250000{'+00' if dialect == 'postgresql' else ''}'"
        for conversation in ("c1", "c2"):
            yield (
                "INSERT INTO conversations (id, token_hash, mode, language, visit, last_seq, "
                f"created_at, changed_at) VALUES ('{conversation}', 'h-{conversation}', 'bot', "
                f"'en', 1, 0, {at}, {at})"
            )
        yield (
            "INSERT INTO cases (id, number, conversation_id, category, status, opened_at, "
            "opened_by_seq, owner, next_step, secondary, severity, flags, repeat_complaint) "
            f"VALUES ('k1', 'AM-k1', 'c1', 'not_received', 'open', {at}, 1, 'bot', 'nothing', "
            f"'[]', 'low', '[]', {false})"
        )
        for conversation, case, csat, comment in (("c1", "'k1'", 2, "很慢"), ("c2", "NULL", 5, "")):
            yield (
                "INSERT INTO surveys (conversation_id, case_id, csat, comment, at) "
                f"VALUES ('{conversation}', {case}, {csat}, '{comment}', {at})"
            )


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
