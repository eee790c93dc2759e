"""Who may give a promise a new date, of what, and how far ahead."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from amends.cases.model import CaseStatus, PromiseState
from amends.handoff import new_dates
from amends.handoff import use_cases as handoff
from amends.handoff.errors import NoReason, NotAllowed, WhyNoDate
from amends.handoff.hours import ALWAYS_OPEN, Hours, Span
from amends.handoff.model import StaffMember
from amends.wiring import jobs
from tests.handoff.approval_steps import LUZ, SAM
from tests.handoff.new_date_steps import (
    TRAINER,
    give,
    overdue,
    owed,
    refused,
    settle,
)
from tests.support.shop import BEN, Shop
from tests.wiring.steps import accepted, announced, pending, remedies


class TestWho:
    def test_given_a_role_that_edits_no_cases_then_refused(self, shop: Shop) -> None:
        chat = overdue(shop)

        with pytest.raises(NotAllowed):
            give(shop, chat, staff=TRAINER)

    @pytest.mark.parametrize("staff", [SAM, LUZ])
    def test_given_a_promise_moved_before_then_the_next_date_is_for_those_who_approve(
        self, shop: Shop, staff: StaffMember
    ) -> None:
        chat = overdue(shop)
        give(shop, chat, days=2)

        assert refused(shop, chat, days=4) is WhyNoDate.SUPERVISOR

        assert give(shop, chat, staff=staff, days=4).made_by == staff.id

    def test_given_a_colleague_has_the_chat_then_only_who_approves_speaks_into_it(
        self, shop: Shop
    ) -> None:
        chat = overdue(shop)
        with shop.write() as uow:
            found = uow.handoffs.open_of(chat.id)
            assert found is not None
            handoff.claim(uow, found.id, BEN, shop.clock())

        assert refused(shop, chat) is WhyNoDate.COLLEAGUE

        give(shop, chat, staff=SAM)


class TestWhat:
    def test_given_what_was_carried_out_in_time_then_refused(self, shop: Shop) -> None:
        chat = accepted(shop)
        jobs.issue_remedies(shop.app)

        assert refused(shop, chat) is WhyNoDate.KEPT

    def test_given_what_was_carried_out_late_then_refused(self, shop: Shop) -> None:
        chat = overdue(shop)
        settle(shop, chat)

        assert refused(shop, chat) is WhyNoDate.DONE

    def test_given_what_could_not_be_carried_out_then_refused(self, shop: Shop) -> None:
        chat = accepted(shop)
        shop.till.faults = ["refuse"] * len(remedies(shop, chat.case))
        jobs.issue_remedies(shop.app)

        assert refused(shop, chat) is WhyNoDate.FAILED

    def test_given_a_promise_that_has_a_new_date_then_refused(self, shop: Shop) -> None:
        chat = overdue(shop)
        before = owed(shop, chat)
        give(shop, chat)

        assert refused(shop, chat, before, SAM) is WhyNoDate.MOVED

    def test_given_an_answer_by_a_person_then_refused(self, shop: Shop) -> None:
        chat = shop.chat()
        case = chat.complains()
        with shop.write() as uow:
            handoff.request(uow, shop.thresholds, chat.id, ("customer_asked",), shop.clock())
        with shop.db.read() as uow:
            (answer,) = uow.promises.of_case(case.id)

        assert refused(shop, chat, answer) is WhyNoDate.ANSWER

    def test_given_a_withdrawn_case_then_refused(self, shop: Shop) -> None:
        chat = overdue(shop)
        with shop.write() as uow:
            uow.cases.save(replace(chat.case, status=CaseStatus.WITHDRAWN))

        assert refused(shop, chat) is WhyNoDate.WITHDRAWN

    def test_given_an_acceptance_taken_back_then_refused(self, shop: Shop) -> None:
        chat = accepted(shop)
        promise = owed(shop, chat)
        with shop.write() as uow:
            uow.promises.set_state(promise.id, PromiseState.RELEASED, shop.clock())

        assert refused(shop, chat, promise) is WhyNoDate.RELEASED

    def test_given_a_promise_of_another_case_then_refused(self, shop: Shop) -> None:
        other = owed(shop, overdue(shop))
        chat = shop.chat()
        chat.complains()

        assert refused(shop, chat, other) is WhyNoDate.UNKNOWN


class TestWhen:
    @pytest.mark.parametrize(
        ("span", "why"),
        [
            ({"seconds": 0}, WhyNoDate.PAST),
            ({"days": -1}, WhyNoDate.PAST),
            ({"days": 30, "seconds": 1}, WhyNoDate.TOO_FAR),
        ],
    )
    def test_given_a_date_that_cannot_be_then_refused_and_nothing_is_said(
        self, shop: Shop, span: dict[str, float], why: WhyNoDate
    ) -> None:
        chat = overdue(shop)
        said = len(chat.log)

        assert refused(shop, chat, **span) is why

        assert len(chat.log) == said
        assert announced(shop, "promise.moved") == []

    def test_given_the_last_day_of_thirty_then_it_is_given(self, shop: Shop) -> None:
        give(shop, overdue(shop), days=30)

    def test_given_a_date_before_the_one_promised_then_refused(self, shop: Shop) -> None:
        chat, _ = pending(shop)

        assert refused(shop, chat, days=1) is WhyNoDate.NOT_LATER

    def test_given_no_reason_then_refused(self, shop: Shop) -> None:
        chat = overdue(shop)

        with pytest.raises(NoReason):
            give(shop, chat, reason="  \n ")

    def test_given_an_office_then_the_suggested_date_is_after_a_days_work(self, shop: Shop) -> None:
        office = Hours(ZoneInfo("UTC"), ((Span(540, 1020),),) * 5 + ((),) * 2)
        friday = datetime(2026, 3, 13, 15, 0, 20, tzinfo=UTC)
        chat, _ = pending(shop)
        promise = replace(owed(shop, chat), due_at=friday - timedelta(days=1))

        suggested = new_dates.suggested(promise, office, friday)

        assert suggested == datetime(2026, 3, 16, 15, 1, tzinfo=UTC)

    def test_given_a_promise_still_to_come_then_the_suggested_date_is_after_it(
        self, shop: Shop
    ) -> None:
        chat, _ = pending(shop)
        promise = owed(shop, chat)

        suggested = new_dates.suggested(promise, ALWAYS_OPEN, shop.clock())

        assert suggested == promise.due_at + new_dates.USUAL
