"""The refund system calls back: signed, once, and never against the books."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from amends.cases.model import PromiseState
from amends.compensation.model import Remedy, Step
from amends.gateway.app import create_app
from amends.wiring import jobs
from amends.wiring.http_payments import HttpPayments
from amends.wiring.settings import Settings
from tests.gateway.conftest import _serve
from tests.gateway.test_errors_and_limits import assert_error
from tests.support.payment_server import SECRET, Drop, PaymentServer, Pend, payment_server, signed
from tests.support.shop import Chat, Shop, open_shop
from tests.wiring.steps import accepted, announced, pending, promises, reasons, remedies, told

PATH = "/api/payments/callbacks"


@dataclass
class Door:
    """The gateway over the demo shop, without a network between."""

    shop: Shop
    client: httpx.AsyncClient

    async def call(
        self, values: Any = None, *, raw: bytes | None = None, **headers: str
    ) -> httpx.Response:
        """Send a callback, signed unless a header is given that says otherwise."""
        body = json.dumps(values).encode() if raw is None else raw
        heads = signed(body, self.shop.clock().timestamp())
        changed = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.post(PATH, content=body, headers=heads | changed)


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    shop = open_shop(tmp_path)
    secret = Settings(_env_file=None, var_dir=tmp_path, payments_secret=SECRET, take_back_seconds=0)
    shop.app = replace(shop.app, settings=secret)
    api = create_app(shop.app)
    transport = httpx.ASGITransport(app=api)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        yield Door(shop, client)
    api.state.service.transactions.close()
    shop.db.close()


@pytest.fixture
def taken_on(door: Door) -> tuple[Chat, Remedy]:
    return pending(door.shop, "cus-collins")


def callback(remedy: Remedy, status: str = "settled", **more: Any) -> dict[str, Any]:
    return {"remedy_id": remedy.id, "status": status, **more}


class TestCallback:
    async def test_given_it_is_settled_when_called_then_kept_and_told(
        self, door: Door, taken_on: tuple[Chat, Remedy]
    ) -> None:
        chat, remedy = taken_on

        answer = await door.call(callback(remedy, reference="PAY-7"))

        assert (answer.status_code, answer.json()) == (200, {"recorded": True})
        assert promises(door.shop, chat.case)[PromiseState.KEPT] == 1
        assert announced(door.shop, "remedy.issued") == [remedy.id]
        assert told(chat, "PAY-7") == 1

    async def test_given_the_same_again_when_called_then_200_and_nothing_changes(
        self, door: Door, taken_on: tuple[Chat, Remedy]
    ) -> None:
        chat, remedy = taken_on
        await door.call(callback(remedy))
        before = len(chat.log), chat.timeline

        answers = [await door.call(callback(remedy)) for _ in range(3)]

        assert [(one.status_code, one.json()) for one in answers] == [
            (200, {"recorded": False})
        ] * 3
        assert (len(chat.log), chat.timeline) == before

    async def test_given_the_same_many_times_at_once_when_called_then_one_is_recorded(
        self, door: Door, taken_on: tuple[Chat, Remedy]
    ) -> None:
        chat, remedy = taken_on

        answers = await asyncio.gather(*(door.call(callback(remedy)) for _ in range(8)))

        assert sorted(one.json()["recorded"] for one in answers) == [False] * 7 + [True]
        assert told(chat, "Done:") == 1

    async def test_given_it_failed_when_called_then_a_person_is_asked_and_the_customer_told(
        self, door: Door, taken_on: tuple[Chat, Remedy]
    ) -> None:
        chat, remedy = taken_on

        answer = await door.call(callback(remedy, "failed", reason="the card has expired"))

        assert answer.json() == {"recorded": True}
        assert told(chat, "could not be carried out") == 1
        assert reasons(door.shop, chat) == [("refused",)]
        assert "remedy_failed" in chat.timeline

    @pytest.mark.parametrize(("first", "second"), [("settled", "failed"), ("failed", "settled")])
    async def test_given_the_opposite_when_called_then_409_and_a_person_looks(
        self, door: Door, taken_on: tuple[Chat, Remedy], first: str, second: str
    ) -> None:
        chat, remedy = taken_on
        await door.call(callback(remedy, first))

        answer = await door.call(callback(remedy, second))

        error = assert_error(answer, 409, "callback_contradicts")
        assert error["details"] == {"remedy_id": remedy.id, "state": first}
        assert "payment_answers_differ" in chat.timeline
        assert reasons(door.shop, chat)[-1][-1] == "payment_answers_differ"

    async def test_given_an_unknown_remedy_when_called_then_404(self, door: Door) -> None:
        answer = await door.call({"remedy_id": "r-none", "status": "settled"})

        assert_error(answer, 404, "unknown_remedy")


class TestSignature:
    @pytest.mark.parametrize(
        "headers",
        [
            {"webhook_signature": ""},
            {"webhook_signature": "v1,AAAA"},
            {"webhook_id": "another"},
            {"webhook_id": ""},
            {"webhook_timestamp": ""},
            {"webhook_timestamp": "soon"},
        ],
    )
    async def test_given_a_wrong_or_missing_header_when_called_then_401_and_nothing_changes(
        self, door: Door, taken_on: tuple[Chat, Remedy], headers: dict[str, str]
    ) -> None:
        chat, remedy = taken_on

        answer = await door.call(callback(remedy), **headers)

        assert_error(answer, 401, "not_signed")
        assert set(promises(door.shop, chat.case)) == {PromiseState.OPEN}

    @pytest.mark.parametrize("minutes", [6, -6])
    async def test_given_a_stale_message_when_called_then_401(
        self, door: Door, taken_on: tuple[Chat, Remedy], minutes: int
    ) -> None:
        _, remedy = taken_on
        body = json.dumps(callback(remedy)).encode()
        heads = signed(body, (door.shop.clock() + timedelta(minutes=minutes)).timestamp())

        answer = await door.client.post(PATH, content=body, headers=heads)

        error = assert_error(answer, 401, "not_signed")
        assert "too far from now" in error["message"]

    async def test_given_another_secret_when_called_then_401(
        self, door: Door, taken_on: tuple[Chat, Remedy]
    ) -> None:
        body = json.dumps(callback(taken_on[1])).encode()
        heads = signed(body, door.shop.clock().timestamp(), b"some other key of 32 bytes, sure")

        answer = await door.client.post(PATH, content=body, headers=heads)

        assert_error(answer, 401, "not_signed")

    async def test_given_no_signature_when_the_body_is_nonsense_then_401_all_the_same(
        self, door: Door
    ) -> None:
        answer = await door.client.post(PATH, content=b"{")

        assert_error(answer, 401, "not_signed")

    async def test_given_no_secret_when_called_then_503_and_what_to_set(
        self, door: Door, taken_on: tuple[Chat, Remedy]
    ) -> None:
        without = door.shop.app.settings.model_copy(
            update={"payments_secret": Settings.model_fields["payments_secret"].default}
        )
        api = create_app(replace(door.shop.app, settings=without))
        transport = httpx.ASGITransport(app=api)
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
            answer = await replace(door, client=client).call(callback(taken_on[1]))
        api.state.service.transactions.close()

        error = assert_error(answer, 503, "callbacks_off")
        assert "AMENDS_PAYMENTS_SECRET" in error["message"]


class TestBody:
    @pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b"[" * 60_000, b"{'a': 1}"])
    async def test_given_no_json_when_signed_then_400(self, door: Door, raw: bytes) -> None:
        assert_error(await door.call(raw=raw), 400, "invalid_json")

    @pytest.mark.parametrize(
        "values",
        [
            None,
            [],
            "settled",
            {},
            {"remedy_id": "r"},
            {"status": "settled"},
            {"remedy_id": "", "status": "settled"},
            {"remedy_id": "\x00", "status": "settled"},
            {"remedy_id": "x" * 65, "status": "settled"},
            {"remedy_id": 5, "status": "settled"},
            {"remedy_id": "r", "status": "pending"},
            {"remedy_id": "r", "status": "SETTLED"},
            {"remedy_id": "r", "status": "settled", "reference": {"$ne": 1}},
            {"remedy_id": "r", "status": "failed", "reason": "x" * 501},
        ],
    )
    async def test_given_wrong_fields_when_signed_then_422_without_repeating_them(
        self, door: Door, values: Any
    ) -> None:
        answer = await door.call(values)

        error = assert_error(answer, 422, "invalid_request")
        assert error["details"]["fields"][0]["field"].startswith("body")
        assert "$ne" not in answer.text

    async def test_given_too_much_when_called_then_413(self, door: Door) -> None:
        assert_error(await door.call(raw=b" " * 100_000), 413, "body_too_large")


class TestDescription:
    async def test_given_openapi_when_read_then_the_callback_with_body_headers_and_answers(
        self, door: Door
    ) -> None:
        described = (await door.client.get("/openapi.json")).json()["paths"][PATH]["post"]

        schema = described["requestBody"]["content"]["application/json"]["schema"]
        assert schema["required"] == ["remedy_id", "status"]
        assert schema["properties"]["status"]["enum"] == ["settled", "failed"]
        named = {one["name"] for one in described["parameters"]}
        assert named == {"webhook-id", "webhook-timestamp", "webhook-signature"}
        assert {"200", "400", "401", "404", "409", "422", "503"} <= set(described["responses"])


@pytest.fixture
def server() -> Any:
    with payment_server() as running:
        yield running
        assert running.complaints == []


class TestRoundTrip:
    """Our adapter, a company's own server, and its callback over real sockets."""

    async def test_given_lost_answers_and_a_callback_when_all_is_done_then_money_moved_once(
        self, door: Door, server: PaymentServer
    ) -> None:
        shop, closing = door.shop, []
        chat = accepted(shop, "cus-collins")
        count = len(remedies(shop, chat.case))
        payments = HttpPayments(server.url, SECRET, 2, shop.clock)
        app = replace(shop.app, payments=payments)
        client = await _serve(create_app(app), closing)
        server.plan = [Pend(), Drop(acts=True), Pend()]

        await asyncio.to_thread(jobs.issue_remedies, app)
        shop.clock.forward(seconds=3)
        await asyncio.to_thread(jobs.issue_remedies, app)
        with httpx.Client(base_url=client.base_url, trust_env=False) as company:
            for remedy in remedies(shop, chat.case):
                if remedy.state is Step.ISSUED:
                    answer = await asyncio.to_thread(
                        server.call_back,
                        company,
                        shop.clock().timestamp(),
                        remedy.id,
                        "settled",
                        reference="PAY-X",
                    )
                    assert answer.status_code == 200, answer.text

        payments.close()
        for close in closing:
            await close()
        assert {one.state for one in remedies(shop, chat.case)} == {Step.SETTLED}
        assert promises(shop, chat.case) == {PromiseState.KEPT: count}
        assert server.moved == {one.id: 1 for one in remedies(shop, chat.case)}
        assert len({(one.key, one.raw) for one in server.requests}) == count
        assert told(chat, "Done:") == count
