"""How a case goes on and ends: progress, closing, opening again, broken promises."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from amends.cases import promising
from amends.cases import use_cases as cases
from amends.cases.details import Detail
from amends.cases.errors import CaseClosed, UnknownCase
from amends.cases.model import Case, CaseStatus, NextStep, PromiseState
from amends.storage import SqlUnitOfWork
from amends.storage.tables.outbox import OutboxRow
from tests.support.shop import NOW, Shop

Step = Callable[[SqlUnitOfWork, Case], object]


def announced(shop: Shop, topic: str) -> list[str]:
    with shop.db.read() as uow:
        rows = uow.outbox._session.query(OutboxRow).filter_by(topic=topic).all()
        return [row.key for row in rows]


class TestProgressAndClosing:
    def test_given_progress_when_set_then_owner_and_next_step_are_never_lost(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        case = chat.complains()

        with shop.write() as uow:
            with_ana = cases.set_progress(
                uow, case.id, CaseStatus.WITH_STAFF, NextStep.STAFF_ANSWERS, NOW, owner="s-ana"
            )
            cases.set_progress(uow, case.id, CaseStatus.WITH_STAFF, NextStep.STAFF_ANSWERS, NOW)

        assert chat.case == with_ana
        assert (with_ana.owner, with_ana.next_step) == ("s-ana", "staff_answers")
        assert chat.timeline == ["complained", "progress"], "no change, no entry"

    def test_given_a_withdrawn_case_when_asked_then_it_stays_in_the_books(self, shop: Shop) -> None:
        chat = shop.chat()
        case = chat.complains()

        with shop.write() as uow:
            cases.withdraw(uow, case.id, NOW)

        assert chat.case.status is CaseStatus.WITHDRAWN
        assert (chat.case.outcome, chat.case.closed_at) == ("withdrawn", NOW)
        assert chat.case.next_step == NextStep.NOTHING
        assert len(announced(shop, "case.closed")) == 1

    def test_given_a_case_that_was_opened_again_when_closed_then_that_is_another_event(
        self, shop: Shop
    ) -> None:
        case = shop.chat().complains()

        with shop.write() as uow:
            cases.withdraw(uow, case.id, NOW)
            cases.reopen(uow, case.id, "customer", NOW)
            cases.resolve(uow, case.id, "remedy_accepted", "customer", NOW + timedelta(hours=1))

        assert len(announced(shop, "case.closed")) == 2

    def test_given_an_open_promise_when_resolved_then_the_next_step_is_to_keep_it(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        case = chat.complains()

        with shop.write() as uow:
            made = promising.promise(uow, case, "refund", NOW + timedelta(days=5), "bot", NOW)
            cases.resolve(uow, case.id, "remedy_accepted", "customer", NOW)

        assert chat.case.next_step == NextStep.REMEDY_IS_ISSUED
        with shop.db.read() as uow:
            assert uow.promises.of_case(case.id) == [made]
        assert chat.timeline == ["complained", "promised", "closed"]

    @pytest.mark.parametrize(
        "step",
        [
            lambda uow, case: cases.withdraw(uow, case.id, NOW),
            lambda uow, case: cases.resolve(uow, case.id, "explained", "s-ana", NOW),
            lambda uow, case: cases.record_details(uow, case.id, {Detail.ITEM: "lamp"}, NOW),
            lambda uow, case: cases.set_progress(
                uow, case.id, CaseStatus.OPEN, NextStep.CUSTOMER_ANSWERS, NOW
            ),
        ],
    )
    def test_given_a_closed_case_when_anything_is_tried_then_it_is_refused(
        self, shop: Shop, step: Step
    ) -> None:
        chat = shop.chat()
        case = chat.complains()
        with shop.write() as uow:
            cases.resolve(uow, case.id, "remedy_accepted", "customer", NOW)
        closed = chat.case

        with shop.db.write() as uow, pytest.raises(CaseClosed, match=case.number):
            step(uow, case)

        assert chat.case == closed

    def test_given_no_such_case_when_asked_then_the_refusal_names_it(self, shop: Shop) -> None:
        with shop.db.read() as uow, pytest.raises(UnknownCase, match="k-unknown"):
            cases.case_of(uow, "k-unknown")


class TestCurrentCase:
    def test_given_a_closed_and_an_open_case_when_asked_then_the_open_one_is_on_the_table(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        closed = chat.complains()
        with shop.write() as uow:
            cases.withdraw(uow, closed.id, NOW)
            assert cases.current_case(uow, chat.id) is None
            latest = cases.latest_case(uow, chat.id)
        opened = chat.complains()

        with shop.db.read() as uow:
            assert cases.current_case(uow, chat.id) == opened
        assert latest is not None
        assert latest.id == closed.id


class TestBreakPromise:
    def test_given_an_open_promise_when_broken_then_noted_and_announced_once(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        case = chat.complains()
        with shop.write() as uow:
            made = promising.promise(uow, case, "refund", NOW, "bot", NOW)

        with shop.write() as uow:
            broken = [promising.break_promise(uow, case, made, NOW) for _ in range(2)]

        assert broken == [True, False]
        assert chat.timeline == ["complained", "promised", "promise_broken"]
        assert announced(shop, "promise.broken") == [made.id]

    def test_given_a_promise_that_was_kept_when_its_time_passes_then_it_stays_kept(
        self, shop: Shop
    ) -> None:
        case = shop.chat().complains()
        with shop.write() as uow:
            made = promising.promise(uow, case, "refund", NOW, "bot", NOW)
            uow.promises.set_state(made.id, PromiseState.KEPT, NOW)

        with shop.write() as uow:
            assert not promising.break_promise(uow, case, made, NOW + timedelta(days=1))

        assert announced(shop, "promise.broken") == []
