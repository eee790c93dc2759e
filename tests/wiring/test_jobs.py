"""What happens without anybody writing: once, whatever fails and however often a job runs."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Iterator, MutableMapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from amends.cases.model import Case, PromiseState
from amends.compensation import use_cases as compensation
from amends.compensation.issuing import Issued
from amends.compensation.ledger import OFFER_STANDS
from amends.compensation.model import Remedy, Step
from amends.conversations.model import Draft, Mode, Role
from amends.handoff import use_cases as handoff
from amends.storage.tables.outbox import OutboxRow
from amends.wiring import jobs
from amends.wiring.jobs import JOBS, Job
from amends.wiring.notices import issued as issued_notice
from amends.wiring.payments import SimulatedPayments
from tests.support.shop import NOW, Chat, Shop, open_shop


@pytest.fixture(autouse=True)
def log() -> Iterator[list[MutableMapping[str, Any]]]:
    """Failures are logged with tracebacks, which nobody needs to see rendered here."""
    with capture_logs() as entries:
        yield entries


def accepted(shop: Shop, customer: str | None = None, order: str = "10045") -> Chat:
    """A chat whose offer (a refund, a voucher, a favour) was accepted."""
    chat = shop.chat(customer)
    case = chat.complains(order=order)
    with shop.write() as uow:
        offer = compensation.decide_case(uow, shop.policy, case.id, shop.clock()).offer
        assert offer is not None
        compensation.accept(uow, offer.id, 0, shop.clock())
    return chat


def remedies(shop: Shop, case: Case) -> list[Remedy]:
    with shop.db.read() as uow:
        return [one for offer in uow.ledger.offers_of_case(case.id) for one in offer.remedies]


def promises(shop: Shop, case: Case) -> Counter[PromiseState]:
    with shop.db.read() as uow:
        return Counter(one.state for one in uow.promises.of_case(case.id))


def told(chat: Chat, words: str) -> int:
    return sum(words in message.text for message in chat.log)


def announced(shop: Shop, topic: str) -> list[str]:
    with shop.db.read() as uow:
        return [row.key for row in uow.outbox._session.query(OutboxRow).filter_by(topic=topic)]


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

        assert jobs.issue_remedies(shop.app) == 1

    def test_given_two_processes_when_both_carry_it_out_then_one_writes_and_tells(
        self, shop: Shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        chat = accepted(shop, "cus-collins")
        remedy = remedies(shop, chat.case)[0]
        pay = shop.till.issue

        def overtaken(asked: Remedy) -> str:
            monkeypatch.setattr(shop.till, "issue", pay)
            assert jobs._issue(shop.app, asked.id), "the other process is faster"
            return pay(asked)

        monkeypatch.setattr(shop.till, "issue", overtaken)

        assert not jobs._issue(shop.app, remedy.id)
        assert told(chat, "Done:") == 1
        assert not jobs._issue(shop.app, remedy.id), "long done"

    def test_given_the_payment_system_is_slow_when_asked_then_no_transaction_is_open(
        self, shop: Shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        chat = accepted(shop)
        pay = shop.till.issue

        def slow(remedy: Remedy) -> str:
            chat.says("I can still write")  # SQLite has one writer: it must be free
            return pay(remedy)

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


def asked_something(shop: Shop) -> Chat:
    chat = shop.chat()
    chat.complains()
    with shop.write() as uow:
        uow.conversations.append(chat.id, Draft(Role.BOT, "And what would help?"), shop.clock())
    return chat


class TestMeetSilence:
    def test_given_an_unanswered_question_when_silent_then_one_reminder_and_no_second(
        self, shop: Shop
    ) -> None:
        chat = asked_something(shop)

        assert jobs.meet_silence(shop.app) == 0
        for _ in range(6):
            shop.clock.forward(minutes=8)
            jobs.meet_silence(shop.app)

        assert told(chat, "I am still here") == 1
        assert chat.case.number in chat.log[-1].text

    def test_given_the_customer_had_the_last_word_or_no_case_when_silent_then_no_reminder(
        self, shop: Shop
    ) -> None:
        wrote = asked_something(shop)
        wrote.says("One moment")
        looker = shop.chat()
        shop.clock.forward(minutes=16)

        assert jobs.meet_silence(shop.app) == 0
        assert not told(wrote, "I am still here")
        assert not told(looker, "I am still here")

    def test_given_a_day_without_a_word_when_run_then_the_chat_closes_and_the_case_stays(
        self, shop: Shop
    ) -> None:
        chat = asked_something(shop)
        case = chat.case
        shop.clock.forward(hours=24, minutes=1)

        jobs.meet_silence(shop.app)

        assert chat.conversation.mode is Mode.CLOSED
        assert chat.case == case

    def test_given_a_person_is_awaited_when_silent_for_days_then_the_chat_stays_open(
        self, shop: Shop
    ) -> None:
        chat = asked_something(shop)
        with shop.write() as uow:
            handoff.request(uow, shop.thresholds, chat.id, ("customer_asked",), NOW)
        shop.clock.forward(days=3)

        jobs.meet_silence(shop.app)

        assert chat.conversation.mode is Mode.WAITING

    def test_given_the_customer_writes_while_the_job_runs_then_the_chat_is_not_closed(
        self, shop: Shop
    ) -> None:
        chat = asked_something(shop)
        shop.clock.forward(hours=25)
        chat.says("Are you there?")

        done = jobs._when_silent(shop.app, jobs._close, jobs.CLOSE_AFTER, chat.id)

        assert not done
        assert chat.conversation.mode is Mode.BOT


class TestScoreConversations:
    def test_given_idle_chats_when_run_then_each_is_scored_until_it_changes(
        self, shop: Shop
    ) -> None:
        chat = asked_something(shop)
        assert jobs.score_conversations(shop.app) == 0
        shop.clock.forward(minutes=31)

        assert jobs.score_conversations(shop.app) == 1
        assert jobs.score_conversations(shop.app) == 0

        with shop.db.read() as uow:
            assert uow.scores.of_conversation(chat.id) is not None
        shop.clock.forward(seconds=1)
        chat.says("Thanks")
        shop.clock.forward(minutes=31)
        assert jobs.score_conversations(shop.app) == 1


class TestRunJob:
    async def test_given_a_job_fails_when_run_for_ever_then_the_next_round_tries_again(
        self, shop: Shop, log: list[MutableMapping[str, Any]]
    ) -> None:
        rounds: list[int] = []

        def work(app: object) -> int:
            rounds.append(len(rounds))
            if len(rounds) < 3:
                raise ConnectionError("once more")
            return 1

        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await jobs.run_job(shop.app, Job("work", 0.0, work))

        events = [entry["event"] for entry in log]
        assert events[:3] == ["jobs.job.failed", "jobs.job.failed", "jobs.job.done"]

    def test_given_the_list_of_jobs_when_read_then_names_are_unique_and_all_repeat(self) -> None:
        assert len({job.name for job in JOBS}) == len(JOBS)
        assert all(job.every_seconds > 0 for job in JOBS)


class TestSimulatedPayments:
    def test_given_a_remedy_when_issued_twice_then_the_same_reference(self, shop: Shop) -> None:
        one, other, *_ = remedies(shop, accepted(shop).case)
        pay = SimulatedPayments()

        assert pay.issue(one) == pay.issue(one)
        assert pay.issue(one) != pay.issue(other)


def test_given_a_language_without_texts_when_told_then_english_is_used(shop: Shop) -> None:
    chat = accepted(shop)
    remedy = remedies(shop, chat.case)[0]
    talk = replace(chat.conversation, language="xx", customer_id="cus-collins")

    draft = issued_notice(Issued(remedy, chat.case, "REF-1"), talk)

    assert "REF-1" in draft.text
    assert remedy.title["en"] in draft.text
