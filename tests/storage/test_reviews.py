"""The review queue in the database: messages in groups, filters, how far the log was read."""

from datetime import timedelta

import pytest

from amends.conversations.model import Mode
from amends.storage import Database
from amends.training.review.model import Cursor, Looked, Mark, Place, Query, Reason
from tests.storage.review_steps import (
    ACCEPT,
    ALIKE,
    OTHER,
    decided,
    filled,
    groups,
    looked,
    put,
    talk,
    with_staff,
)
from tests.storage.samples import DAY, HOUR, NOW, bot_says, handoff, understanding
from tests.training.review.samples import STORY


@pytest.fixture
def db(db: Database) -> Database:
    return with_staff(db)


class TestPutting:
    def test_given_alike_messages_then_one_row_of_the_best_with_its_size(
        self, db: Database
    ) -> None:
        first, second = filled(db)

        assert (first.size, second.size) == (3, 1)
        assert first.leader.text in ALIKE
        assert first.rank > second.rank
        assert second.leader.text == OTHER
        assert second.reasons == (Reason.CLOSE_GUESSES,)

    def test_given_the_same_again_then_nothing_changes(self, db: Database) -> None:
        before = filled(db)

        assert put(db, *(looked(f"a{number}", text) for number, text in enumerate(ALIKE))) == 0

        assert groups(db) == before

    def test_given_another_reason_later_then_the_message_rises(self, db: Database) -> None:
        before = filled(db)

        put(db, looked("b", OTHER, why=(Reason.CORRECTED, Reason.CLOSE_GUESSES)))

        now = groups(db)
        assert now[0].leader.text == OTHER
        assert now[0].rank > before[0].rank

    def test_given_no_reason_any_more_then_the_message_leaves(self, db: Database) -> None:
        filled(db)

        put(db, Looked("b", 1, ()))

        assert [one.size for one in groups(db)] == [3]

    def test_given_only_the_end_was_looked_at_then_what_came_before_stays(
        self, db: Database
    ) -> None:
        filled(db)

        put(db, Looked("b", 2, ()))

        assert len(groups(db)) == 2

    def test_given_new_words_of_few_then_kept_and_shown_once_several_say_them(
        self, db: Database
    ) -> None:
        for number, text in enumerate(ALIKE):
            assert groups(db) == []
            talk(db, f"a{number}", text)
            put(db, looked(f"a{number}", text, why=(Reason.UNSEEN_WORDS,)))

        assert [one.reasons[0] for one in groups(db)] == [Reason.NEW_WORDING]

    def test_given_a_deleted_message_then_its_row_goes_too(self, db: Database) -> None:
        filled(db)

        with db.write() as uow:
            uow._session.connection().exec_driver_sql(
                "DELETE FROM messages WHERE conversation_id = 'b'"
            )
            uow.commit()

        assert [one.size for one in groups(db)] == [3]


class TestAsking:
    @pytest.mark.parametrize(
        ("query", "texts"),
        [
            (Query(), 2),
            (Query(reason=Reason.CLOSE_GUESSES), 1),
            (Query(reason=Reason.CORRECTED), 0),
            (Query(language="zh"), 1),
            (Query(intent="report_billing_error"), 1),
            (Query(since=NOW), 2),
            (Query(since=NOW + DAY), 0),
            (Query(before=NOW), 0),
        ],
    )
    def test_given_a_filter_then_only_what_fits(
        self, db: Database, query: Query, texts: int
    ) -> None:
        found = filled(db)

        assert len(groups(db, query)) == texts

        for one in found:
            decided(db, one, ACCEPT)
        with db.read() as uow:
            assert len(uow.reviews.decisions(query, None, 9)) == texts

    def test_given_a_place_then_the_list_goes_on_behind_it(self, db: Database) -> None:
        first, second = filled(db)

        assert groups(db, after=Place(first.rank, first.id)) == [second]
        assert groups(db, after=Place(second.rank, second.id)) == []

    def test_given_the_queue_then_it_is_counted(self, db: Database) -> None:
        filled(db)

        with db.read() as uow:
            counts = uow.reviews.counts()

        assert (counts.groups, counts.messages) == (2, 4)
        assert counts.by_reason[Reason.LOW_CONFIDENCE] == 1
        assert counts.by_intent == {"report_not_received": 1, "report_billing_error": 1}


class TestReading:
    def test_given_changes_then_they_are_met_in_order_each_once(self, db: Database) -> None:
        for name in ("c2", "c1", "c3"):
            talk(db, name, STORY)
        with db.write() as uow:
            uow.conversations.set_mode("c3", Mode.CLOSED, at=NOW + HOUR)
            uow.scores.outdate("c2", NOW)
            uow.commit()

        with db.read() as uow:
            begin = Mark(NOW - DAY)
            first = uow.reviews.changed(begin, NOW + DAY, 1)
            rest = uow.reviews.changed(first[-1], NOW + DAY, 9)
            assert [one.conversation_id for one in (*first, *rest)] == ["c1", "c2", "c3"]
            assert len(uow.reviews.changed(begin, NOW + HOUR, 9)) == 2
            assert uow.reviews.outdated(begin, NOW + DAY, 9) == [Mark(NOW, "c2")]

    def test_given_a_cursor_when_two_move_it_then_one_does(self, db: Database) -> None:
        begin = Cursor(Mark(NOW), Mark(NOW))
        on = Cursor(Mark(NOW + HOUR, "c1"), Mark(NOW))
        with db.write() as uow:
            assert uow.reviews.cursor() is None
            assert uow.reviews.advance(None, begin)
            assert not uow.reviews.advance(None, on)
            assert uow.reviews.advance(begin, on)
            assert not uow.reviews.advance(begin, begin)
            uow.commit()

        with db.read() as uow:
            assert uow.reviews.cursor() == on

    def test_given_a_conversation_then_all_that_tells_of_it_is_gathered(self, db: Database) -> None:
        talk(db, "c1", STORY)
        with db.write() as uow:
            uow.understandings.add("c1", 1, understanding(), NOW)
            uow.conversations.append("c1", bot_says("And now?", in_reply_to=1), NOW)
            ended = handoff(was_needed=False, requested_at=NOW + timedelta(minutes=1))
            uow.handoffs.add(ended)
            uow.commit()

        with db.read() as uow:
            gathered = uow.reviews.gather(["c1"])["c1"]

        assert [one.text for one in gathered.messages] == [STORY, "And now?"]
        assert gathered.understood[1].parse == understanding().parse
        assert [(one.reasons, one.was_needed) for one in gathered.handoffs] == [
            (("customer_asked",), False)
        ]
