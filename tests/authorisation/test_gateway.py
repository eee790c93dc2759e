"""Every route of the gateway: what opens to nobody, and to the holder of another proof."""

import json
import os
import subprocess
import sys

import httpx
import pytest

from tests.authorisation.table import GATEWAY, Who, who_may
from tests.gateway.conftest import Gateway

SIGNED = ("POST /api/payments/callbacks", "POST /api/bridges/chatwoot")


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    environment = {**os.environ, "AMENDS_VAR_DIR": str(tmp_path_factory.mktemp("routes"))}
    command = [sys.executable, "-m", "tests.authorisation.routes", "gateway"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return [" ".join(pair) for pair in json.loads(done.stdout.splitlines()[-1])]


def test_given_every_route_then_the_table_says_who_may_reach_it(routes: list[str]) -> None:
    """A new route: put it into `tests/authorisation/table.py`."""
    assert [route for route in routes if who_may(GATEWAY, route) is None] == []
    named = {name for names in GATEWAY.values() for name in names}
    assert named <= set(routes)


async def test_given_no_token_or_another_conversations_then_nothing_opens(gateway: Gateway) -> None:
    mine, theirs = await gateway.start(), await gateway.start()
    proofs = [name for name in GATEWAY[Who.PROOF] if "{conversation_id}" in name]
    assert len(proofs) == 4
    for route in proofs:
        method, _, path = route.partition(" ")
        filled = path.replace("{conversation_id}", theirs.id)
        body = {"json": {"client_message_id": "m1", "text": "hello"}} if method == "POST" else {}
        none = await gateway.client.request(method, filled, **body)
        other = await gateway.client.request(method, filled, headers=mine.headers, **body)
        assert (none.status_code, other.status_code) == (401, 404), route
        assert "hello" not in other.text


async def test_given_calls_without_a_signature_then_they_are_refused(
    serve_gateway: object,
) -> None:
    secret = "whsec_" + "c2VjcmV0" * 6
    gateway = await serve_gateway(  # type: ignore[operator]
        payments_secret=secret, chatwoot_webhook_secret="s" * 32
    )
    for route in SIGNED:
        path = route.split(" ")[1]
        for headers in ({}, {"webhook-id": "1", "webhook-timestamp": "1", "webhook-signature": ""}):
            answer = await gateway.client.post(path, content=b"{}", headers=headers)
            assert answer.status_code == 401, route
        guessed = await gateway.client.post(f"{path}?secret=guess", content=b"{}")
        assert guessed.status_code == 401, route


async def test_given_no_code_or_a_forged_one_then_no_case_is_shown(gateway: Gateway) -> None:
    for cookie in ("", "amends_case=made-up", "amends_case=eyJhbGciOiJub25lIn0.e30."):
        status = await gateway.client.get("/case/status", headers={"Cookie": cookie})
        assert status.status_code == 303
        assert status.headers["Location"].startswith("/case?")
    entered = await gateway.client.post("/case/code/none", content="code=123456")
    assert entered.status_code == 400
    for query in ("", "?ask=1&until=9999999999&sig=guess"):
        assert (await gateway.client.get(f"/feedback{query}")).status_code == 404


async def test_given_any_answer_then_it_cannot_be_framed_or_sniffed(gateway: Gateway) -> None:
    for path in ("/", "/healthz", "/widget.js", "/case", "/openapi.json", "/nothing", "/docs"):
        answer: httpx.Response = await gateway.client.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy, path
        assert "unsafe-eval" not in policy, path
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert answer.headers["X-Frame-Options"] == "DENY", path
        assert "Strict-Transport-Security" not in answer.headers


async def test_given_a_public_https_address_then_browsers_are_to_stay_with_it(
    serve_gateway: object,
) -> None:
    gateway = await serve_gateway(public_url="https://help.example.com")  # type: ignore[operator]

    answer = await gateway.client.get("/healthz")

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


async def test_given_an_allow_list_then_other_sites_scripts_cannot_read(
    serve_gateway: object,
) -> None:
    ours = "https://shop.example.com"
    gateway = await serve_gateway(allowed_origins=(ours,))  # type: ignore[operator]
    for origin, allowed in ((ours, ours), ("https://evil.example", None)):
        answer = await gateway.client.post("/api/conversations", headers={"Origin": origin})
        assert answer.headers.get("Access-Control-Allow-Origin") == allowed
        assert answer.headers.get("Access-Control-Allow-Credentials") is None
