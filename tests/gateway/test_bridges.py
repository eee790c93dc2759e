"""Chatwoot speaks to the gateway: proven, once, and at once on the customer's screen."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from amends.conversations.model import Mode, Role
from amends.conversations.use_cases import start_conversation
from amends.gateway.app import create_app
from amends.handoff import use_cases as handoff
from amends.wiring import chatwoot as adapter
from amends.wiring import help_desk
from amends.wiring.settings import Settings
from tests.gateway.test_errors_and_limits import assert_error
from tests.support.chatwoot_server import (
    ACCOUNT,
    INBOX,
    SECRET,
    TOKEN,
    Chatwoot,
    chatwoot_server,
    signed,
)
from tests.support.shop import ANA, Chat, Shop, open_shop

PATH = "/api/bridges/chatwoot"


@dataclass
class Door:
    """The gateway over the demo shop, and a Chatwoot beside it."""

    shop: Shop
    client: httpx.AsyncClient
    chatwoot: Chatwoot

    async def send(
        self, webhook: tuple[bytes, dict[str, str]], path: str = PATH, **headers: str
    ) -> httpx.Response:
        body, _ = webhook
        heads = signed(body, self.shop.clock().timestamp())
        changed = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.post(path, content=body, headers=heads | changed)


async def opened(folder: Path, **chosen: Any) -> tuple[Door, Any]:
    shop = open_shop(folder)
    chosen = {"chatwoot_webhook_secret": SECRET} | chosen
    settings = Settings(_env_file=None, var_dir=folder, **chosen)
    chatwoot = Chatwoot()
    shop.app = replace(shop.app, settings=settings)
    api = create_app(shop.app)
    transport = httpx.ASGITransport(app=api)
    client = httpx.AsyncClient(transport=transport, base_url="http://gateway")
    return Door(shop, client, chatwoot), api


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    made, api = await opened(tmp_path)
    with chatwoot_server() as chatwoot:
        desk = adapter.Chatwoot(chatwoot.url, TOKEN, ACCOUNT, INBOX, made.shop.clock, 2.0)
        made.shop.app = replace(made.shop.app, help_desk=desk)
        made.chatwoot = chatwoot
        async with made.client:
            yield made
        desk.stop()
    api.state.service.transactions.close()
    made.shop.db.close()


@pytest.fixture
async def waiting(door: Door) -> Chat:
    """A chat that lies in Chatwoot and waits."""
    chat = door.shop.chat()
    chat.complains()
    with door.shop.write() as uow:
        handoff.request(uow, door.shop.thresholds, chat.id, ("customer_asked",), door.shop.clock())
    await told(door)
    return chat


async def told(door: Door) -> None:
    await asyncio.to_thread(help_desk.tell_help_desk, door.shop.app)
    assert await asyncio.to_thread(door.shop.app.lanes.idle, 20)


class TestTaken:
    async def test_given_a_person_writes_when_sent_then_the_customer_reads_it_under_their_name(
        self, door: Door, waiting: Chat
    ) -> None:
        answer = await door.send(door.chatwoot.writes(door.chatwoot.chat, "Hello, I am Mia"))

        assert (answer.status_code, answer.json()) == (200, {"heard": True})
        assert (waiting.log[-1].author, waiting.log[-1].text) == ("Mia", "Hello, I am Mia")
        assert waiting.conversation.mode is Mode.STAFF

    async def test_given_the_same_again_when_sent_then_nothing_changes(
        self, door: Door, waiting: Chat
    ) -> None:
        webhook = door.chatwoot.writes(door.chatwoot.chat, "Hello")

        answers = await asyncio.gather(*(door.send(webhook) for _ in range(4)))

        assert [one.status_code for one in answers] == [200] * 4
        assert sum(one.json()["heard"] for one in answers) == 1
        assert [one.text for one in waiting.log].count("Hello") == 1

    async def test_given_a_person_resolves_when_sent_then_the_chat_is_closed(
        self, door: Door, waiting: Chat
    ) -> None:
        await door.send(door.chatwoot.writes(door.chatwoot.chat, "Hello"))

        answer = await door.send(door.chatwoot.ends(door.chatwoot.chat))

        assert answer.json() == {"heard": True}
        assert waiting.conversation.mode is Mode.CLOSED

    async def test_given_the_secret_in_the_address_when_sent_unsigned_then_taken(
        self, door: Door, waiting: Chat
    ) -> None:
        body, _ = door.chatwoot.writes(door.chatwoot.chat, "Hello")

        answer = await door.client.post(
            f"{PATH}?secret={SECRET}", content=body, headers={"content-type": "application/json"}
        )

        assert answer.json() == {"heard": True}

    async def test_given_whatever_concerns_no_customer_when_sent_then_200_and_nothing_heard(
        self, door: Door, waiting: Chat
    ) -> None:
        count = len(waiting.log)
        for changes in ({"private": True}, {"message_type": "incoming"}, {"event": "other"}):
            answer = await door.send(door.chatwoot.writes(door.chatwoot.chat, "No", **changes))
            assert (answer.status_code, answer.json()) == (200, {"heard": False})

        assert len(waiting.log) == count

    async def test_given_somebody_listens_when_a_person_writes_then_they_are_woken(
        self, door: Door, waiting: Chat
    ) -> None:
        service = door.client._transport.app.state.service  # type: ignore[attr-defined]

        with service.changes.subscribe(waiting.id) as subscription:
            subscription.clear()
            await door.send(door.chatwoot.writes(door.chatwoot.chat, "Hello"))

            assert await subscription.wait(0)


class TestRefused:
    async def test_given_no_secret_is_set_when_sent_then_503_and_what_to_do(
        self, tmp_path: Path
    ) -> None:
        made, api = await opened(tmp_path, chatwoot_webhook_secret="")
        async with made.client:
            answer = await made.send((b"{}", {}))
        api.state.service.transactions.close()
        made.shop.db.close()

        assert_error(answer, 503, "bridge_off")
        assert "AMENDS_CHATWOOT_WEBHOOK_SECRET" in answer.text

    @pytest.mark.parametrize(
        "headers",
        [
            {"x_chatwoot_signature": "sha256=00"},
            {"x_chatwoot_signature": ""},
            {"x_chatwoot_timestamp": "1"},
        ],
    )
    async def test_given_no_proof_when_sent_then_401_and_nobody_is_written_to(
        self, door: Door, waiting: Chat, headers: dict[str, str]
    ) -> None:
        count = len(waiting.log)

        answer = await door.send(door.chatwoot.writes(door.chatwoot.chat, "Evil"), **headers)

        assert_error(answer, 401, "not_signed")
        assert len(waiting.log) == count

    async def test_given_another_secret_in_the_address_when_sent_unsigned_then_401(
        self, door: Door, waiting: Chat
    ) -> None:
        answer = await door.client.post(f"{PATH}?secret=guess", content=b"{}")

        assert_error(answer, 401, "not_signed")

    @pytest.mark.parametrize("body", [b"", b"no", b"[]", b'{"event": "message_created"}'])
    async def test_given_proof_of_nonsense_when_sent_then_refused_in_our_shape(
        self, door: Door, body: bytes
    ) -> None:
        answer = await door.send((body, {}))

        assert answer.status_code in (400, 422)
        assert set(answer.json()) == {"error"}

    async def test_given_a_colleague_at_our_desk_has_it_when_a_person_writes_then_409(
        self, door: Door, waiting: Chat
    ) -> None:
        with door.shop.write() as uow:
            asked = uow.handoffs.open_of(waiting.id)
            assert asked is not None
            handoff.claim(uow, asked.id, ANA, door.shop.clock())

        answer = await door.send(door.chatwoot.writes(door.chatwoot.chat, "Hello"))

        assert_error(answer, 409, "taken_at_the_desk")
        assert waiting.log[-1].role is not Role.STAFF

    async def test_given_nothing_to_read_when_sent_then_422(
        self, door: Door, waiting: Chat
    ) -> None:
        answer = await door.send(door.chatwoot.writes(door.chatwoot.chat, " \u200b "))

        assert_error(answer, 422, "empty_message")


class TestWholeWay:
    async def test_given_customer_and_person_when_they_talk_then_each_reads_the_other_in_order(
        self, door: Door
    ) -> None:
        """Over the customers' API on one side and Chatwoot's on the other; the bot stays silent."""
        shop = door.shop
        with shop.write() as uow:
            started = start_conversation(uow, language="en", company="Fernhill", now=shop.clock())
            handoff.request(
                uow, shop.thresholds, started.conversation.id, ("customer_asked",), shop.clock()
            )
        path = f"/api/conversations/{started.conversation.id}/messages"
        bearer = {"Authorization": f"Bearer {started.token}"}
        await told(door)
        await door.send(door.chatwoot.writes(door.chatwoot.chat, "Mia: hello"))

        for number in range(3):
            posted = {"client_message_id": f"m{number}", "text": f"Customer {number}"}
            answer = await door.client.post(path, json=posted, headers=bearer)
            assert answer.status_code == 202
            await told(door)
            await door.send(door.chatwoot.writes(door.chatwoot.chat, f"Mia {number}"))

        page = (await door.client.get(path, headers=bearer)).json()
        said = [(one["role"], one["author"], one["text"]) for one in page["messages"]]
        assert said[-6:] == [
            ("customer", None, "Customer 0"), ("staff", "Mia", "Mia 0"),
            ("customer", None, "Customer 1"), ("staff", "Mia", "Mia 1"),
            ("customer", None, "Customer 2"), ("staff", "Mia", "Mia 2"),
        ]  # fmt: skip
        assert page["mode"] == "staff"
        assert door.chatwoot.said() == [f"Customer {number}" for number in range(3)]
        assert door.chatwoot.complaints == []


async def test_given_the_api_then_its_description_names_the_bridge(door: Door) -> None:
    described = (await door.client.get("/openapi.json")).json()

    operation = described["paths"][PATH]["post"]
    assert "409" in operation["responses"]
    assert [one["name"] for one in operation["parameters"]] == ["secret"]
    assert json.dumps(operation).count("AMENDS_CHATWOOT_WEBHOOK_SECRET") == 1
