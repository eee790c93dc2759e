"""Every error has one shape, and nobody can flood the gateway."""

import asyncio
import json

import pytest

from amends.gateway.limits import Buckets, Rate
from amends.storage.errors import OUTAGES


def assert_error(answer, status: int, code: str) -> dict:
    assert answer.status_code == status, answer.text
    assert set(answer.json()) == {"error"}
    error = answer.json()["error"]
    assert set(error) == {"code", "message", "details"}
    assert error["code"] == code
    assert error["message"].endswith(".")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    return error


class TestShape:
    async def test_given_unknown_path_or_method_when_asked_then_the_one_shape(self, gateway):
        assert_error(await gateway.client.get("/nothing"), 404, "not_found")
        assert_error(await gateway.client.post("/nothing"), 404, "not_found")
        assert_error(await gateway.client.get("/docs-files/none.js"), 404, "not_found")
        answer = await gateway.client.delete("/api/conversations")
        assert_error(answer, 405, "method_not_allowed")
        assert answer.headers["Allow"] == "POST"

    async def test_given_two_routes_at_one_address_when_refused_then_both_are_named(self, gateway):
        opened = await gateway.start()

        answer = await gateway.client.delete(opened.path("messages"))

        assert_error(answer, 405, "method_not_allowed")
        assert answer.headers["Allow"] == "GET, POST"

    @pytest.mark.parametrize(
        "body", [b"{", b"\xff\xfe", b"[" * 60_000, b'{"client_message_id": nope}', b"{'a': 1}"]
    )
    async def test_given_no_json_when_posted_then_400(self, gateway, body):
        opened = await gateway.start()

        answer = await gateway.client.post(
            opened.path("messages"), content=body, headers=opened.headers
        )

        assert_error(answer, 400, "invalid_json")

    @pytest.mark.parametrize(
        "body",
        [
            [],
            "text",
            None,
            {},
            {"text": "no id"},
            {"client_message_id": "", "text": "x"},
            {"client_message_id": "\x00", "text": "x"},
            {"client_message_id": "x" * 101, "text": "x"},
            {"client_message_id": 5, "text": "x"},
            {"client_message_id": "x"},
            {"client_message_id": "x", "text": "a", "choice_id": "b"},
            {"client_message_id": "x", "text": {"$ne": 1}},
        ],
    )
    async def test_given_wrong_fields_when_posted_then_422_without_repeating_them(
        self, gateway, body
    ):
        opened = await gateway.start()

        answer = await gateway.client.post(
            opened.path("messages"), content=json.dumps(body), headers=opened.headers
        )

        error = assert_error(answer, 422, "invalid_request")
        assert error["details"]["fields"]
        assert "$ne" not in answer.text

    @pytest.mark.parametrize("query", ["wait=-1", "wait=31", "wait=nan", "wait=inf", "wait=x"])
    async def test_given_wrong_wait_when_posted_then_422(self, gateway, query):
        opened = await gateway.start()

        answer = await gateway.client.post(
            opened.path(f"messages?{query}"),
            json={"client_message_id": "x", "text": "x"},
            headers=opened.headers,
        )

        assert_error(answer, 422, "invalid_request")

    @pytest.mark.parametrize("after", ["-1", "x", "99999999999999999999"])
    async def test_given_wrong_after_when_read_then_422(self, gateway, after):
        opened = await gateway.start()

        answer = await gateway.client.get(
            opened.path(f"messages?after={after}"), headers=opened.headers
        )

        assert_error(answer, 422, "invalid_request")

    async def test_given_a_form_when_posted_then_told_to_send_json(self, gateway):
        answer = await gateway.client.post("/api/conversations", data={"language": "en"})

        assert_error(answer, 415, "unsupported_media_type")

    async def test_given_our_own_mistake_when_asked_then_500_without_its_words(self, gateway):
        opened = await gateway.start()

        def break_down(*arguments):
            raise RuntimeError("secret detail")

        gateway.parts.record_survey = break_down

        answer = await gateway.client.post(
            opened.path("survey"),
            json={"csat": 1},
            headers=opened.headers | {"Origin": "https://shop.example"},
        )

        assert_error(answer, 500, "internal_error")
        assert "secret" not in answer.text
        assert answer.headers["Access-Control-Allow-Origin"] == "*"

    @pytest.mark.parametrize("kind", OUTAGES)
    async def test_given_no_database_when_asked_then_503_without_its_words(self, gateway, kind):
        opened = await gateway.start()

        def break_down(*arguments):
            raise kind("SELECT secret", {}, Exception("secret detail"))

        gateway.parts.record_survey = break_down

        answer = await gateway.client.post(
            opened.path("survey"), json={"csat": 1}, headers=opened.headers
        )

        assert_error(answer, 503, "database_away")
        assert "secret" not in answer.text


