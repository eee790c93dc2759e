"""The widget speaks the page's language, its cards that of their message."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .conftest import OpenSite
from .fake_gateway import WIDGET, FakeGateway
from .samples import axe_violations, show_every_card
from .site import Site, begin, until

CHINESE = "很抱歉，您的订单到现在还没有送到您手上。"
CHINESE_PAGE = "/plain?name=Fernhill&language=zh-CN"
CASE = {"kind": "case", "case_number": "AM-1042", "next_step": "customer_decides"}
LATIN_WORD = re.compile(r"[A-Za-z]{3,}")

# Shape of a table: its keys, what each is, how many values a sentence takes.
SHAPES = """
const shape = (value) => {
  if (typeof value === "function") return `function of ${value.length}`;
  if (Array.isArray(value)) return value.map(shape);
  if (typeof value !== "object") return typeof value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, shape(value[key])]));
};
return shape(TEXTS);
"""

# Every text and label that the widget shows or speaks.
SAID = """
() => {
  const root = document.querySelector("amends-widget").shadowRoot;
  const named = ["aria-label", "title", "placeholder"];
  return [...root.querySelectorAll("*")].flatMap((node) => [
    ...named.map((name) => node.getAttribute(name)),
    ...[...node.childNodes].filter((one) => one.nodeType === 3).map((one) => one.data),
  ]).filter((text) => text?.trim());
}
"""


def texts_source() -> str:
    names = ("survey_texts.js", "texts.js")
    source = "".join((Path(WIDGET) / "src" / name).read_text("utf-8") for name in names)
    return re.sub(r"^export |^import .*\n", "", source, flags=re.M)


def chinese_chat(open_site: OpenSite) -> Site:
    site = open_site(CHINESE_PAGE, locale="zh-CN")
    site.launcher.click()
    return site


def write(site: Site, gateway: FakeGateway, text: str) -> None:
    box = site.page.locator("amends-widget textarea").first
    box.fill(text)
    box.press("Enter")
    until(lambda: len(gateway.heard) > 0)


def said(page: Page) -> list[str]:
    return [str(text) for text in page.evaluate(SAID)]


def test_given_the_tables_when_compared_then_each_language_has_every_text(site: Site) -> None:
    shapes = site.page.evaluate(f"() => {{ {texts_source()} {SHAPES} }}")

    assert set(shapes) == {"en", "zh"}
    assert shapes["zh"] == shapes["en"]


class TestChinesePage:
    def test_given_a_chinese_page_when_opened_then_nothing_english_is_shown_or_spoken(
        self, open_site: OpenSite, gateway: FakeGateway
    ) -> None:
        site = chinese_chat(open_site)
        before = said(site.page)
        write(site, gateway, "我的包裹还没有收到")
        gateway.latest.say("bot", CHINESE, card=CASE)
        gateway.latest.say(
            "bot", "请稍候。", card={"kind": "handoff", "position": 3, "expected_minutes": 12}
        )
        gateway.latest.say("bot", "您满意吗？", card={"kind": "survey"})
        expect(site.page.locator("amends-widget .card")).to_have_count(3)

        everything = [text.replace("Fernhill", "") for text in before + said(site.page)]
        assert [text for text in everything if LATIN_WORD.search(text)] == []
        assert gateway.latest.opened_with["language"] == "zh"

    def test_given_a_chinese_page_when_read_aloud_then_its_language_is_simplified_chinese(
        self, open_site: OpenSite
    ) -> None:
        site = chinese_chat(open_site)

        expect(site.page.locator("amends-widget .root")).to_have_attribute("lang", "zh-Hans")

    def test_given_a_chinese_page_when_english_is_answered_then_it_is_marked_as_english(
        self, open_site: OpenSite, gateway: FakeGateway
    ) -> None:
        site = chinese_chat(open_site)
        write(site, gateway, "where is my parcel")
        gateway.latest.say("bot", "I am sorry about that.", card=CASE)

        bubble = site.page.locator("amends-widget .bot .bubble")
        expect(bubble).to_have_attribute("lang", "en")
        expect(site.page.locator("amends-widget .card")).to_contain_text("Your case")


class TestEnglishPage:
    def test_given_an_english_page_when_answered_in_chinese_then_words_and_card_are_marked(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        begin(site, gateway, "我的包裹还没有收到")
        gateway.latest.say("bot", CHINESE, card=CASE, choices=[{"id": "a", "title": "转人工客服"}])

        expect(site.page.locator("amends-widget .bot .bubble")).to_have_attribute("lang", "zh-Hans")
        card = site.page.locator("amends-widget .card")
        expect(card).to_have_attribute("lang", "zh-Hans")
        expect(card).to_contain_text("您的工单")
        expect(card).to_contain_text("下一步：由您决定是否接受")
        expect(site.choices).to_have_attribute("lang", "zh-Hans")
        expect(site.page.locator("amends-widget .root")).to_have_attribute("lang", "en")

    def test_given_an_english_case_when_shown_then_the_next_step_is_told_in_words(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        begin(site, gateway)
        gateway.latest.say("bot", "I have opened a case.", card=CASE)

        card = site.page.locator("amends-widget .card")
        expect(card).to_contain_text("Next: you decide whether to accept")


@pytest.mark.parametrize(
    ("page", "shown"), [("de-AT", "en"), ("en-GB", "en-GB"), ("zh-TW", "zh-Hans")]
)
def test_given_a_page_language_when_shown_then_the_texts_carry_their_own(
    open_site: OpenSite, page: str, shown: str
) -> None:
    site = open_site(f"/plain?name=Fernhill&language={page}")

    expect(site.page.locator("amends-widget .root")).to_have_attribute("lang", shown)


def test_given_chinese_cards_when_checked_then_they_are_accessible(
    open_site: OpenSite, gateway: FakeGateway
) -> None:
    site = chinese_chat(open_site)
    write(site, gateway, "你好")

    show_every_card(gateway)
    expect(site.page.locator("amends-widget .card")).to_have_count(7)

    assert axe_violations(site) == []
