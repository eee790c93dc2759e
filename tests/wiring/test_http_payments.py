"""The refund system over HTTP: what it is sent, how each answer is read, and never twice."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from amends.compensation.model import Instruction, Remedy, Report, Step
from amends.compensation.ports import PaymentRefused, PaymentsUnavailable
from amends.values import Money
from amends.wiring.http_payments import HttpPayments
from amends.wiring.payments import SimulatedPayments, build_payments
from amends.wiring.settings import Settings
from tests.storage.samples import remedy
from tests.support.payment_server import (
    SECRET,
    Busy,
    Day,
    Drop,
    PaymentServer,
    Pend,
    Refuse,
    Settle,
    Slow,
    Trickle,
    payment_server,
)
from tests.support.shop import NOW, Clock

VOUCHER = remedy("r-1", order_number="10045", code="ABCD-EFGH", customer_key="cus-1")
PATIENCE_SECONDS = 0.3


@pytest.fixture
def server() -> Iterator[PaymentServer]:
    with payment_server() as running:
        yield running
        assert running.complaints == []


type Ask = Callable[..., Report]


@pytest.fixture
def ask(server: PaymentServer) -> Iterator[Ask]:
    """Ask the server for a remedy, as the job does."""
    adapter = HttpPayments(server.url, SECRET, PATIENCE_SECONDS, Clock())

    def issue(wanted: Remedy = VOUCHER, *plan: Day) -> Report:
        server.plan = list(plan)
        return adapter.issue(Instruction(wanted, "AM-GQTAMN"))

    yield issue
    adapter.close()


class TestRequest:
    def test_given_a_voucher_when_asked_then_all_that_a_company_needs_and_nothing_else(
        self, ask: Ask, server: PaymentServer
    ) -> None:
        ask()

        (request,) = server.requests
        assert request.body == {
            "remedy_id": "r-1",
            "kind": "voucher",
            "part": "goodwill",
            "amount_minor": 500,
            "currency": "GBP",
            "order_number": "10045",
            "case_number": "AM-GQTAMN",
            "customer_id": "cus-1",
            "voucher_code": "ABCD-EFGH",
        }
        assert request.headers["idempotency-key"] == "r-1"
        assert request.headers["content-type"] == "application/json"
        assert request.headers["webhook-id"] == "r-1"
        assert request.headers["webhook-timestamp"] == str(int(NOW.timestamp()))

    def test_given_a_guest_without_an_order_when_asked_then_what_is_unknown_is_null(
        self, ask: Ask, server: PaymentServer
    ) -> None:
        ask(remedy("r-2", kind="apology_letter", amount=None, customer_key="conversation:c1"))

        body = server.requests[0].body
        unknown = ("amount_minor", "currency", "order_number", "customer_id", "voucher_code")
        assert [body[name] for name in unknown] == [None] * 5

    def test_given_a_remedy_when_asked_again_later_then_the_same_request_to_the_byte(
        self, server: PaymentServer
    ) -> None:
        clock = Clock()
        adapter = HttpPayments(server.url, SECRET, PATIENCE_SECONDS, clock)
        answers = []
        for _ in range(3):
            answers.append(adapter.issue(Instruction(VOUCHER, "AM-1")))
            clock.forward(minutes=7)

        assert len({request.raw for request in server.requests}) == 1
        assert {request.key for request in server.requests} == {"r-1"}
        assert len(set(answers)) == 1
        assert server.moved == {"r-1": 1}


class TestAnswers:
    @pytest.mark.parametrize(
        ("day", "step"), [(Settle(), Step.SETTLED), (Pend(), Step.ISSUED)], ids=["settled", "pend"]
    )
    def test_given_a_yes_when_read_then_its_step_and_reference(
        self, ask: Ask, day: Day, step: Step
    ) -> None:
        assert ask(VOUCHER, day) == Report(step, reference="PAY-1")

    @pytest.mark.parametrize(
        ("body", "reference"),
        [
            (b'{"status": "settled"}', None),
            (b'{"status": "settled", "reference": null}', None),
            (b'{"status": "settled", "reference": "  "}', None),
            (b'{"status": "settled", "reference": 4711, "more": {}}', "4711"),
            (b'{"status": "settled", "reference": "A\\nB"}', "A B"),
            (b'{"status": "settled", "reference": "' + b"x" * 900 + b'"}', "x" * 128),
        ],
    )
    def test_given_an_odd_reference_when_read_then_it_fits_the_books(
        self, ask: Ask, body: bytes, reference: str | None
    ) -> None:
        assert ask(VOUCHER, Busy(201, body=body, acts=True)).reference == reference

    @pytest.mark.parametrize(
        ("day", "reason"),
        [
            (Refuse(), "the account is closed"),
            (Refuse(409), "the account is closed"),
            (Refuse(200), "the account is closed"),
            (Refuse(409, b'{"reason": "the order was never paid"}'), "the order was never paid"),
            (Refuse(422, b"<html>"), "status 422"),
            (Refuse(422, b'{"status": "refused", "reason": "' + b"no " * 900 + b'"}'), "no no"),
        ],
    )
    def test_given_a_no_when_read_then_refused_for_good(
        self, ask: Ask, day: Day, reason: str
    ) -> None:
        with pytest.raises(PaymentRefused) as refused:
            ask(VOUCHER, day)

        assert str(refused.value).startswith(reason)
        assert len(str(refused.value)) <= 500

    @pytest.mark.parametrize("code", [408, 425, 429, 500, 502, 503, 504, 599])
    def test_given_a_busy_system_when_read_then_to_be_asked_again_soon(
        self, ask: Ask, code: int
    ) -> None:
        with pytest.raises(PaymentsUnavailable, match=str(code)) as later:
            ask(VOUCHER, Busy(code))

        assert not later.value.misconfigured
        assert later.value.retry_after is None

    @pytest.mark.parametrize(
        ("value", "wait"),
        [
            ("120", timedelta(seconds=120)),
            ("0", timedelta(0)),
            ("Wed, 04 Mar 2026 10:02:00 GMT", timedelta(minutes=2)),
            ("Wed, 04 Mar 2026 10:02:00 -0000", timedelta(minutes=2)),
            ("Wed, 04 Mar 2026 09:00:00 GMT", timedelta(0)),
            ("soon", None),
            ("-5", None),
            ("9" * 30, None),
            ("", None),
        ],
    )
    def test_given_a_retry_after_when_read_then_that_long(
        self, ask: Ask, value: str, wait: timedelta | None
    ) -> None:
        with pytest.raises(PaymentsUnavailable) as later:
            ask(VOUCHER, Busy(429, (("Retry-After", value),)))

        assert later.value.retry_after == wait

    @pytest.mark.parametrize("code", [301, 307, 400, 401, 403, 404, 405, 410, 413, 415])
    def test_given_a_wrong_address_or_secret_when_read_then_the_sentence_says_what_to_check(
        self, ask: Ask, code: int
    ) -> None:
        with pytest.raises(PaymentsUnavailable) as later:
            ask(VOUCHER, Busy(code, (("Location", "http://127.0.0.1:1/"),)))

        assert later.value.misconfigured
        assert str(later.value) == (
            f"AMENDS_PAYMENTS_URL answers with status {code}: check address and secret"
        )

    @pytest.mark.parametrize(
        "body",
        [b"", b"ok", b"[]", b"{}", b'{"status": "done"}', b'{"status": 1}', b"\xff", b"[" * 9],
    )
    def test_given_a_yes_that_nobody_can_read_when_read_then_asked_again_and_not_paid_twice(
        self, ask: Ask, server: PaymentServer, body: bytes
    ) -> None:
        with pytest.raises(PaymentsUnavailable, match="without a body like") as later:
            ask(VOUCHER, Busy(200, body=body, acts=True))

        assert later.value.misconfigured
        assert ask().step is Step.SETTLED
        assert server.moved == {"r-1": 1}


class TestConnection:
    @pytest.mark.parametrize(
        "day", [Drop(acts=True), Drop(acts=False), Slow(5), Trickle(), Busy(500, acts=True)]
    )
    def test_given_a_lost_answer_when_asked_again_then_the_same_outcome_and_paid_once(
        self, ask: Ask, server: PaymentServer, day: Day
    ) -> None:
        with pytest.raises(PaymentsUnavailable) as later:
            ask(VOUCHER, day)

        assert not later.value.misconfigured
        assert ask(VOUCHER) == Report(Step.SETTLED, reference="PAY-1")
        assert server.moved == {"r-1": 1}

    def test_given_a_body_without_end_when_read_then_no_more_than_the_limit(self, ask: Ask) -> None:
        with pytest.raises(PaymentsUnavailable, match="too long"):
            ask(VOUCHER, Busy(200, body=b" " * 70_000))

    @pytest.mark.parametrize(
        ("url", "misconfigured"),
        [("http://127.0.0.1:1/", False), ("http://[::1", True)],
    )
    def test_given_nobody_listens_when_asked_then_to_be_asked_again(
        self, url: str, misconfigured: bool
    ) -> None:
        adapter = HttpPayments(url, SECRET, PATIENCE_SECONDS, Clock())

        with pytest.raises(PaymentsUnavailable) as later:
            adapter.issue(Instruction(replace(VOUCHER, amount=Money(1, "EUR")), "AM-1"))

        assert later.value.misconfigured is misconfigured
        adapter.close()


class TestBuild:
    def test_given_an_address_when_built_then_that_system_is_asked(
        self, server: PaymentServer
    ) -> None:
        settings = Settings(_env_file=None, payments_url=server.url, payments_secret=SECRET)

        built = build_payments(settings, Clock())

        assert isinstance(built, HttpPayments)
        assert built.issue(Instruction(VOUCHER, "AM-1")).step is Step.SETTLED
        built.close()

    def test_given_none_when_built_then_all_is_simulated(self) -> None:
        assert isinstance(build_payments(Settings(_env_file=None), Clock()), SimulatedPayments)
