"""A promise that is not kept in time gets a new date; what was late stays late."""

import pytest

from amends.cases.model import PromiseState
from amends.conversations.model import Role
from amends.handoff.next_steps import StepKind, next_steps
from amends.handoff.queue import summary
from amends.wiring import jobs
from tests.handoff.approval_steps import SAM
from tests.handoff.new_date_steps import (
    WHY,
    give,
    holding,
    overdue,
    owed,
    settle,
)
from tests.support.shop import ANA, Shop
from tests.wiring.steps import announced, entries, pending, promises, remedies


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
