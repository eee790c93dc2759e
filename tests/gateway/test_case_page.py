"""The customer's status page: nothing is told without the code, and nothing is given away."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from amends.cases.access import MOST_TRIES, code_of
from amends.compensation import use_cases as compensation
from amends.gateway.app import create_app
from amends.gateway.case_texts import LANGUAGES, TEXTS
from amends.wiring import mail as post_office
from tests.support.shop import Chat, Shop, open_shop

SECRET = "a-secret-of-forty-characters-for-tests-x"
OWNER = "maya.collins@example.com"
WORDS = "My table has still not arrived and nobody tells me where it is"


@dataclass
class Door:
    shop: Shop
    client: httpx.AsyncClient

    async def ask(self, number: str, email: str = OWNER, **more: str) -> httpx.Response:
        return await self.client.post("/case", data={"number": number, "email": email} | more)

    async def code_page(self, number: str, email: str = OWNER, **more: str) -> str:
        answer = await self.ask(number, email, **more)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"].partition("?")[0]

    async def enter(self, page: str, code: str) -> httpx.Response:
        return await self.client.post(page, data={"code": code})

    def code(self, page: str) -> str:
        """Let the job look at the requests, and return the code that belongs to a page."""
        post_office.answer_access_requests(self.shop.app)
        secret = self.shop.app.settings.site_secret.get_secret_value()
        return code_of(secret, page.rpartition("/")[2])


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    shop = open_shop(tmp_path)
    settings = shop.app.settings.model_copy(update={"site_secret": SecretStr(SECRET)})
    shop.app = replace(shop.app, settings=settings)
    api = create_app(shop.app)
    transport = httpx.ASGITransport(app=api)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        yield Door(shop, client)
    api.state.service.transactions.close()
    shop.db.close()


@pytest.fixture
def chat(door: Door) -> Chat:
    chat = door.shop.chat()
    case = chat.complains(text=WORDS)
    with door.shop.write() as uow:
        offer = compensation.decide_case(uow, door.shop.policy, case.id, door.shop.clock()).offer
        assert offer is not None
    return chat


class TestAsking:
    async def test_given_the_page_then_it_works_without_script_and_is_kept_by_nobody(
        self, door: Door
    ) -> None:
        page = await door.client.get("/case")

        assert page.status_code == 200
        assert "<script" not in page.text
        assert page.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in page.headers["content-security-policy"]

    async def test_given_a_right_and_a_wrong_pair_then_the_answers_are_the_same(
        self, door: Door, chat: Chat
    ) -> None:
        answers = [
            await door.ask(chat.case.number),
            await door.ask(chat.case.number, "someone@else.org"),
            await door.ask("AM-AAAAAA"),
        ]
        pages = [await door.client.get(one.headers["location"]) for one in answers]

        ids = [re.search(r"/case/code/(\w+)", one.headers["location"]) for one in answers]
        assert all(ids)
        assert len({one.status_code for one in answers}) == 1
        assert len({one.text.replace(found[1], "") for one, found in zip(pages, ids, strict=True)
                    if found}) == 1  # fmt: skip

    async def test_given_no_number_or_no_address_then_a_sentence_and_what_was_typed_stay(
        self, door: Door
    ) -> None:
        answer = await door.ask("my number", "not an address <b>")

        assert answer.status_code == 400
        assert TEXTS["en"]["wrong_number"] in answer.text
        assert TEXTS["en"]["wrong_email"] in answer.text
        assert 'value="my number"' in answer.text
        assert "&lt;b&gt;" in answer.text
        with door.shop.db.read() as uow:
            assert uow.access_requests.unhandled() == []

    async def test_given_many_requests_for_one_case_then_they_are_slowed_down_alike(
        self, door: Door, chat: Chat
    ) -> None:
        right = [(await door.ask(chat.case.number)).status_code for _ in range(6)]
        door.client.headers["X-Forwarded-For"] = "203.0.113.9"
        wrong = [(await door.ask("AM-AAAAAA", "a@b.org")).status_code for _ in range(4)]

        assert right == [303] * 5 + [429]
        assert wrong[:4] == [303] * 4

    async def test_given_many_requests_from_one_address_then_they_are_slowed_down(
        self, door: Door
    ) -> None:
        codes = [
            (await door.ask(f"AM-AAAAA{letter}", f"{letter}@example.org")).status_code
            for letter in "ACDEFGHJKMN"
        ]

        assert codes == [303] * 10 + [429]


class TestEntering:
    async def test_given_the_code_then_the_case_is_told_and_the_code_is_spent(
        self, door: Door, chat: Chat
    ) -> None:
        page = await door.code_page(chat.case.number)
        code = door.code(page)

        opened = await door.enter(page, f" {code[:3]} {code[3:]} ")
        shown = await door.client.get(opened.headers["location"])

        assert opened.status_code == 303
        cookie = opened.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert "Path=/case" in cookie
        assert chat.case.number in shown.text
        assert WORDS in shown.text
        assert "You decide whether to accept our offer." in shown.text
        assert "£" in shown.text
        assert (await door.enter(page, code)).status_code == 400

    async def test_given_a_wrong_code_then_it_is_refused_the_same_for_every_request(
        self, door: Door, chat: Chat
    ) -> None:
        right = await door.code_page(chat.case.number)
        wrong = await door.code_page("AM-AAAAAA")
        code = door.code(right)
        other = "000000" if code != "000000" else "111111"

        answers = [await door.enter(page, other) for page in (right, wrong, "/case/code/nobody")]

        assert {one.status_code for one in answers} == {400}
        assert all(TEXTS["en"]["wrong_code"] in one.text for one in answers)

    async def test_given_five_wrong_codes_then_the_right_one_opens_nothing(
        self, door: Door, chat: Chat
    ) -> None:
        page = await door.code_page(chat.case.number)
        code = door.code(page)
        for number in range(MOST_TRIES):
            await door.enter(page, f"{(int(code) + 1 + number) % 1_000_000:06}")

        assert (await door.enter(page, code)).status_code == 400

    async def test_given_many_tries_from_one_address_then_they_are_slowed_down(
        self, door: Door
    ) -> None:
        codes = [(await door.enter("/case/code/x", "1")).status_code for _ in range(21)]

        assert codes == [400] * 20 + [429]


class TestSeeing:
    async def enter(self, door: Door, chat: Chat, **more: str) -> None:
        page = await door.code_page(chat.case.number, **more)
        await door.enter(page, door.code(page))

    async def test_given_no_code_then_nothing_is_told(self, door: Door, chat: Chat) -> None:
        forged = {"Cookie": f"amends_case={chat.case.number}"}

        for headers in ({}, forged):
            answer = await door.client.get("/case/status", headers=headers)
            assert answer.status_code == 303
            assert answer.headers["location"].startswith("/case?told=over")

    async def test_given_half_an_hour_then_the_case_is_closed_to_view(
        self, door: Door, chat: Chat
    ) -> None:
        await self.enter(door, chat)
        assert (await door.client.get("/case/status")).status_code == 200
        door.shop.clock.forward(minutes=30)

        assert (await door.client.get("/case/status")).status_code == 303

    async def test_given_somebody_who_leaves_then_the_case_is_closed_to_view(
        self, door: Door, chat: Chat
    ) -> None:
        await self.enter(door, chat)
        left = await door.client.post("/case/leave", data={"lang": "en"})

        assert "told=signed_out" in left.headers["location"]
        assert (await door.client.get("/case/status")).status_code == 303

    async def test_given_a_chinese_conversation_then_the_case_is_told_in_chinese(
        self, door: Door
    ) -> None:
        chat = door.shop.chat(language="zh")
        chat.complains(text="我的订单还没有到，请帮我查一下")
        await self.enter(door, chat)

        shown = await door.client.get("/case/status")
        english = await door.client.get("/case/status?lang=en")

        assert '<html lang="zh">' in shown.text
        assert "订单没有收到" in shown.text
        assert '<html lang="en">' in english.text
        assert "Your order did not arrive" in english.text

    async def test_given_the_customers_words_with_markup_then_they_stay_words(
        self, door: Door
    ) -> None:
        chat = door.shop.chat()
        chat.complains(text="<script>alert(1)</script> my order has not come since a week")
        await self.enter(door, chat)

        shown = await door.client.get("/case/status")

        assert "<script>" not in shown.text
        assert "&lt;script&gt;" in shown.text


def test_given_a_language_then_it_has_every_text_of_english() -> None:
    def keys(table: object) -> object:
        return {k: keys(v) for k, v in table.items()} if isinstance(table, dict) else None

    assert set(TEXTS) == set(LANGUAGES)
    for language in TEXTS:
        assert keys(TEXTS[language]) == keys(TEXTS["en"])
