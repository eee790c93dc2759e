"""One block, one transaction; times are UTC; what is committed stays."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from amends.satisfaction.ports import UnitOfWork
from amends.storage import Conflict, Database, SqlUnitOfWork
from amends.storage.database import parse_url
from amends.storage.errors import UnusableUrl
from tests.storage.samples import NOW, bot_says, conversation, given
from tests.support.database import fresh_database, fresh_url


def widest_port(uow: SqlUnitOfWork) -> UnitOfWork:
    return uow  # mypy proves that every repository implements its port


class TestTransaction:
    def test_given_no_commit_when_the_block_ends_then_nothing_is_kept(self, db: Database) -> None:
        given(db)
        with db.write() as uow:
            uow.conversations.append("c1", bot_says(), NOW)

        with db.read() as uow:
            assert [message.seq for message in uow.conversations.after("c1", 0)] == [1]

    def test_given_an_error_when_the_block_ends_then_seq_is_used_again(self, db: Database) -> None:
        given(db)

        def fail_half_way() -> None:
            with db.write() as uow:
                uow.conversations.append("c1", bot_says(), NOW)
                raise RuntimeError("half-way")

        with pytest.raises(RuntimeError, match="half-way"):
            fail_half_way()

        with db.write() as uow:
            assert uow.conversations.append("c1", bot_says(), NOW).seq == 2

    def test_given_a_refused_row_when_rolled_back_then_the_next_block_works(
        self, db: Database
    ) -> None:
        given(db)
        for _ in range(3):
            with db.write() as uow, pytest.raises(Conflict):
                uow.conversations.add(conversation("c1"), "hash")

        with db.write() as uow:
            uow.conversations.append("c1", bot_says(), NOW)
            uow.commit()

    def test_given_a_read_block_when_it_writes_then_the_database_refuses(
        self, db: Database
    ) -> None:
        given(db)

        with db.read() as uow, pytest.raises(DBAPIError, match=r"read-?only"):
            uow.conversations.append("c1", bot_says(), NOW)

    def test_given_a_read_block_when_others_commit_then_its_view_stays(self, db: Database) -> None:
        given(db)
        with db.read() as reading:
            before = reading.conversations.get("c1")
            with db.write() as uow:
                uow.conversations.append("c1", bot_says(), NOW)
                uow.commit()
            during = reading.conversations.get("c1")

        with db.read() as uow:
            after = uow.conversations.get("c1")
        assert before is not None
        assert after is not None
        assert before == during
        assert after.last_seq == 2

    def test_given_two_commits_in_a_block_when_read_then_both_are_kept(self, db: Database) -> None:
        given(db)
        with db.write() as uow:
            for _ in range(2):
                uow.conversations.append("c1", bot_says(), NOW)
                uow.commit()

        with db.read() as uow:
            assert len(uow.conversations.after("c1", 0)) == 3

    def test_given_a_process_killed_after_commit_when_reopened_then_the_message_is_there(
        self, db: Database, url: str
    ) -> None:
        given(db)
        script = (
            "import os, sys; from amends.storage import Database;"
            "from tests.storage.samples import NOW, bot_says;"
            "uow = Database(sys.argv[1]).write().__enter__();"
            "uow.conversations.append('c1', bot_says('kept'), NOW); uow.commit();"
            "uow.conversations.append('c1', bot_says('lost'), NOW); os.kill(os.getpid(), 9)"
        )
        ended = subprocess.run([sys.executable, "-c", script, url], check=False)

        assert ended.returncode == -9
        with db.write() as uow:
            texts = [message.text for message in uow.conversations.after("c1", 1)]
            following = uow.conversations.append("c1", bot_says(), NOW)
        assert texts == ["kept"]
        assert following.seq == 3


class TestTime:
    def test_given_another_zone_when_stored_then_the_same_moment_comes_back_in_utc(
        self, db: Database
    ) -> None:
        tokyo = datetime(2026, 3, 1, 8, 30, 1, 123456, timezone(timedelta(hours=9)))
        with db.write() as uow:
            uow.conversations.add(conversation(created_at=tokyo), "hash")
            uow.commit()

        with db.read() as uow:
            found = uow.conversations.get("c1")
        assert found is not None
        assert found.created_at == tokyo
        assert found.created_at.tzinfo is UTC

    def test_given_no_zone_when_stored_then_refused(self, db: Database) -> None:
        naive = NOW.replace(tzinfo=None)

        with db.write() as uow, pytest.raises(Exception, match="has no time zone"):
            uow.conversations.add(conversation(created_at=naive), "hash")

    def test_given_moments_in_several_zones_when_compared_then_by_time_not_by_clock(
        self, db: Database
    ) -> None:
        given(db)
        a_second_later = (NOW + timedelta(seconds=1)).astimezone(timezone(timedelta(hours=-11)))

        with db.read() as uow:
            assert uow.conversations.changed_since(a_second_later) == []
            assert len(uow.conversations.changed_since(a_second_later - timedelta(seconds=1))) == 1


class TestUrl:
    @pytest.mark.parametrize(
        ("url", "reason"),
        [
            ("sqlite://", "would lose messages"),
            ("sqlite:///:memory:", "would lose messages"),
            ("mysql://localhost/amends", "mysql is not supported"),
            ("amends.db", "is not a database URL"),
        ],
    )
    def test_given_an_unusable_url_when_opened_then_the_reason_is_said(
        self, url: str, reason: str
    ) -> None:
        with pytest.raises(UnusableUrl, match=reason):
            Database(url)

    def test_given_plain_postgresql_when_opened_then_the_driver_is_filled_in(self) -> None:
        url = parse_url("postgresql://amends@db.example/amends")

        assert url.render_as_string() == "postgresql+psycopg://amends@db.example/amends"


class TestSqliteFile:
    def test_given_a_connection_when_asked_then_commits_reach_the_disk(
        self, tmp_path: Path
    ) -> None:
        db = fresh_database(tmp_path)
        asked = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        with db.write() as uow:
            session = uow._session
            found = [session.scalar(text(f"PRAGMA {name}")) for name in asked]
        db.close()

        assert found == ["wal", 2, 1, 10_000]

    def test_given_a_missing_folder_when_opened_then_it_is_made(self, tmp_path: Path) -> None:
        db = Database(f"sqlite:///{tmp_path}/new/folder/amends.db")
        with db.read() as uow:
            assert uow is not None
        db.close()

        assert (tmp_path / "new/folder/amends.db").is_file()

    def test_given_the_file_copied_when_opened_then_it_is_whole(self, tmp_path: Path) -> None:
        engine = create_engine(fresh_url(tmp_path))
        with engine.connect() as connection:
            assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        engine.dispose()
