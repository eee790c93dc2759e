"""What is stored of models, on both databases: promotions, work, and what each engine serves."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from amends.storage import Database
from amends.training.promotion import use_cases
from amends.training.promotion.errors import (
    NothingToRollBackTo,
    PromotionOutdated,
    PromotionRefused,
    ReasonNeeded,
    UnknownModel,
    WorkUnderWay,
)
from amends.training.promotion.model import PromotionKind, Serving, StepState, WorkState
from amends.training.promotion.use_cases import LEASE, MOST_ATTEMPTS
from tests.storage.threads import at_once
from tests.training.promotion.samples import NOW, RULES, examination, figure, step


def promote(db: Database, model: str, live: str, reason: str = "", read: int | None = None) -> int:
    with db.write() as uow:
        made = use_cases.promote(uow, RULES, model, live, reason, "s-ana", NOW, read)
        uow.commit()
        return made.number


def roll_back(db: Database, *kept: str) -> str:
    with db.write() as uow:
        made = use_cases.roll_back(uow, kept, "s-ana", NOW)
        uow.commit()
        return made.model


def examined(db: Database, *figures: object, **changes: object) -> None:
    with db.write() as uow:
        uow.models.add_examination(examination(*figures, **changes))  # type: ignore[arg-type]
        uow.commit()


class TestPromotions:
    def test_given_an_examined_model_then_it_is_promoted_and_the_record_is_named(
        self, db: Database
    ) -> None:
        examined(db)

        number = promote(db, "amends-new", "amends-old")

        with db.read() as uow:
            (latest,) = uow.models.promotions()
        assert latest.number == number == 1
        assert (latest.model, latest.replaced) == ("amends-new", "amends-old")
        assert latest.examination == "x1"
        assert latest.kind is PromotionKind.PROMOTE

    def test_given_a_model_never_examined_then_only_a_reason_lets_it_through(
        self, db: Database
    ) -> None:
        with pytest.raises(ReasonNeeded, match="never examined"):
            promote(db, "amends-new", "amends-old", reason="  ")

        assert promote(db, "amends-new", "amends-old", reason="Copied from the test machine") == 1

    def test_given_a_refused_one_then_no_reason_helps(self, db: Database) -> None:
        examined(db, steps=(step("validation", StepState.FAILED),))

        with pytest.raises(PromotionRefused, match="validation failed"):
            promote(db, "amends-new", "amends-old", reason="I want it")

    def test_given_the_last_examination_then_it_counts_and_not_an_earlier_one(
        self, db: Database
    ) -> None:
        examined(db, figure("category_accuracy", 0.1, 0.9))
        examined(db, id="x2", at=NOW + timedelta(minutes=1))

        assert promote(db, "amends-new", "amends-old") == 1

    def test_given_a_promotion_meanwhile_then_one_who_has_not_seen_it_is_told(
        self, db: Database
    ) -> None:
        promote(db, "a", "live", reason="first", read=0)

        with pytest.raises(PromotionOutdated):
            promote(db, "b", "live", reason="second", read=0)

        assert promote(db, "b", "a", reason="second", read=1) == 2

    def test_given_rollbacks_then_each_leads_to_what_was_live_before(self, db: Database) -> None:
        promote(db, "b", "a", reason="better")

        assert roll_back(db, "a", "b") == "a"
        assert roll_back(db, "a", "b") == "b"

    def test_given_nothing_promoted_then_there_is_no_way_back(self, db: Database) -> None:
        with pytest.raises(NothingToRollBackTo):
            roll_back(db, "a")

    def test_given_a_model_whose_file_is_gone_then_the_way_back_names_it(
        self, db: Database
    ) -> None:
        promote(db, "b", "a", reason="better")

        with pytest.raises(UnknownModel, match="a"):
            roll_back(db, "b")

    @pytest.mark.parametrize("table", ["model_promotions", "model_examinations"])
    @pytest.mark.parametrize("change", ["UPDATE {} SET model = 'x'", "DELETE FROM {}"])
    def test_given_history_when_rewritten_then_refused(
        self, db: Database, url: str, table: str, change: str
    ) -> None:
        examined(db)
        promote(db, "amends-new", "amends-old")
        engine = create_engine(url)
        try:
            with engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
                connection.execute(text(change.format(table)))
        finally:
            engine.dispose()


class TestWork:
    def ask(self, db: Database, model: str | None = None) -> str:
        with db.write() as uow:
            work = use_cases.ask_for_work(uow, model, 0, "s-ana", NOW)
            uow.commit()
            return work.id

    def claim(self, db: Database, holder: str, minutes: float = 0):  # type: ignore[no-untyped-def]
        with db.write() as uow:
            work = use_cases.claim_work(uow, holder, NOW + timedelta(minutes=minutes))
            uow.commit()
            return work

    def test_given_open_work_then_no_second_is_begun(self, db: Database) -> None:
        self.ask(db)

        with pytest.raises(WorkUnderWay):
            self.ask(db)

    def test_given_ended_work_then_the_next_may_begin(self, db: Database) -> None:
        self.ask(db)
        work = self.claim(db, "g1")
        with db.write() as uow:
            assert uow.model_work.save(use_cases.ended(work, WorkState.DONE, NOW))
            uow.commit()

        self.ask(db)

    def test_given_two_gateways_then_one_of_them_has_it(self, db: Database) -> None:
        self.ask(db)

        found = at_once(lambda number: self.claim(db, f"g{number}"))

        assert sum(one is not None for one in found) == 1

    def test_given_a_lease_that_lapsed_then_another_begins_anew(self, db: Database) -> None:
        self.ask(db)
        first = self.claim(db, "g1")
        assert self.claim(db, "g2") is None

        second = self.claim(db, "g2", minutes=LEASE.total_seconds() / 60)

        assert second.attempts == 2
        with db.write() as uow:
            assert not uow.model_work.save(replace(first, steps=(step("training"),)))
            assert uow.model_work.save(replace(second, steps=(step("training"),)))
            uow.commit()
        with db.read() as uow:
            stored = uow.model_work.latest()
        assert stored is not None
        assert stored.steps == (step("training"),)

    def test_given_work_that_ends_its_process_again_and_again_then_it_is_given_up(
        self, db: Database
    ) -> None:
        work_id = self.ask(db)
        for minutes in range(MOST_ATTEMPTS):
            assert self.claim(db, "g1", minutes)

        assert self.claim(db, "g1", MOST_ATTEMPTS) is None

        with db.read() as uow:
            stored = uow.model_work.get(work_id)
        assert stored is not None
        assert stored.state is WorkState.FAILED
        assert "memory" in stored.error

    def test_given_work_that_waits_when_cancelled_then_it_has_ended(self, db: Database) -> None:
        work_id = self.ask(db)

        with db.write() as uow:
            assert uow.model_work.cancel(work_id, NOW)
            uow.commit()

        assert self.claim(db, "g1") is None
        with db.read() as uow:
            stored = uow.model_work.get(work_id)
        assert stored is not None
        assert stored.state is WorkState.CANCELLED

    def test_given_work_under_way_when_cancelled_then_its_holder_is_asked_to_stop(
        self, db: Database
    ) -> None:
        work_id = self.ask(db)
        self.claim(db, "g1")

        with db.write() as uow:
            assert uow.model_work.cancel(work_id, NOW)
            uow.commit()

        with db.read() as uow:
            stored = uow.model_work.get(work_id)
        assert stored is not None
        assert stored.cancel_wanted
        assert stored.state is WorkState.RUNNING


class TestServing:
    def test_given_two_words_of_one_engine_then_the_last_one_holds(self, db: Database) -> None:
        first = Serving("http://engine", "a", "b", "it is broken", NOW)
        with db.write() as uow:
            uow.model_serving.save(first)
            uow.model_serving.save(replace(first, model="b", error=""))
            uow.commit()

        with db.read() as uow:
            assert uow.model_serving.all() == [replace(first, model="b", error="")]
