"""One poller for all pages: what it asks of the database, and what it tells."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from amends.compensation.load import load_policy
from amends.conversations.transactions import Transactions
from amends.desk.live import Board, Live
from amends.desk.session import hash_session
from amends.handoff import queue
from amends.handoff import use_cases as handoff
from amends.handoff.model import StaffMember, StaffRole
from amends.handoff.thresholds import load_thresholds
from amends.storage import Database
from tests.desk.seeding import Chat, add_chat, add_staff, customer_says

PROJECT = Path(__file__).resolve().parents[2]
POLICY = load_policy(PROJECT / "policies/retail.yml")
THRESHOLDS = load_thresholds(PROJECT / "policies/handoff.yml")


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


class FakePage:
    def __init__(self, member: StaffMember, token: str) -> None:
        self.member, self.token_hash = member, hash_session(token)
        self.boards: list[Board] = []
        self.changes: list[frozenset[str]] = []
        self.signed_out = False

    def on_board(self, board: Board) -> None:
        self.boards.append(board)

    def on_changes(self, conversation_ids: frozenset[str]) -> None:
        self.changes.append(conversation_ids)

    def on_failure(self, failing: bool) -> None: ...

    def on_signed_out(self) -> None:
        self.signed_out = True


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def live(database: Database, clock: Clock) -> Iterator[Live]:
    transactions = Transactions(database)
    yield Live(transactions, clock)
    transactions.close()


@pytest.fixture
def page(database: Database, clock: Clock, live: Live) -> FakePage:
    add_staff(database, ("ana", "Ana Torres", StaffRole.AGENT), seen_at=None)
    with database.write() as uow:
        (member,) = uow.staff.all()
        uow.staff.add_session(hash_session("t"), member.id, clock.now + timedelta(hours=1))
        uow.commit()
    opened = FakePage(member, "t")
    live.join(opened)
    return opened


def add(db: Database, clock: Clock) -> Chat:
    says = [("It never came and nobody answers me", -0.5)]
    return add_chat(
        db, POLICY, THRESHOLDS, says=says, now=clock.now, minutes_ago=0, customer=None, order=None
    )


class TestBeat:
    async def test_given_chat_waits_then_told_once_and_not_again_while_nothing_changes(
        self,
        live: Live,
        page: FakePage,
        database: Database,
        clock: Clock,
    ) -> None:
        chat = add(database, clock)

        for _ in range(3):
            await live.beat()

        assert len(page.boards) == 1
        assert [item.handoff.id for item in page.boards[0].waiting] == [chat.handoff_id]
        assert [member.name for member in page.boards[0].online] == ["Ana Torres"]

    async def test_given_message_then_the_page_hears_which_conversation_and_the_last_words(
        self,
        live: Live,
        page: FakePage,
        database: Database,
        clock: Clock,
    ) -> None:
        chat = add(database, clock)
        await live.beat()
        page.changes.clear()

        clock.now += timedelta(seconds=1)
        customer_says(database, chat, "Still there?", clock.now)
        await live.beat()

        assert page.changes == [frozenset({chat.conversation_id})]
        assert page.boards[-1].waiting[0].last_words == "Still there?"

    async def test_given_a_minute_passes_then_the_clocks_go_on(
        self,
        live: Live,
        page: FakePage,
        database: Database,
        clock: Clock,
    ) -> None:
        add(database, clock)
        await live.beat()

        clock.now += timedelta(minutes=31)
        await live.beat()

        assert page.boards[-1].waiting[0].minutes_waited == 31
        assert page.boards[-1].waiting[0].minutes_left == -1

    async def test_given_unchanged_chats_then_they_are_not_read_again(
        self, live: Live, page: FakePage, database: Database, clock: Clock,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:  # fmt: skip
        for _ in range(5):
            add(database, clock)
        await live.beat()
        read: list[str] = []
        item = queue.item
        monkeypatch.setattr(
            queue, "item", lambda uow, one, now: read.append(one.id) or item(uow, one, now)
        )

        for _ in range(4):
            clock.now += timedelta(seconds=7)
            await live.beat()

        assert read == []

    async def test_given_claimed_then_it_moves_to_my_chats(
        self,
        live: Live,
        page: FakePage,
        database: Database,
        clock: Clock,
    ) -> None:
        chat = add(database, clock)
        await live.beat()

        with database.write() as uow:
            handoff.claim(uow, chat.handoff_id, page.member, clock.now)
            uow.commit()
        await live.beat()

        assert not page.boards[-1].waiting
        assert [i.handoff.id for i in page.boards[-1].chats[page.member.id]] == [chat.handoff_id]

    async def test_given_session_ended_then_the_page_is_shown_out_and_hears_no_more(
        self,
        live: Live,
        page: FakePage,
        database: Database,
        clock: Clock,
    ) -> None:
        await live.beat()

        clock.now += timedelta(hours=2)
        await live.beat()
        add(database, clock)
        page.boards.clear()
        await live.beat()

        assert page.signed_out
        assert page.boards == []

    async def test_given_one_page_fails_then_the_others_still_hear(
        self,
        live: Live,
        page: FakePage,
        database: Database,
        clock: Clock,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        other = FakePage(page.member, "t")
        live.join(other)

        def fail(board: Board) -> None:
            raise RuntimeError("this page is gone")

        monkeypatch.setattr(page, "on_board", fail)
        add(database, clock)
        await live.beat()

        assert len(other.boards) == 1
