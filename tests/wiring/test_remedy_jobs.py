"""Remedies, offers and promises without anybody writing: once, whatever fails and in any order."""

import tempfile
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.cases.model import PromiseState
from amends.compensation import use_cases as compensation
from amends.compensation.issuing import Recorded
from amends.compensation.ledger import OFFER_STANDS
from amends.compensation.model import Instruction, Remedy, Report, Step
from amends.conversations.model import Mode
from amends.handoff import use_cases as handoff
from amends.wiring import jobs, notices
from amends.wiring.jobs import JOBS, Down
from amends.wiring.payments import SimulatedPayments
from tests.support.shop import NOW, Chat, Shop, open_shop
from tests.wiring.steps import accepted, announced, promises, remedies, told

pytestmark = pytest.mark.usefixtures("log")


class TestIssueRemedies:
    def test_given_accepted_remedies_when_run_then_each_is_carried_out_told_and_kept(
        self, shop: Shop
    ) -> None:
        chat = accepted(shop, "cus-collins")
        due = remedies(shop, chat.case)

        assert jobs.issue_remedies(shop.app) == len(due)
        assert jobs.issue_remedies(shop.app) == 0

        assert {one.state for one in remedies(shop, chat.case)} == {Step.SETTLED}
        assert promises(shop, chat.case) == {PromiseState.KEPT: len(due)}
        assert sorted(announced(shop, "remedy.issued")) == sorted(one.id for one in due)
        for reference in shop.till.done.values():
            assert told(chat, reference) == 1

    def test_given_a_guest_when_told_then_no_code_or_reference_is_shown(self, shop: Shop) -> None:
        chat = accepted(shop)

        jobs.issue_remedies(shop.app)

        assert told(chat, "Done:") == len(shop.till.done)
        assert not [ref for ref in shop.till.done.values() if told(chat, ref)]

    def test_given_the_system_refuses_when_run_then_a_person_is_asked_and_the_promise_stays(
        self, shop: Shop
    ) -> None:
        chat = accepted(shop)
        count = len(remedies(shop, chat.case))
        shop.till.faults = ["refuse"]

        jobs.issue_remedies(shop.app)
        jobs.issue_remedies(shop.app)

        assert Counter(one.state for one in remedies(shop, chat.case)) == {
            Step.FAILED: 1, Step.SETTLED: count - 1,
        }  # fmt: skip
        assert promises(shop, chat.case)[PromiseState.OPEN] == 1
        assert told(chat, "could not be carried out") == 1
        assert chat.conversation.mode is Mode.WAITING

    def test_given_one_remedy_fails_when_run_then_the_others_are_not_held_up(
        self, shop: Shop
    ) -> None:
        chat = accepted(shop)
        count = len(remedies(shop, chat.case))
        shop.till.faults = ["before"]

        assert jobs.issue_remedies(shop.app) == count - 1

        assert jobs.issue_remedies(shop.app) == 0, "it waits"
        shop.clock.forward(seconds=2)
        assert jobs.issue_remedies(shop.app) == 1

    def test_given_two_processes_when_both_carry_it_out_then_one_writes_and_tells(
        self, shop: Shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        chat = accepted(shop, "cus-collins")
        remedy = remedies(shop, chat.case)[0]
        pay = shop.till.issue

        def overtaken(asked: Instruction) -> Report:
            monkeypatch.setattr(shop.till, "issue", pay)
            assert jobs._issue(shop.app, Down(), asked.remedy.id), "the other process is faster"
            return pay(asked)

        monkeypatch.setattr(shop.till, "issue", overtaken)

        assert not jobs._issue(shop.app, Down(), remedy.id)
        assert told(chat, "Done:") == 1
        assert not jobs._issue(shop.app, Down(), remedy.id), "long done"

    def test_given_the_payment_system_is_slow_when_asked_then_no_transaction_is_open(
        self, shop: Shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        chat = accepted(shop)
        pay = shop.till.issue

        def slow(instruction: Instruction) -> Report:
            chat.says("I can still write")  # SQLite has one writer: it must be free
            return pay(instruction)

        monkeypatch.setattr(shop.till, "issue", slow)

        assert jobs.issue_remedies(shop.app) == len(shop.till.done) > 0

    @settings(max_examples=12, deadline=None)
    @given(
        st.lists(st.sampled_from([None, "before", "after", "refuse"]), max_size=8),
        st.lists(
            st.sampled_from(["issue_remedies", "expire_offers", "mark_broken_promises"]),
            min_size=1,
            max_size=5,
        ),
    )
    def test_given_any_failures_and_any_order_of_jobs_when_run_then_each_remedy_once(
        self, faults: list[str | None], order: list[str]
    ) -> None:
        work = {job.name: job.run for job in JOBS}
        with tempfile.TemporaryDirectory() as folder:
            shop = open_shop(Path(folder))
            chat = accepted(shop, "cus-collins")
            shop.till.faults = list(faults)

            for name in order:
                work[name](shop.app)
                shop.clock.forward(hours=9)
            shop.till.faults = []
            jobs.issue_remedies(shop.app)

            settled = {one.id for one in remedies(shop, chat.case) if one.state is Step.SETTLED}
            states = {one.state for one in remedies(shop, chat.case)}
            assert states <= {Step.SETTLED, Step.FAILED}
            assert settled == set(shop.till.done)
            assert set(announced(shop, "remedy.issued")) == settled
            assert all(len(codes) == 1 for codes in shop.till.codes.values()), "one code each"
            assert all(told(chat, reference) == 1 for reference in shop.till.done.values())
            assert promises(shop, chat.case)[PromiseState.KEPT] <= len(settled)
            shop.db.close()


class TestExpireOffers:
    def test_given_an_offer_when_its_time_is_over_then_it_expires_once(self, shop: Shop) -> None:
        chat = shop.chat()
        case = chat.complains()
        with shop.write() as uow:
            compensation.decide_case(uow, shop.policy, case.id, NOW)

        assert jobs.expire_offers(shop.app) == 0
        shop.clock.now = NOW + OFFER_STANDS + timedelta(seconds=1)
        assert jobs.expire_offers(shop.app) == 1
        assert jobs.expire_offers(shop.app) == 0
        assert {one.state for one in remedies(shop, case)} == {Step.EXPIRED}


class TestMarkBrokenPromises:
    def test_given_an_overdue_promise_when_run_then_broken_once_and_a_person_is_on_it(
        self, shop: Shop
    ) -> None:
        chat = accepted(shop)
        overdue = len(remedies(shop, chat.case))
        shop.clock.forward(days=30)

        assert jobs.mark_broken_promises(shop.app) == overdue
        assert jobs.mark_broken_promises(shop.app) == 0

        assert promises(shop, chat.case) == {PromiseState.BROKEN: overdue}
        assert len(announced(shop, "promise.broken")) == overdue
        assert chat.timeline.count("promise_broken") == overdue
        with shop.db.read() as uow:
            (asked,) = uow.handoffs.of_conversation(chat.id)
        assert asked.reasons == ("promise_broken",)

    def test_given_a_promise_is_due_this_moment_when_run_then_it_may_still_be_kept(
        self, shop: Shop
    ) -> None:
        chat = accepted(shop)
        with shop.db.read() as uow:
            first = min(one.due_at for one in uow.promises.of_case(chat.case.id))
        shop.clock.now = first

        assert jobs.mark_broken_promises(shop.app) == 0

    def test_given_a_customer_who_withdrew_when_time_passes_then_nobody_calls_them_back(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        chat.complains()
        with shop.write() as uow:
            handoff.request(uow, shop.thresholds, chat.id, ("customer_asked",), NOW)
            handoff.cancel(uow, chat.id, NOW)
        shop.clock.forward(hours=2)

        assert jobs.mark_broken_promises(shop.app) == 0
        assert chat.conversation.mode is Mode.BOT

    def test_given_a_kept_promise_when_time_passes_then_it_stays_kept(self, shop: Shop) -> None:
        chat = accepted(shop)
        jobs.issue_remedies(shop.app)
        shop.clock.forward(days=30)

        assert jobs.mark_broken_promises(shop.app) == 0
        assert set(promises(shop, chat.case)) == {PromiseState.KEPT}


class TestSimulatedPayments:
    def test_given_a_remedy_when_issued_twice_then_the_same_reference(self, shop: Shop) -> None:
        remedy, another, *_ = remedies(shop, accepted(shop).case)
        one, other = Instruction(remedy, "AM-1"), Instruction(another, "AM-1")
        pay = SimulatedPayments()

        assert pay.issue(one) == pay.issue(one)
        assert pay.issue(one) != pay.issue(other)


def settled(remedy: Remedy, chat: Chat) -> Recorded:
    return Recorded(remedy, chat.case, Report(Step.SETTLED, "REF-1"), (Step.SETTLED,))


def test_given_a_language_without_texts_when_told_then_english_is_used(shop: Shop) -> None:
    chat = accepted(shop)
    remedy = remedies(shop, chat.case)[0]
    talk = replace(chat.conversation, language="xx", customer_id="cus-collins")

    draft = notices.carried_out(settled(remedy, chat), talk)

    assert "REF-1" in draft.text
    assert remedy.title["en"] in draft.text


def test_given_a_chinese_chat_when_a_remedy_is_told_then_in_chinese(shop: Shop) -> None:
    chat = accepted(shop)
    remedy = remedies(shop, chat.case)[0]
    talk = replace(chat.conversation, language="zh", customer_id="cus-collins")

    draft = notices.carried_out(settled(remedy, chat), talk)

    assert draft.text == f"已办妥：{remedy.title['zh']}。参考编号：REF-1。"


class TestRest:
    def test_given_time_to_take_it_back_then_nothing_goes_out_before_it_is_over(
        self, shop: Shop
    ) -> None:
        shop.app = replace(
            shop.app, settings=shop.app.settings.model_copy(update={"take_back_seconds": 60})
        )
        accepted(shop)

        shop.clock.forward(seconds=62)
        jobs.issue_remedies(shop.app)
        assert shop.till.done == {}

        shop.clock.forward(seconds=4)
        jobs.issue_remedies(shop.app)
        assert shop.till.done
