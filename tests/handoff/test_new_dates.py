"""A promise that is not kept in time gets a new date; what was late stays late."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from amends.cases.model import CaseStatus, Promise, PromiseState
from amends.compensation import issuing
from amends.compensation.model import Report, Step
from amends.conversations.model import Role
from amends.handoff import new_dates
from amends.handoff import use_cases as handoff
from amends.handoff.errors import DateRefused, NoReason, NotAllowed, WhyNoDate
from amends.handoff.hours import ALWAYS_OPEN, Hours, Span
from amends.handoff.model import StaffMember, StaffRole
from amends.handoff.next_steps import StepKind, next_steps
from amends.handoff.queue import summary
from amends.wiring import jobs
from tests.handoff.approval_steps import LUZ, SAM
from tests.support.shop import ANA, BEN, Chat, Shop
from tests.wiring.steps import accepted, announced, entries, pending, promises, remedies

TRAINER = StaffMember("s-tim", "tim", "Tim", StaffRole.TRAINER)
WHY = "The carrier has lost the parcel"


def owed(shop: Shop, chat: Chat) -> Promise:
    """The promise of a remedy that is due last, as it holds now."""
    return max(holding(shop, chat), key=lambda one: one.due_at)


def holding(shop: Shop, chat: Chat) -> list[Promise]:
    """The promises of remedies that have no new date."""
    with shop.db.read() as uow:
        found = uow.promises.of_case(chat.case.id)
    moved = {one.replaces for one in found}
    return [one for one in found if one.remedy_id and one.id not in moved]


def settle(shop: Shop, chat: Chat) -> None:
    """The refund system says that all is done."""
    with shop.write() as uow:
        for remedy in remedies(shop, chat.case):
            done = Report(Step.SETTLED, reference="P-1")
            issuing.record(uow, remedy.id, done, shop.clock())


def give(
    shop: Shop,
    chat: Chat,
    promise: Promise | None = None,
    staff: StaffMember = ANA,
    reason: str = WHY,
    **span: float,
) -> Promise:
    """Give the promise (plainly: the one that holds) a date so far from now."""
    due_at = shop.clock() + timedelta(**(span or {"days": 10}))
    promise_id = (promise or owed(shop, chat)).id
    with shop.write() as uow:
        hours, case_id = shop.thresholds.hours, chat.case.id
        return new_dates.give(uow, hours, promise_id, case_id, due_at, reason, staff, shop.clock())


def refused(shop: Shop, chat: Chat, *args: object, **facts: object) -> WhyNoDate:
    with pytest.raises(DateRefused) as refusal:
        give(shop, chat, *args, **facts)  # type: ignore[arg-type]
    return refusal.value.why


def overdue(shop: Shop, customer: str | None = None) -> Chat:
    """A chat whose accepted remedies the refund system has not settled in time."""
    chat, _ = pending(shop, customer)
    shop.clock.forward(days=8)
    jobs.mark_broken_promises(shop.app)
    return chat


class TestGiving:
    def test_given_an_overdue_promise_then_it_stays_broken_and_another_one_holds(
        self, shop: Shop
    ) -> None:
        chat = overdue(shop)
        before, broken = owed(shop, chat), promises(shop, chat.case)[PromiseState.BROKEN]

        made = give(shop, chat)

        assert made.replaces == before.id
        assert (made.what, made.remedy_id, made.made_by) == (before.what, before.remedy_id, ANA.id)
        assert owed(shop, chat) == made
        assert promises(shop, chat.case)[PromiseState.BROKEN] == broken
        (entry,) = entries(shop, chat, "promise_moved")
        assert (entry.actor, entry.data["reason"]) == (ANA.id, WHY)
        assert entry.data["was_due_at"] == before.due_at.isoformat()
        assert announced(shop, "promise.moved") == [made.id]

    def test_given_a_promise_still_to_come_when_moved_then_it_is_broken_now(
        self, shop: Shop
    ) -> None:
        chat, _ = pending(shop)
        before = owed(shop, chat)

        give(shop, chat, days=12)

        with shop.db.read() as uow:
            ended = next(p for p in uow.promises.of_case(chat.case.id) if p.id == before.id)
        assert (ended.state, ended.ended_at) == (PromiseState.BROKEN, shop.clock())
        assert announced(shop, "promise.broken") == [before.id]

    def test_given_a_moved_promise_when_kept_in_its_new_time_then_one_is_kept_and_one_broken(
        self, shop: Shop
    ) -> None:
        chat, _ = pending(shop)
        others = len(remedies(shop, chat.case)) - 1
        give(shop, chat, days=12)
        shop.clock.forward(days=11)
        settle(shop, chat)

        counted = promises(shop, chat.case)

        assert counted == {PromiseState.KEPT: 1, PromiseState.BROKEN: 1 + others}

    def test_given_the_new_date_passes_too_then_it_is_broken_and_a_person_is_asked(
        self, shop: Shop
    ) -> None:
        chat = overdue(shop)
        made = give(shop, chat, days=2)
        shop.clock.forward(days=3)

        assert jobs.mark_broken_promises(shop.app) > 0

        assert made.id in announced(shop, "promise.broken")

    def test_given_a_new_date_then_nobody_is_told_to_own_up_to_the_earlier_one(
        self, shop: Shop
    ) -> None:
        chat = overdue(shop)

        def steps() -> set[StepKind]:
            with shop.db.read() as uow:
                found = uow.handoffs.open_of(chat.id)
                assert found is not None
                known = summary(uow, found.id)
            return {one.kind for one in next_steps(known, None, (), shop.clock())}

        assert StepKind.OWN_UP in steps()
        for late in holding(shop, chat):
            give(shop, chat, late)

        assert StepKind.OWN_UP not in steps()


class TestTelling:
    @pytest.mark.parametrize(
        ("language", "said"),
        [
            ("en", ("by 9 March: ", "We have not kept that, and we are sorry", "14 March, 10:00")),
            ("zh", ("在3月9日前办妥：", "这一点没有做到，非常抱歉", "3月14日星期六10:00")),
        ],
    )
    def test_given_a_late_promise_then_the_customer_reads_both_times_in_their_language(
        self, shop: Shop, language: str, said: tuple[str, ...]
    ) -> None:
        chat = overdue(shop)
        with shop.write() as uow:
            uow.conversations.set_language(chat.id, language)

        made = give(shop, chat, days=2)

        notice = chat.log[-1]
        assert [part for part in said if part not in notice.text] == []
        assert notice.card is not None
        assert notice.card["lines"][0]["due_at"] == made.due_at.isoformat()

    def test_given_a_promise_still_to_come_then_it_says_that_it_will_not_be_kept(
        self, shop: Shop
    ) -> None:
        chat, _ = pending(shop)

        give(shop, chat)

        assert "We will not keep that, and we are sorry." in chat.log[-1].text

    def test_given_a_second_new_date_then_the_earlier_one_is_named_with_its_hour(
        self, shop: Shop
    ) -> None:
        chat = overdue(shop)
        give(shop, chat, days=2)

        give(shop, chat, staff=SAM, days=4)

        assert "by Saturday, 14 March, 10:00" in chat.log[-1].text

    def test_given_a_customer_who_waits_then_the_notice_is_no_answer(self, shop: Shop) -> None:
        chat = overdue(shop)
        chat.says("Where is it?")

        give(shop, chat)

        assert chat.log[-1].role is Role.SYSTEM
        with shop.db.read() as uow:
            waiting = uow.handoffs.open_of(chat.id)
        assert waiting is not None
        assert waiting.first_answer_at is None


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
