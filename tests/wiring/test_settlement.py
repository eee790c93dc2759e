"""What the refund system says later: books, customer and staff agree, whatever comes when."""

from collections.abc import MutableMapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amends.cases.model import PromiseState
from amends.compensation.issuing import Recorded
from amends.compensation.model import FOLLOWS, Instruction, Remedy, Report, Step
from amends.conversations.model import Mode
from amends.storage.tables.compensation import RemedyStepRow
from amends.wiring import jobs
from tests.storage.samples import decision, offer
from tests.storage.samples import remedy as remedy_of
from tests.support.shop import NOW, Chat, Shop
from tests.wiring.steps import (
    accepted,
    announced,
    entries,
    pending,
    promises,
    reasons,
    remedies,
    told,
)

SETTLED = Report(Step.SETTLED, "PAY-1")
FAILED = Report(Step.FAILED, reason="the card has expired")

Log = list[MutableMapping[str, Any]]


def hear(shop: Shop, remedy: Remedy, report: Report) -> Recorded:
    with shop.write() as uow:
        return shop.app.hear_payment(uow, remedy.id, report, shop.clock())


def steps_of(shop: Shop, remedy: Remedy) -> list[Step]:
    with shop.db.read() as uow:
        rows = uow.ledger._session.query(RemedyStepRow).filter_by(remedy_id=remedy.id).all()
        return sorted((row.step for row in rows), key=list(Step).index)


def one_more(shop: Shop, chat: Chat, *steps: Step) -> Remedy:
    """A remedy in a chat of its own, by hand: the policy settles an order only once."""
    case = chat.complains()
    name = chat.id
    mine = remedy_of(f"r-{name}", case_id=case.id)
    with shop.write() as uow:
        uow.ledger.add_decision(decision(f"d-{name}", case_id=case.id))
        uow.ledger.add_offer(offer(f"o-{name}", mine, case_id=case.id, decision_id=f"d-{name}"))
        for step in steps:
            uow.ledger.add_step(mine.id, step, NOW, "customer", None)
    return mine


