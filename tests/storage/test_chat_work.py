"""Notes, listeners and chats that are passed on; and that each step of a chat has one winner."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from amends.conversations.model import Mode, Role
from amends.handoff import fallbacks, passing, taking
from amends.handoff import use_cases as handoffs
from amends.handoff.errors import HandoffError
from amends.handoff.model import HandoffState, Note, Passing, StaffMember, StaffRole
from amends.handoff.thresholds import Thresholds
from amends.storage import Conflict, Database, SqlUnitOfWork
from tests.storage.samples import HOUR, NOW, given, handoff, staff
from tests.storage.threads import at_once

THRESHOLDS = Thresholds((), HOUR / 2, 3 * HOUR)
ANA = staff("s-ana", "ana", seen_at=NOW)
SUPERVISORS = [
    staff(f"s-{number}", f"boss{number}", role=StaffRole.SUPERVISOR, seen_at=NOW)
    for number in range(4)
]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def db(db: Database) -> Database:
    given(db, "c1", "c2")
    with db.write() as uow:
        for member in (ANA, *SUPERVISORS):
            uow.staff.add(member, "hash")
        uow.handoffs.add(handoff())
        uow.commit()
    return db


def write[T](db: Database, work: Callable[[SqlUnitOfWork], T]) -> T:
    with db.write() as uow:
        done = work(uow)
        uow.commit()
        return done


def claimed(db: Database) -> None:
    write(db, lambda uow: handoffs.claim(uow, "h1", ANA, NOW))


def passed(db: Database) -> None:
    claimed(db)
    write(
        db,
        lambda uow: passing.pass_on(
            uow, THRESHOLDS, "h1", ANA, "Speaks Spanish", NOW, language="en"
        ),
    )


class TestNotes:
    def test_given_notes_then_read_in_order_by_chat_and_by_time(self, db: Database) -> None:
        def add(uow: SqlUnitOfWork) -> list[Note]:
            return [
                uow.notes.add("c1", 1, "s-ana", "first", NOW),
                uow.notes.add("c2", 0, "s-0", "other chat", NOW + MINUTE),
                uow.notes.add("c1", 1, "s-0", "second", NOW + 2 * MINUTE),
            ]

        first, other, second = write(db, add)

        with db.read() as uow:
            assert uow.notes.of_conversation("c1") == [first, second]
            assert uow.notes.since(NOW + MINUTE) == [other, second]
        assert first.id < other.id < second.id

    def test_given_no_words_then_the_database_refuses(self, db: Database) -> None:
        with db.write() as uow, pytest.raises(Conflict):
            uow.notes.add("c1", 1, "s-ana", "", NOW)


class TestListeners:
    def test_given_renewed_and_removed_then_each_is_listed_once_until_their_time(
        self, db: Database
    ) -> None:
        def listen(uow: SqlUnitOfWork) -> None:
            uow.listeners.put("h1", "s-0", NOW + MINUTE)
            uow.listeners.put("h1", "s-0", NOW + 2 * MINUTE)
            uow.listeners.put("h1", "s-1", NOW + MINUTE)
            uow.listeners.put("h1", "s-2", NOW + MINUTE)
            uow.listeners.remove("h1", "s-2")

        write(db, listen)

        with db.read() as uow:
            assert uow.listeners.all(NOW) == [("h1", "s-0"), ("h1", "s-1")]
            assert uow.listeners.all(NOW + MINUTE) == [("h1", "s-0")]


class TestPassing:
    @pytest.mark.parametrize(
        "target", [{"to": "s-0"}, {"language": "zh"}, {"skill": "billing_error"}]
    )
    def test_given_passed_on_then_read_as_it_was_written(
        self, db: Database, target: dict[str, str]
    ) -> None:
        claimed(db)
        under_way = Passing("Speaks Spanish", NOW, NOW + MINUTE, **target)

        def save(uow: SqlUnitOfWork) -> None:
            found = uow.handoffs.get("h1")
            assert found is not None
            uow.handoffs.save(replace(found, passing=under_way))

        write(db, save)

        with db.read() as uow:
            (found,) = uow.handoffs.claimed()
        assert found.passing == under_way

    @pytest.mark.parametrize(
        "changes",
        [
            {"passing": Passing("n", NOW, NOW, to="s-ana")},
            {"passing": Passing("n", NOW, NOW)},
            {
                "passing": Passing("n", NOW, NOW, to="s-0"),
                "state": HandoffState.WAITING,
                "claimed_by": None,
            },
        ],
        ids=["to oneself", "to nobody", "while it waits"],
    )
    def test_given_what_cannot_be_then_the_database_refuses(
        self, db: Database, changes: dict[str, object]
    ) -> None:
        claimed(db)
        with db.write() as uow:
            found = uow.handoffs.get("h1")
            assert found is not None
            with pytest.raises(Conflict):
                uow.handoffs.save(replace(found, **changes))  # type: ignore[arg-type]


class TestReturned:
    def test_given_chats_that_ended_then_those_of_the_assistant_latest_first(
        self, db: Database
    ) -> None:
        claimed(db)
        write(db, lambda uow: handoffs.return_to_bot(uow, "h1", ANA, NOW))
        ended = handoff("h2", conversation_id="c2", state=HandoffState.ENDED)
        ended = replace(ended, outcome="returned_to_bot", ended_at=NOW + MINUTE)
        write(db, lambda uow: uow.handoffs.add(ended))
        gone = replace(ended, id="h3", outcome="resolved")
        write(db, lambda uow: uow.handoffs.add(gone))

        with db.read() as uow:
            assert [one.id for one in uow.handoffs.returned_since(NOW)] == ["h2", "h1"]
            assert [one.id for one in uow.handoffs.returned_since(NOW + MINUTE)] == ["h2"]


Step = Callable[[SqlUnitOfWork, StaffMember], object]


class TestOneWins:
    """Whoever moves a chat at the same moment: one does, and the books agree."""

    def race(self, db: Database, *steps: tuple[Step, StaffMember]) -> list[bool]:
        def move(number: int) -> bool:
            step, member = steps[number]
            try:
                write(db, lambda uow: step(uow, member))
            except HandoffError:
                return False
            return True

        return at_once(move, len(steps))

    def holder(self, db: Database) -> str | None:
        with db.read() as uow:
            found, talk = uow.handoffs.get("h1"), uow.conversations.get("c1")
        assert found is not None
        assert talk is not None
        assert found.claimed_by == talk.staff_id
        assert (talk.mode is Mode.STAFF) == (found.state is HandoffState.CLAIMED)
        return found.claimed_by

    def said(self, db: Database, words: str) -> int:
        with db.read() as uow:
            return sum(words in m.text for m in uow.conversations.after("c1", 0))

    def test_given_passed_to_several_when_all_take_it_then_one_has_it(self, db: Database) -> None:
        passed(db)

        def take(uow: SqlUnitOfWork, member: StaffMember) -> object:
            return passing.take(uow, "h1", member, NOW + MINUTE)

        won = self.race(db, *((take, member) for member in SUPERVISORS))

        assert won.count(True) == 1
        assert self.holder(db) == SUPERVISORS[won.index(True)].id
        assert self.said(db, "has joined the chat.") == 2  # Ana, then the winner

    def test_given_passed_on_when_taken_and_taken_back_at_once_then_one_holds(
        self, db: Database
    ) -> None:
        passed(db)
        won = self.race(
            db,
            (lambda uow, who: passing.take(uow, "h1", who, NOW), SUPERVISORS[0]),
            (lambda uow, who: passing.recall(uow, "h1", who, NOW), ANA),
        )

        assert won.count(True) == 1
        assert self.holder(db) == (SUPERVISORS[0].id if won[0] else ANA.id)

    def test_given_time_is_over_when_taken_at_that_moment_then_one_holds(
        self, db: Database
    ) -> None:
        passed(db)
        later = NOW + 5 * MINUTE

        def give_up(uow: SqlUnitOfWork, _: StaffMember) -> None:
            if not fallbacks.take_away(uow, THRESHOLDS, "h1", later):
                raise HandoffError

        won = self.race(
            db, (lambda uow, who: passing.take(uow, "h1", who, later), SUPERVISORS[0]),
            (give_up, ANA),
        )  # fmt: skip

        assert won.count(True) == 1
        assert self.holder(db) == (SUPERVISORS[0].id if won[0] else None)

    def test_given_a_chat_when_its_person_answers_and_another_takes_over_then_nothing_is_undone(
        self, db: Database
    ) -> None:
        claimed(db)
        answered, taken_over = self.race(
            db,
            (lambda uow, who: handoffs.answer(uow, "h1", who, "I am here", NOW), ANA),
            (lambda uow, who: taking.take_over(uow, "h1", who, NOW), SUPERVISORS[0]),
        )

        assert taken_over
        assert self.holder(db) == SUPERVISORS[0].id
        with db.read() as uow:
            staff_words = [m for m in uow.conversations.after("c1", 0) if m.role is Role.STAFF]
        assert bool(staff_words) == answered

    def test_given_the_assistant_has_it_when_all_take_it_back_then_one_has_it(
        self, db: Database
    ) -> None:
        claimed(db)
        write(db, lambda uow: handoffs.return_to_bot(uow, "h1", ANA, NOW))

        def take_back(uow: SqlUnitOfWork, member: StaffMember) -> object:
            return taking.take_back(uow, THRESHOLDS, "h1", member, NOW + MINUTE)

        won = self.race(db, *((take_back, member) for member in SUPERVISORS))

        assert won.count(True) == 1
        with db.read() as uow:
            now_open = uow.handoffs.open_of("c1")
            talk = uow.conversations.get("c1")
        assert now_open is not None
        assert talk is not None
        assert now_open.claimed_by == talk.staff_id == SUPERVISORS[won.index(True)].id
