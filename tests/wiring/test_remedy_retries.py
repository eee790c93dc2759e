"""A refund system that cannot answer: asked again ever more slowly, then a person is asked."""

from collections.abc import MutableMapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from amends.cases.model import PromiseState
from amends.compensation import issuing
from amends.compensation.model import Instruction, Report, Retry, Step
from amends.compensation.ports import PaymentsUnavailable
from amends.compensation.retrying import LONGEST_PAUSE
from amends.storage.tables.compensation import RetryRow
from amends.wiring import jobs
from tests.support.shop import NOW, Shop
from tests.wiring.steps import accepted, entries, pending, promises, reasons, remedies, told

Log = list[MutableMapping[str, Any]]


def retries(shop: Shop) -> list[str]:
    with shop.db.read() as uow:
        return [row.remedy_id for row in uow.ledger._session.query(RetryRow).all()]


@dataclass
class Broken:
    """A payment system that cannot answer until it is repaired."""

    failure: Exception = field(default_factory=lambda: PaymentsUnavailable("status 503"))
    asked: list[tuple[str, datetime]] = field(default_factory=list)


@pytest.fixture
def broken(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Broken:
    """The till is broken; `monkeypatch.undo()` repairs it."""
    system = Broken()

    def issue(instruction: Instruction) -> Report:
        system.asked.append((instruction.remedy.id, shop.clock()))
        raise system.failure

    monkeypatch.setattr(shop.till, "issue", issue)
    return system


def run_for(shop: Shop, span: timedelta, every_seconds: float = 1.0) -> None:
    """Let time pass with the job running, as the gateway does."""
    end = shop.clock() + span
    while shop.clock() < end:
        jobs.issue_remedies(shop.app)
        shop.clock.forward(seconds=every_seconds)


class TestRetrying:
    def test_given_the_system_is_down_when_the_job_runs_each_second_then_the_pauses_grow(
        self, shop: Shop, broken: Broken
    ) -> None:
        chat = accepted(shop)
        first = remedies(shop, chat.case)[0].id

        run_for(shop, timedelta(minutes=20))

        moments = [at for name, at in broken.asked if name == first]
        pauses = [b - a for a, b in pairwise(moments)]
        assert 5 <= len(moments) <= 14
        assert pauses[0] <= timedelta(seconds=3)
        assert max(pauses) > timedelta(minutes=2)
        assert max(pauses) <= LONGEST_PAUSE + timedelta(seconds=1)

    def test_given_it_is_repaired_when_the_pause_is_over_then_carried_out_and_no_wait_is_left(
        self, shop: Shop, broken: Broken, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        chat = accepted(shop)
        run_for(shop, timedelta(seconds=40))
        assert len(retries(shop)) == 3
        monkeypatch.undo()

        run_for(shop, timedelta(seconds=70))

        assert {one.state for one in remedies(shop, chat.case)} == {Step.SETTLED}
        assert retries(shop) == []

    def test_given_it_asks_to_be_left_alone_when_it_fails_then_not_asked_before(
        self, shop: Shop, broken: Broken
    ) -> None:
        accepted(shop)
        broken.failure = PaymentsUnavailable("status 429", timedelta(minutes=30))

        run_for(shop, timedelta(minutes=29), every_seconds=20)

        assert len(broken.asked) == 3, "each remedy once"

    def test_given_a_wrong_setting_when_it_fails_then_an_error_says_so_and_it_is_tried_slowly(
        self, shop: Shop, broken: Broken, log: Log
    ) -> None:
        accepted(shop)
        broken.failure = PaymentsUnavailable("check address and secret", misconfigured=True)

        run_for(shop, timedelta(minutes=7), every_seconds=10)

        assert len(broken.asked) == 3, "each remedy once"
        errors = [one for one in log if one["event"] == "payments.system.misconfigured"]
        assert {one["log_level"] for one in errors} == {"error"}
        assert errors[0]["reason"] == "check address and secret"

    def test_given_an_adapter_with_a_mistake_when_it_breaks_then_it_waits_as_well(
        self, shop: Shop, broken: Broken, log: Log
    ) -> None:
        accepted(shop)
        broken.failure = ZeroDivisionError("division by zero")

        run_for(shop, timedelta(minutes=5))

        assert len(broken.asked) < 40
        assert "payments.adapter.broken" in {one["event"] for one in log}

    def test_given_many_wait_when_the_system_is_down_then_a_round_gives_up_after_three(
        self, shop: Shop, broken: Broken
    ) -> None:
        for order in ("10045", "10032", "10036"):
            accepted(shop, order=order)

        jobs.issue_remedies(shop.app)

        assert len(broken.asked) == 3

    def test_given_two_processes_when_both_fail_at_once_then_it_counts_as_one_try(
        self, shop: Shop
    ) -> None:
        remedy = remedies(shop, accepted(shop).case)[0]
        failure = PaymentsUnavailable("status 500")

        found: list[Retry | None] = []
        for _ in range(2):
            with shop.write() as uow:
                found.append(issuing.postpone(uow, remedy.id, failure, 0.5, NOW))

        assert found[0] is not None
        assert found[0] == found[1]
        assert found[0].tries == 1

    def test_given_it_was_carried_out_meanwhile_when_it_fails_then_nothing_waits(
        self, shop: Shop
    ) -> None:
        _, remedy = pending(shop)

        with shop.write() as uow:
            failure = PaymentsUnavailable("status 500")
            assert issuing.postpone(uow, remedy.id, failure, 0.5, NOW) is None

        assert retries(shop) == []


class TestDelay:
    def test_given_it_fails_for_hours_when_the_limit_passes_then_a_person_is_asked_once(
        self, shop: Shop, broken: Broken
    ) -> None:
        chat = accepted(shop)
        count = len(remedies(shop, chat.case))

        run_for(shop, timedelta(hours=1, minutes=59), every_seconds=30)
        before = reasons(shop, chat)
        run_for(shop, timedelta(hours=12), every_seconds=120)

        assert before == []
        assert reasons(shop, chat) == [("remedy_delayed",)]
        assert told(chat, "takes longer than it should") == count
        assert len(entries(shop, chat, "remedy_delayed")) == count
        assert entries(shop, chat, "remedy_delayed")[0].data["reason"] == "status 503"
        assert set(promises(shop, chat.case)) == {PromiseState.OPEN}

    def test_given_a_person_was_asked_when_it_is_repaired_then_it_still_goes_out(
        self, shop: Shop, broken: Broken, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        chat = accepted(shop)
        run_for(shop, timedelta(hours=3), every_seconds=60)
        monkeypatch.undo()

        run_for(shop, timedelta(minutes=20), every_seconds=60)

        assert set(promises(shop, chat.case)) == {PromiseState.KEPT}
        assert retries(shop) == []

    def test_given_a_long_wait_asked_for_when_the_limit_passes_then_a_person_all_the_same(
        self, shop: Shop, broken: Broken
    ) -> None:
        chat = accepted(shop)
        broken.failure = PaymentsUnavailable("status 429", timedelta(hours=20))

        run_for(shop, timedelta(hours=3), every_seconds=60)

        assert reasons(shop, chat) == [("remedy_delayed",)]

    def test_given_a_chinese_chat_when_it_is_told_then_in_chinese(
        self, shop: Shop, broken: Broken
    ) -> None:
        chat = accepted(shop)
        with shop.write() as uow:
            uow.conversations.set_language(chat.id, "zh")

        run_for(shop, timedelta(hours=3), every_seconds=60)

        assert told(chat, "办理时间比预期要长") == len(remedies(shop, chat.case))
