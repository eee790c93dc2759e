"""Connections to PostgreSQL: what is prepared stays, and a lost server is noticed in time."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import sessionmaker

from amends.storage import SqlUnitOfWork, postgres
from amends.storage.database import parse_url
from amends.storage.postgres import postgres_engine
from tests.storage.conftest import run_as_admin

OFTEN = 8
"""More often than a statement must come until it is prepared."""


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Engine]:
    made = postgres_engine(parse_url(postgres_url))
    yield made
    made.dispose()


def read(engine: Engine) -> None:
    with SqlUnitOfWork(sessionmaker(engine), reads_only=True) as uow:
        uow.conversations.get("c1")


def prepared(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(text("SELECT count(*) FROM pg_prepared_statements")) or 0


def cut_off(engine: Engine) -> None:
    """End the one connection that the engine has, as a server does that is stopped."""
    with engine.connect() as connection:
        ours = connection.scalar(text("SELECT pg_backend_pid()"))
    run_as_admin(f"SELECT pg_terminate_backend({ours}, 5000)")


class TestConnections:
    def test_given_reads_when_they_have_ended_then_their_statement_stays_prepared(
        self, engine: Engine
    ) -> None:
        for _ in range(OFTEN):
            read(engine)

        assert prepared(engine) > 0

    def test_given_a_server_that_ended_a_rested_connection_then_nobody_notices(
        self, engine: Engine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(postgres, "ASKED_AFTER_SECONDS", 0.0)
        cut_off(engine)

        read(engine)

    def test_given_a_server_that_ended_a_busy_connection_then_one_transaction_fails(
        self, engine: Engine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(postgres, "ASKED_AFTER_SECONDS", 60.0)
        cut_off(engine)

        with pytest.raises(OperationalError):
            read(engine)
        read(engine)
