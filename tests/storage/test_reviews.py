"""The review queue in the database: messages in groups, decisions, how far the log was read."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from amends.conversations.model import Mode
from amends.handoff.model import StaffMember
from amends.storage import Database
from amends.training.review.deciding import Chosen, decide, undo_last
from amends.training.review.errors import (
    AlreadyDecided,
    NothingChosen,
    NothingToUndo,
    UnknownGroup,
    UnknownIntent,
)
from amends.training.review.model import (
    Cursor,
    Decision,
    Group,
    Kind,
    Looked,
    Mark,
    Place,
    Query,
    Reason,
    Verdict,
)
from amends.training.review.similarity import signature
from tests.storage.samples import (
    DAY,
    HOUR,
    NOW,
    bot_says,
    conversation,
    customer_says,
    handoff,
    staff,
    understanding,
)
from tests.training.review.samples import STORY, found

INTENTS = ("report_missing_item", "question")
TIM, LUZ = staff("s-tim", "tim"), staff("s-luz", "luz")
ALIKE = (STORY, f"{STORY} now", f"{STORY} now, you know")
OTHER = "I was charged twice for one pair of red shoes"


@pytest.fixture
def db(db: Database) -> Database:
    with db.write() as uow:
        for member in (TIM, LUZ):
            uow.staff.add(member, "no password opens this")
        uow.commit()
    return db


def talk(db: Database, name: str, *texts: str) -> None:
    with db.write() as uow:
        uow.conversations.add(conversation(name), f"hash of {name}")
        for text in texts:
            uow.conversations.append(name, customer_says(text), NOW)
        uow.commit()


def looked(name: str, *texts: str, why: tuple[Reason, ...] = (), **more: Any) -> Looked:
    one = tuple(
        (found(text, seq, *why, **more), signature(text)) for seq, text in enumerate(texts, start=1)
    )
    return Looked(name, 1, one)


def put(db: Database, *some: Looked) -> int:
    with db.write() as uow:
        new = uow.reviews.put(some)
        uow.commit()
    return new


def groups(db: Database, query: Query | None = None, after: Place | None = None) -> list[Group]:
    with db.read() as uow:
        return list(uow.reviews.groups(query or Query(), after, 50))


def filled(db: Database) -> list[Group]:
    """Three conversations that say nearly the same, and one that says something else."""
    for number, text in enumerate(ALIKE):
        talk(db, f"a{number}", text)
    talk(db, "b", OTHER)
    put(db, *(looked(f"a{number}", text) for number, text in enumerate(ALIKE)))
    put(db, looked("b", OTHER, intent="report_billing_error", language="zh",
                   why=(Reason.CLOSE_GUESSES,)))  # fmt: skip
    return groups(db)


def decided(
    db: Database, group: Group, verdict: Verdict, *unticked: int, by: Any = TIM, last: int = 10**9
) -> Decision:
    with db.write() as uow:
        chosen = Chosen(group.id, last, frozenset(unticked))
        made = decide(uow, chosen, verdict, INTENTS, by, NOW)
        uow.commit()
    return made


def members(db: Database, group: Group) -> list[int]:
    with db.read() as uow:
        return sorted(one.id for one in uow.reviews.members(group.id))


RELABEL = Verdict(Kind.RELABEL, "report_missing_item")
ACCEPT = Verdict(Kind.ACCEPT)


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


class TestDeciding:
    def test_given_a_group_when_decided_then_all_of_it_is_and_who_did_it_is_kept(
        self, db: Database
    ) -> None:
        first, second = filled(db)

        made = decided(db, first, RELABEL)

        assert groups(db) == [second]
        with db.read() as uow:
            [(kept, leader)] = uow.reviews.decisions(Query(), None, 9)
            assert len(uow.reviews.decided_items(made.id)) == 3
            assert uow.reviews.decided_count() == 1
        assert kept == made
        assert (kept.by, kept.at, kept.size, kept.intent) == (
            "s-tim",
            NOW,
            3,
            "report_missing_item",
        )
        assert leader is not None
        assert leader.text == first.leader.text

    def test_given_some_unticked_then_they_stay_open(self, db: Database) -> None:
        first, _ = filled(db)
        left = members(db, first)[0]

        made = decided(db, first, ACCEPT, left)

        assert made.size == 2
        assert members(db, first) == [left]

    def test_given_one_came_in_meanwhile_then_it_stays_open(self, db: Database) -> None:
        first, _ = filled(db)
        last = max(members(db, first))
        talk(db, "a9", ALIKE[0])
        put(db, looked("a9", ALIKE[0]))

        assert decided(db, first, ACCEPT, last=last).size == 3
        assert len(members(db, first)) == 1

    def test_given_further_categories_and_flags_then_they_are_kept(self, db: Database) -> None:
        first, _ = filled(db)
        verdict = Verdict(Kind.FLAGS, None, ("damaged_item",), ())

        decided(db, first, verdict)

        with db.read() as uow:
            [(kept, _)] = uow.reviews.decisions(Query(), None, 9)
        assert kept.verdict == verdict

    def test_given_the_reading_as_new_label_then_it_is_accepted(self, db: Database) -> None:
        first, _ = filled(db)
        with db.write() as uow:
            verdict = Verdict(Kind.RELABEL, first.leader.intent)
            made = decide(uow, Chosen(first.id, 10**9), verdict, [first.leader.intent], TIM, NOW)

        assert made.verdict == ACCEPT

    def test_given_two_who_decide_then_the_second_is_told_of_the_first(self, db: Database) -> None:
        first, _ = filled(db)
        made = decided(db, first, RELABEL)

        with pytest.raises(AlreadyDecided) as told:
            decided(db, first, ACCEPT, by=LUZ)

        assert told.value.decision == made

    def test_given_two_at_the_very_same_time_then_one_decides_and_one_is_told(
        self, db: Database
    ) -> None:
        first, _ = filled(db)
        barrier = Barrier(2)

        def both(by: StaffMember) -> Decision | AlreadyDecided:
            barrier.wait()
            try:
                return decided(db, first, RELABEL, by=by)
            except AlreadyDecided as error:
                return error

        with ThreadPoolExecutor(2) as pool:
            made = list(pool.map(both, (TIM, LUZ)))

        assert sorted(type(one).__name__ for one in made) == ["AlreadyDecided", "Decision"]
        with db.read() as uow:
            assert uow.reviews.decided_count() == 1

    @pytest.mark.parametrize("refusal", [UnknownIntent, NothingChosen, UnknownGroup])
    def test_given_what_cannot_be_decided_then_refused_and_all_stays_open(
        self, db: Database, refusal: type[Exception]
    ) -> None:
        first, second = filled(db)
        intent = "report_nonsense" if refusal is UnknownIntent else "question"
        group = replace(first, id=10**9) if refusal is UnknownGroup else first
        unticked = members(db, first) if refusal is NothingChosen else []

        with pytest.raises(refusal):
            decided(db, group, Verdict(Kind.RELABEL, intent), *unticked)

        assert groups(db) == [first, second]

    def test_given_decided_when_looked_at_again_then_it_stays_decided(self, db: Database) -> None:
        first, second = filled(db)
        decided(db, first, ACCEPT)

        put(db, *(looked(f"a{n}", text, why=(Reason.CORRECTED,)) for n, text in enumerate(ALIKE)))
        put(db, *(Looked(f"a{number}", 1, ()) for number in range(3)))

        assert groups(db) == [second]

    def test_given_decided_when_said_again_later_then_a_new_row(self, db: Database) -> None:
        first, _ = filled(db)
        decided(db, first, ACCEPT)
        talk(db, "later", STORY)

        put(db, looked("later", STORY))

        assert [one.size for one in groups(db)] == [1, 1]
        assert first.id not in [one.id for one in groups(db)]


class TestUndoing:
    def test_given_a_decision_when_undone_then_all_stands_as_before(self, db: Database) -> None:
        before = filled(db)
        made = decided(db, before[0], RELABEL)

        with db.write() as uow:
            undo_last(uow, made.id, TIM, NOW)
            uow.commit()

        assert groups(db) == before
        with db.read() as uow:
            assert uow.reviews.last_decision("s-tim") is None
            kept = uow.reviews.decision(made.id)
        assert kept is not None
        assert (kept.undone_by, kept.undone_at) == ("s-tim", NOW)
        talk(db, "later", STORY)
        put(db, looked("later", STORY))
        assert groups(db)[0].size == 4

    def test_given_another_person_or_an_older_decision_then_refused(self, db: Database) -> None:
        first, second = filled(db)
        made = decided(db, first, RELABEL)
        decided(db, second, ACCEPT)

        for by in (TIM, LUZ):
            with db.write() as uow, pytest.raises(NothingToUndo):
                undo_last(uow, made.id, by, NOW)

    def test_given_an_example_was_made_then_the_decision_says_so(self, db: Database) -> None:
        first, _ = filled(db)
        made = decided(db, first, RELABEL)

        with db.write() as uow:
            uow.reviews.became_example(made.id, NOW)
            uow.commit()
            kept = uow.reviews.decision(made.id)

        assert kept is not None
        assert kept.example_at == NOW


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