class TestPending:
    def test_given_a_remedy_taken_on_when_issued_then_the_promise_stays_open_and_nothing_is_said(
        self, shop: Shop
    ) -> None:
        chat, remedy = pending(shop, "cus-collins")

        assert {one.state for one in remedies(shop, chat.case)} == {Step.ISSUED}
        assert set(promises(shop, chat.case)) == {PromiseState.OPEN}
        assert announced(shop, "remedy.issued") == []
        assert told(chat, "Done:") == 0
        with shop.db.read() as uow:
            assert uow.ledger.reference_of(remedy.id) in shop.till.done.values()

    def test_given_a_remedy_taken_on_when_the_job_runs_again_then_it_is_not_asked_again(
        self, shop: Shop
    ) -> None:
        pending(shop)
        asked = len(shop.till.asked)

        jobs.issue_remedies(shop.app)

        assert len(shop.till.asked) == asked

    def test_given_it_is_settled_later_when_heard_then_kept_announced_and_told_once(
        self, shop: Shop
    ) -> None:
        chat, remedy = pending(shop, "cus-collins")

        first, second = hear(shop, remedy, SETTLED), hear(shop, remedy, SETTLED)

        assert (first.steps, second.steps) == ((Step.SETTLED,), ())
        assert promises(shop, chat.case)[PromiseState.KEPT] == 1
        assert announced(shop, "remedy.issued") == [remedy.id]
        assert told(chat, "Done:") == 1
        assert told(chat, "PAY-1") == 1

    def test_given_no_reference_with_the_callback_when_told_then_that_of_the_first_answer(
        self, shop: Shop
    ) -> None:
        chat, remedy = pending(shop, "cus-collins")

        hear(shop, remedy, Report(Step.SETTLED))

        assert told(chat, shop.till.done[remedy.id]) == 1

    def test_given_a_voucher_when_told_then_its_code_and_not_the_systems_reference(
        self, shop: Shop
    ) -> None:
        chat, _ = pending(shop, "cus-collins")
        voucher = next(one for one in remedies(shop, chat.case) if one.kind == "voucher")

        hear(shop, voucher, SETTLED)

        assert voucher.code is not None
        assert (told(chat, voucher.code), told(chat, "PAY-1")) == (1, 0)

    def test_given_the_callback_is_faster_than_our_note_when_heard_then_nothing_is_done_twice(
        self, shop: Shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        chat = accepted(shop, "cus-collins")
        take_on = shop.till.issue

        def overtaken(instruction: Instruction) -> Report:
            answer = take_on(instruction)
            hear(shop, instruction.remedy, Report(Step.SETTLED, answer.reference))
            return replace(answer, step=Step.ISSUED)

        monkeypatch.setattr(shop.till, "issue", overtaken)
        jobs.issue_remedies(shop.app)

        found = remedies(shop, chat.case)
        assert {one.state for one in found} == {Step.SETTLED}
        assert told(chat, "Done:") == len(found)
        assert steps_of(shop, found[0]) == [
            Step.OFFERED, Step.ACCEPTED, Step.ISSUED, Step.SETTLED,
        ]  # fmt: skip

    def test_given_no_callback_ever_when_the_promise_falls_due_then_broken_and_a_person(
        self, shop: Shop
    ) -> None:
        chat, remedy = pending(shop)
        shop.clock.forward(days=30)

        assert jobs.mark_broken_promises(shop.app) == len(remedies(shop, chat.case))

        assert set(promises(shop, chat.case)) == {PromiseState.BROKEN}
        assert reasons(shop, chat) == [("promise_broken",)]
        assert hear(shop, remedy, SETTLED).steps == (Step.SETTLED,), "late is better than never"
        assert set(promises(shop, chat.case)) == {PromiseState.BROKEN}, "but not in time"


class TestFailed:
    @pytest.mark.parametrize(
        ("language", "words"),
        [("en", "could not be carried out. I have asked a colleague"), ("zh", "未能为您办妥")],
    )
    def test_given_it_fails_later_when_heard_then_a_person_and_the_customer_know(
        self, shop: Shop, language: str, words: str
    ) -> None:
        chat, remedy = pending(shop)
        with shop.write() as uow:
            uow.conversations.set_language(chat.id, language)

        first, second = hear(shop, remedy, FAILED), hear(shop, remedy, FAILED)

        assert (first.steps, second.steps) == ((Step.FAILED,), ())
        assert told(chat, words) == 1
        assert chat.conversation.mode is Mode.WAITING
        assert reasons(shop, chat) == [("refused",)]
        (entry,) = entries(shop, chat, "remedy_failed")
        assert entry.data["reason"] == "the card has expired"

    def test_given_it_fails_when_told_then_no_new_time_and_no_money_is_promised(
        self, shop: Shop
    ) -> None:
        chat, remedy = pending(shop)
        before = promises(shop, chat.case)

        hear(shop, remedy, FAILED)

        assert promises(shop, chat.case) == before, "the promise stays open, no other is made"
        said = chat.log[-1].text.replace(remedy.title["en"], "")
        assert not any(sign.isdigit() for sign in said)

    def test_given_it_fails_when_time_goes_on_then_nothing_is_announced_or_asked_again(
        self, shop: Shop
    ) -> None:
        _, remedy = pending(shop)
        hear(shop, remedy, FAILED)
        asked = len(shop.till.asked)
        shop.clock.forward(hours=9)

        jobs.issue_remedies(shop.app)

        assert len(shop.till.asked) == asked
        assert announced(shop, "remedy.issued") == []


class TestContradiction:
    @pytest.mark.parametrize(("first", "second"), [(SETTLED, FAILED), (FAILED, SETTLED)])
    def test_given_the_opposite_is_said_when_heard_then_refused_and_a_person_looks_once(
        self, shop: Shop, log: Log, first: Report, second: Report
    ) -> None:
        chat, remedy = pending(shop)
        hear(shop, remedy, first)
        before = len(chat.log)

        heard = [hear(shop, remedy, second) for _ in range(3)]

        assert [one.contradicts for one in heard] == [True] * 3
        (stands,) = {one.state for one in remedies(shop, chat.case) if one.id == remedy.id}
        assert stands is first.step
        assert len(entries(shop, chat, "payment_answers_differ")) == 1
        assert len(chat.log) == before, "the customer can do nothing about it"
        (asked,) = reasons(shop, chat)
        assert asked[-1] == "payment_answers_differ"
        errors = [one for one in log if one["event"] == "payments.report.contradicts"]
        assert errors[0]["remedy_id"] == remedy.id
        assert (errors[0]["stands"], errors[0]["said"]) == (first.step, second.step)

    @pytest.mark.parametrize("steps", [(), (Step.DECLINED,), (Step.EXPIRED,)])
    def test_given_a_remedy_nobody_accepted_when_it_is_settled_then_a_person_looks(
        self, shop: Shop, steps: tuple[Step, ...]
    ) -> None:
        chat = shop.chat()

        heard = hear(shop, one_more(shop, chat, *steps), SETTLED)

        assert heard.contradicts
        assert heard.steps == ()
        assert reasons(shop, chat) == [("payment_answers_differ",)]

    @settings(
        max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(st.lists(st.sampled_from([SETTLED, FAILED, Report(Step.ISSUED, "P")]), max_size=6))
    def test_given_any_reports_when_heard_then_steps_are_legal_and_one_end_is_told(
        self, shop: Shop, reports: list[Report]
    ) -> None:
        chat = shop.chat()
        remedy = one_more(shop, chat, Step.ACCEPTED)

        for report in reports:
            hear(shop, remedy, report)

        taken = steps_of(shop, remedy)
        assert all(after in FOLLOWS[before] for before, after in pairwise(taken))
        ends = [step for step in taken if step in (Step.SETTLED, Step.FAILED)]
        assert len(ends) <= 1
        assert told(chat, "Done:") == ends.count(Step.SETTLED)
        assert told(chat, "could not") == ends.count(Step.FAILED)
        assert announced(shop, "remedy.issued").count(remedy.id) == ends.count(Step.SETTLED)