class TestBody:
    async def test_given_100_kb_when_posted_then_413_and_the_gateway_lives(self, gateway):
        opened = await gateway.start()

        answer = await gateway.post(opened, "x" * 100_000)

        assert_error(answer, 413, "body_too_large")
        assert (await gateway.post(opened, "fine", wait=20)).status_code == 200

    async def test_given_body_without_length_when_over_the_limit_then_413(self, gateway):
        opened = await gateway.start()

        async def endless():
            for _ in range(100):
                yield b"x" * 2000

        answer = await gateway.client.post(
            opened.path("messages"), content=endless(), headers=opened.headers
        )

        assert_error(answer, 413, "body_too_large")

    async def test_given_declared_gigabyte_when_posted_then_refused_before_it_is_read(
        self, gateway
    ):
        url = gateway.client.base_url
        reader, writer = await asyncio.open_connection(url.host, url.port)
        head = "POST /api/conversations HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n"
        writer.write(head.encode())
        async with asyncio.timeout(5):
            status = await reader.readline()
        writer.close()

        assert b"413" in status


class TestRates:
    async def test_given_too_many_messages_when_posted_then_429_for_this_conversation_only(
        self, serve_gateway
    ):
        gateway = await serve_gateway(messages_per_minute=3)
        opened, other = await gateway.start(), await gateway.start()
        for _ in range(3):
            assert (await gateway.post(opened, "x")).status_code == 202

        refused = await gateway.post(opened, "x")

        error = assert_error(refused, 429, "too_many_messages")
        assert int(refused.headers["Retry-After"]) == error["details"]["retry_after_seconds"]
        assert (await gateway.post(other, "x")).status_code == 202

    async def test_given_too_many_starts_when_from_one_address_then_429(self, serve_gateway):
        gateway = await serve_gateway(conversations_per_minute=2, trust_forwarded_for=True)

        async def start(address: str) -> int:
            headers = {"X-Forwarded-For": f"6.6.6.6, {address}"}
            return (await gateway.client.post("/api/conversations", headers=headers)).status_code

        assert [await start("1.1.1.1") for _ in range(3)] == [201, 201, 429]
        assert await start("2.2.2.2") == 201

    async def test_given_no_proxy_when_address_is_claimed_then_not_believed(self, serve_gateway):
        gateway = await serve_gateway(conversations_per_minute=1)
        statuses = []
        for number in range(2):
            headers = {"X-Forwarded-For": f"1.1.1.{number}"}
            answer = await gateway.client.post("/api/conversations", headers=headers)
            statuses.append(answer.status_code)

        assert statuses == [201, 429]

    def test_given_bucket_when_time_passes_then_refilled_evenly_and_forgotten_when_full(self):
        now = [0.0]
        buckets = Buckets(Rate(per_second=5, burst=10), lambda: now[0])
        assert [buckets.take("a") for _ in range(10)] == [0.0] * 10
        assert buckets.take("a") == pytest.approx(0.2)
        now[0] = 0.2

        assert buckets.take("a") == 0
        assert buckets.take("a") > 0

        buckets.MOST_KEYS = 1
        now[0] = 100
        buckets.take("b")
        assert set(buckets._buckets) == {"b"}


class TestOrigins:
    async def test_given_another_site_when_it_asks_first_then_allowed(self, gateway):
        answer = await gateway.client.options(
            "/api/conversations/x/messages",
            headers={
                "Origin": "https://shop.example",
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "authorization,content-type,last-event-id",
            },
        )

        assert answer.status_code == 200
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "credentials" not in str(answer.headers).lower()

    async def test_given_list_of_sites_when_another_asks_then_not_allowed(self, serve_gateway):
        gateway = await serve_gateway(allowed_origins=("https://shop.example",))

        async def allowed(origin: str) -> str | None:
            answer = await gateway.client.get("/healthz", headers={"Origin": origin})
            return answer.headers.get("Access-Control-Allow-Origin")

        assert await allowed("https://shop.example") == "https://shop.example"
        assert await allowed("https://evil.example") is None
