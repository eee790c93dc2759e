"""The refund system did it and we forgot: asked again under the same key, money moves once."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from amends.cases.model import PromiseState
from amends.compensation.model import Step
from amends.wiring import jobs, settlement
from amends.wiring.http_payments import HttpPayments
from tests.support.payment_server import (
    SECRET,
    Busy,
    Drop,
    PaymentServer,
    Pend,
    Refuse,
    Slow,
    payment_server,
)
from tests.support.shop import Shop
from tests.wiring.steps import accepted, announced, promises, remedies, told

pytestmark = pytest.mark.usefixtures("log")


@pytest.fixture
def server() -> Iterator[PaymentServer]:
    with payment_server() as running:
        yield running
        assert running.complaints == []


@pytest.fixture
def connected(shop: Shop, server: PaymentServer) -> Iterator[Shop]:
    """The demo shop with a refund system of its own."""
    payments = HttpPayments(server.url, SECRET, 0.3, shop.clock)
    shop.app = replace(shop.app, payments=payments)
    yield shop
    payments.close()


def forget(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Lose what the system answered, so many times, as a crash before our commit does."""
    hear, left = settlement.hear, [times]

    def lost(*arguments: Any) -> Any:
        left[0] -= 1
        if left[0] >= 0:
            raise ConnectionError("the database is gone")
        return hear(*arguments)

    monkeypatch.setattr(settlement, "hear", lost)


class TestLostCommit:
    def test_given_our_note_is_lost_when_asked_again_then_the_same_outcome_and_paid_once(
        self, connected: Shop, server: PaymentServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        chat = accepted(connected, "cus-collins")
        due = remedies(connected, chat.case)
        forget(monkeypatch, times=2 * len(due))

        for _ in range(3):
            jobs.issue_remedies(connected.app)

        assert {one.state for one in remedies(connected, chat.case)} == {Step.SETTLED}
        assert server.moved == {one.id: 1 for one in due}
        assert len(server.requests) == 3 * len(due)
        assert len({(one.key, one.raw) for one in server.requests}) == len(due)
        assert told(chat, "Done:") == len(announced(connected, "remedy.issued")) == len(due)

    def test_given_a_refusal_is_lost_when_asked_again_then_it_is_refused_again(
        self, connected: Shop, server: PaymentServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        chat = accepted(connected)
        count = len(remedies(connected, chat.case))
        server.plan = [Refuse()] * count
        forget(monkeypatch, times=count)

        for _ in range(2):
            jobs.issue_remedies(connected.app)

        assert {one.state for one in remedies(connected, chat.case)} == {Step.FAILED}
        assert not server.moved

    def test_given_a_taking_on_is_lost_when_asked_again_then_it_is_still_only_taken_on(
        self, connected: Shop, server: PaymentServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        chat = accepted(connected)
        count = len(remedies(connected, chat.case))
        server.plan = [Pend()] * count
        forget(monkeypatch, times=count)

        for _ in range(2):
            jobs.issue_remedies(connected.app)

        assert {one.state for one in remedies(connected, chat.case)} == {Step.ISSUED}
        assert set(promises(connected, chat.case)) == {PromiseState.OPEN}


class TestBadDays:
    def test_given_every_kind_of_bad_day_when_time_goes_on_then_each_remedy_is_paid_once(
        self, connected: Shop, server: PaymentServer
    ) -> None:
        chat = accepted(connected, "cus-collins")
        due = remedies(connected, chat.case)
        server.plan = [
            Busy(500), Busy(500, acts=True), Drop(acts=True), Drop(acts=False), Slow(1),
            Busy(429, (("Retry-After", "30"),)), Busy(503), Busy(200, body=b"?", acts=True),
        ]  # fmt: skip

        for _ in range(60):
            jobs.issue_remedies(connected.app)
            connected.clock.forward(seconds=60)

        assert server.plan == []
        assert promises(connected, chat.case) == {PromiseState.KEPT: len(due)}
        assert server.moved == {one.id: 1 for one in due}
        assert {one.key for one in server.requests} == {one.id for one in due}
        assert len(server.requests) == len(due) + 8

    def test_given_it_answers_429_when_time_goes_on_then_it_is_left_alone_that_long(
        self, connected: Shop, server: PaymentServer
    ) -> None:
        count = len(remedies(connected, accepted(connected).case))
        server.plan = [Busy(429, (("Retry-After", "600"),))] * count

        for _ in range(59):
            jobs.issue_remedies(connected.app)
            connected.clock.forward(seconds=10)
        before = len(server.requests)
        connected.clock.forward(seconds=30)
        jobs.issue_remedies(connected.app)

        assert (before, len(server.requests)) == (count, 2 * count)
