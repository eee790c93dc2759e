"""The page behind the link of a check-in mail: who holds it answers, and opening it changes
nothing."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from amends.cases.model import CaseStatus
from amends.gateway.app import create_app
from amends.gateway.feedback_texts import TEXTS
from amends.satisfaction.surveys.links import LASTS
from amends.satisfaction.surveys.model import CsatReason, Question, Survey, SurveyAsk
from tests.satisfaction.surveys.steps import ask_of, closed, link_in, mails, some_days_later
from tests.support.shop import Chat, Shop, open_shop

SECRET = "a-secret-of-forty-characters-for-tests-x"
EN = TEXTS["en"]


@dataclass
class Door:
    shop: Shop
    client: httpx.AsyncClient
    chat: Chat
    link: str

    async def open(self, link: str = "") -> httpx.Response:
        return await self.client.get(link or self.link)

    async def answer(self, answer: str, **fields: str) -> httpx.Response:
        return await self.client.post(self.link, data={"answer": answer} | fields)

    async def shown(self, answer: str, **fields: str) -> str:
        """Answer, and return the page that is shown then."""
        answered = await self.answer(answer, **fields)
        assert answered.status_code == 303, answered.text
        page = await self.client.get(answered.headers["location"])
        assert page.status_code == 200
        return page.text

    @property
    def ask(self) -> SurveyAsk:
        return ask_of(self.shop, self.chat)

    @property
    def survey(self) -> Survey | None:
        with self.shop.db.read() as uow:
            return uow.surveys.of_conversation(self.chat.id)


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    shop = open_shop(tmp_path)
    changes = {"site_secret": SecretStr(SECRET), "servqual_share": 1.0}
    shop.app = replace(shop.app, settings=shop.app.settings.model_copy(update=changes))
    chat = closed(shop)
    assert some_days_later(shop) == 1
    (mail,) = mails(shop)
    api = create_app(shop.app)
    transport = httpx.ASGITransport(app=api)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        yield Door(shop, client, chat, link_in(mail))
    api.state.service.transactions.close()
    shop.db.close()


class TestOpening:
    async def test_given_the_link_when_opened_then_it_asks_and_changes_nothing(
        self, door: Door
    ) -> None:
        before = (door.ask, door.chat.case, door.chat.timeline)

        pages = [await door.open() for _ in range(3)]

        assert {page.status_code for page in pages} == {200}
        assert EN["ask_heading"] in pages[0].text
        assert door.chat.case.number in pages[0].text
        assert (door.ask, door.chat.case, door.chat.timeline) == before

    async def test_given_the_page_then_it_works_without_script_and_is_kept_by_nobody(
        self, door: Door
    ) -> None:
        page = await door.open()

        assert "<script" not in page.text
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "no-referrer"
        assert "default-src 'none'" in page.headers["content-security-policy"]

    async def test_given_the_page_then_nothing_of_the_complaint_is_on_it(self, door: Door) -> None:
        page = await door.open()

        assert door.chat.case.what_happened not in page.text
        assert "maya" not in page.text.lower()

    async def test_given_another_language_then_the_page_and_its_link_speak_it(
        self, door: Door
    ) -> None:
        page = await door.open(f"{door.link}&lang=zh")

        assert TEXTS["zh"]["ask_heading"] in page.text
        (english,) = re.findall(r'href="([^"]+lang=en)"', page.text)
        assert EN["ask_heading"] in (await door.open(english.replace("&amp;", "&"))).text


class TestBadLinks:
    @pytest.mark.parametrize(
        ("found", "put"), [(r"sig=\w", "sig=z"), (r"until=\d", "until=9"), (r"ask=\w", "ask=z"),
                           (r"&sig=.*", ""), (r"\?.*", "")],
    )  # fmt: skip
    async def test_given_a_changed_link_then_a_clear_page_and_nothing_is_taken(
        self, door: Door, found: str, put: str
    ) -> None:
        changed = re.sub(found, put, door.link)

        page = await door.open(changed)
        answered = await door.client.post(changed, data={"answer": "no"})

        assert (page.status_code, answered.status_code) == (404, 404)
        assert EN["forged_heading"] in page.text
        assert door.chat.case.status is CaseStatus.RESOLVED

    async def test_given_its_time_is_over_then_a_clear_page_and_nothing_is_taken(
        self, door: Door
    ) -> None:
        door.shop.clock.now += LASTS

        page, answered = await door.open(), await door.answer("no")

        assert (page.status_code, answered.status_code) == (410, 410)
        assert EN["over_heading"] in page.text
        assert door.chat.case.status is CaseStatus.RESOLVED

    async def test_given_what_it_was_about_is_gone_then_a_clear_page(self, door: Door) -> None:
        with door.shop.write() as uow:
            uow.survey_asks._session.connection().exec_driver_sql("DELETE FROM survey_asks")

        page = await door.open()

        assert page.status_code == 410
        assert EN["gone_heading"] in page.text


class TestSolved:
    async def test_given_yes_then_the_survey_follows_and_its_answers_are_stored(
        self, door: Door
    ) -> None:
        page = await door.shown("yes")
        assert EN["survey_heading"] in page
        assert all(EN[question] in page for question in ("csat", "ces", "nps", "servqual"))

        page = await door.shown(
            "rate", csat="2", reason="had_to_repeat", comment=" Twice! ", nps="0",
            **{"servqual.empathy": "1"},
        )  # fmt: skip

        assert door.survey is not None
        assert (door.survey.csat, door.survey.reason) == (2, CsatReason.HAD_TO_REPEAT)
        assert (door.survey.comment, door.survey.nps) == ("Twice!", 0)
        assert door.survey.servqual == {"empathy": 1}
        assert door.survey.case_id == door.chat.case.id
        assert door.ask.left == (Question.CES, Question.EXPECTATION)
        assert EN["more_heading"] in page
        assert EN["csat"] not in page

    async def test_given_all_is_answered_then_the_link_only_thanks(self, door: Door) -> None:
        await door.answer("yes")

        page = await door.shown(
            "rate", csat="5", ces="7", nps="10", expectation="5", **{"servqual.empathy": "5"}
        )

        assert EN["done_heading"] in page
        assert "<form" not in page
        assert door.ask.left == ()

    @pytest.mark.parametrize(
        ("fields", "said"),
        [({}, "nothing_chosen"), ({"comment": "  "}, "nothing_chosen"),
         ({"csat": "6"}, "not_usable"), ({"ces": "many"}, "not_usable"),
         ({"nps": "9" * 5000}, "not_usable"),
         ({"servqual.kindness": "3"}, "not_usable"), ({"comment": "x" * 2001}, "not_usable")],
    )  # fmt: skip
    async def test_given_what_cannot_be_used_then_a_sentence_and_nothing_stored(
        self, door: Door, fields: dict[str, str], said: str
    ) -> None:
        await door.answer("yes")

        answered = await door.answer("rate", **fields)

        assert answered.status_code == 400
        assert EN[said] in answered.text
        assert door.survey is None

    async def test_given_one_wrong_field_then_the_other_answers_are_still_there(
        self, door: Door
    ) -> None:
        await door.answer("yes")

        answered = await door.answer("rate", csat="9", ces="3", comment="<b>Slow</b>")

        assert 'value="3" checked' in answered.text
        assert "&lt;b&gt;Slow&lt;/b&gt;" in answered.text


class TestNotSolved:
    async def test_given_no_then_the_page_says_what_happens_next_and_by_when(
        self, door: Door
    ) -> None:
        page = await door.shown("no", words="Still no parcel")

        assert EN["open_heading"] in page
        assert re.search(r"A colleague, by \w+day, \d+ March 2026, \d\d:\d\d", page)
        assert door.chat.case.status is CaseStatus.WITH_STAFF
        assert door.chat.log[-1].text == "Still no parcel"

    async def test_given_yes_before_then_it_can_still_be_said(self, door: Door) -> None:
        page = await door.shown("yes")
        assert EN["after_all"] in page

        assert EN["open_heading"] in await door.shown("no")
        assert door.chat.case.status is CaseStatus.WITH_STAFF

    async def test_given_words_that_are_too_long_then_a_sentence_and_they_stay(
        self, door: Door
    ) -> None:
        answered = await door.answer("no", words="x" * 2001)

        assert answered.status_code == 400
        assert "2000 characters" in answered.text
        assert "x" * 2001 in answered.text
        assert door.chat.case.status is CaseStatus.RESOLVED

    async def test_given_the_case_is_open_again_then_every_visit_says_so(self, door: Door) -> None:
        await door.answer("no")

        for answer in ("yes", "no"):
            assert EN["open_heading"] in await door.shown(answer)
        assert door.chat.timeline.count("reopened") == 1


class TestLimits:
    async def test_given_answers_without_end_then_they_are_slowed_down_with_a_page(
        self, door: Door
    ) -> None:
        codes = [(await door.answer("yes")).status_code for _ in range(21)]
        page = await door.answer("yes")

        assert codes == [303] * 20 + [429]
        assert EN["often_heading"] in page.text
        assert (await door.open()).status_code == 200


class TestTexts:
    def test_given_the_texts_then_each_language_has_all_of_them(self) -> None:
        shapes = [_shape(texts) for texts in TEXTS.values()]

        assert all(shape == shapes[0] for shape in shapes)
        assert set(EN["reasons"]) == {reason.value for reason in CsatReason}


def _shape(texts: object) -> object:
    if isinstance(texts, dict):
        return {key: _shape(value) for key, value in texts.items()}
    if isinstance(texts, list):
        return len(texts)
    return sorted(re.findall(r"\{(\w+)\}", str(texts)))
