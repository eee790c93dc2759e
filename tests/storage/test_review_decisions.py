"""Decisions on the review queue in the database: each holds once, and can be undone."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

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
from amends.training.review.model import Decision, Kind, Looked, Query, Reason, Verdict
from tests.storage.review_steps import (
    ACCEPT,
    ALIKE,
    LUZ,
    RELABEL,
    TIM,
    decided,
    filled,
    groups,
    looked,
    members,
    put,
    talk,
    with_staff,
)
from tests.storage.samples import NOW
from tests.training.review.samples import STORY


@pytest.fixture
def db(db: Database) -> Database:
    return with_staff(db)


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
