"""In danger the customer is told the numbers of their own country, or of several."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from amends.handoff import notices
from amends.handoff.contacts import note_contact
from amends.handoff.errors import FirstHelpError
from amends.handoff.first_help import (
    country_of_page,
    country_of_phone,
    load_first_help,
)
from amends.handoff.model import Channel, Contact
from amends.wiring.rules import FixedRules
from tests.handoff.steps import ask, look
from tests.support.shop import NOW, PROJECT, Chat, Shop

SHIPPED = PROJECT / "policies" / "first_help.yml"
LINES = {
    "GB": ("999", "116 123"),
    "IE": ("112 or 999", "116 123"),
    "US": ("911", "988"),
    "CA": ("911", "988"),
    "AU": ("000", "13 11 14"),
    "NZ": ("111", "1737"),
    "DE": ("112", "0800 111 0 111"),
    "FR": ("112", "3114"),
    "CH": ("112, or 144 for an ambulance", "143"),
    "AT": ("112, or 144 for an ambulance", "142"),
    "CN": ("120 (ambulance) or 110 (police)", "12356"),
    "HK": ("999", "2389 2222"),
    "TW": ("119 (ambulance) or 110 (police)", "1925"),
    "JP": ("119 (ambulance) or 110 (police)", "0120-279-338"),
}
SEVERAL = "112 in Europe, 999 in the UK, 911 in the US"
GOOD = """
GB:
  emergency: {en: "999", zh: "999"}
  line: {en: Samaritans, zh: Samaritans}
  number: "116 123"
  day_and_night: true
  source: https://www.samaritans.org/
"""


class TestShippedNumbers:
    def test_given_the_file_that_ships_when_read_then_these_numbers_and_no_others(self) -> None:
        found = load_first_help(SHIPPED)

        assert {code: (one.emergency["en"], one.number) for code, one in found.items()} == LINES

    def test_given_each_text_when_read_then_emergency_numbers_are_the_same_in_both_languages(
        self,
    ) -> None:
        for helpline in load_first_help(SHIPPED).values():
            english, chinese = (
                re.findall(r"\d+", helpline.emergency[code]) for code in ("en", "zh")
            )
            assert english == chinese

    def test_given_a_line_that_rests_at_night_when_told_then_not_called_day_and_night(
        self,
    ) -> None:
        found = load_first_help(SHIPPED)

        assert [code for code, one in found.items() if not one.day_and_night] == ["CN"]
        china = notices.first_help("self_harm", "en", 1, found["CN"]).text
        britain = notices.first_help("self_harm", "en", 1, found["GB"]).text
        assert "day and night" not in china
        assert "To talk to someone, day and night: Samaritans, 116 123" in britain

    @pytest.mark.parametrize("kind", ["self_harm", "safety"])
    @pytest.mark.parametrize("language", ["en", "zh", "fr"])
    def test_given_every_country_when_told_then_no_gap_is_left_and_its_number_is_there(
        self, kind: str, language: str
    ) -> None:
        for helpline in load_first_help(SHIPPED).values():
            text = notices.first_help(kind, language, 1, helpline).text

            assert "{" not in text
            assert helpline.emergency["zh" if language == "zh" else "en"] in text
            assert (helpline.number in text) is (kind == "self_harm")
            assert ("findahelpline.com" in text) is (kind == "self_harm")


class TestLoad:
    @pytest.mark.parametrize(
        ("change", "named"),
        [
            (("GB:", "Britain:"), ["Britain"]),
            (('"116 123"', "116123"), ["GB, number", "string"]),
            (('"116 123"', '"call us"'), ["GB, number"]),
            (('{en: "999", zh: "999"}', '{en: "999"}'), ["GB, emergency: zh is missing"]),
            (('zh: "999"}', 'zh: "999", xx: "999"}'), ["GB, emergency: nobody", "xx"]),
            (("  day_and_night: true\n", ""), ["GB, day_and_night"]),
            (("https://www.samaritans.org/", "I know it"), ["GB, source"]),
            (("number:", "phone:"), ["GB, phone", "GB"]),
        ],
    )
    def test_given_a_mistake_when_loaded_then_country_and_key_are_named(
        self, tmp_path: Path, change: tuple[str, str], named: list[str]
    ) -> None:
        broken = GOOD.replace(*change)
        assert broken != GOOD
        (tmp_path / "first_help.yml").write_text(broken, encoding="utf-8")

        with pytest.raises(FirstHelpError) as refused:
            load_first_help(tmp_path / "first_help.yml")

        sentence = str(refused.value)
        assert any(word in sentence for word in named), sentence
        assert "first_help.yml" in sentence
        assert "\n" not in sentence


class TestCountry:
    @pytest.mark.parametrize(
        ("number", "country"),
        [
            ("+44 20 7946 0000", "GB"),
            ("0049 30 90182012", "DE"),
            ("+353 1 234 5678", "IE"),
            ("+852 2345 6789", "HK"),
            ("+886 2 2345 6789", "TW"),
            ("+1 202 555 0143", None),  # more than one country
            ("+34 912 345 678", None),
            ("020 7946 0000", None),
            ("", None),
            (None, None),
        ],
    )
    def test_given_a_phone_number_when_read_then_its_prefix_tells(
        self, number: str | None, country: str | None
    ) -> None:
        assert country_of_phone(number) == country

    @pytest.mark.parametrize(
        ("page", "country"),
        [
            ("https://shop.example.co.uk/help", "GB"),
            ("https://shop.example.ch/", "CH"),
            ("https://example.com/de-at/kontakt?x=1", "AT"),
            ("https://example.com/zh_TW/", "TW"),
            ("https://example.de/en-us/help", "US"),
            ("https://example.com/my-ca/lamps", None),
            ("https://example.com/lamps/de-luxe", None),
            ("https://example.com/?locale=en-gb", None),
            ("https://shop.example.com:8443/", None),
            ("http://127.0.0.1:8000/", None),
            ("about:blank", None),
            ("", None),
            (None, None),
        ],
    )
    def test_given_a_page_when_read_then_its_locale_tells_or_its_domain(
        self, page: str | None, country: str | None
    ) -> None:
        assert country_of_page(page) == country


def in_danger(shop: Shop, chat: Chat, text: str = "words") -> str:
    return look(shop, chat, text, flags=frozenset({"self_harm"}))[0].text


class TestWhichCountry:
    def test_given_nothing_is_known_when_in_danger_then_numbers_of_several_countries(
        self, shop: Shop
    ) -> None:
        assert SEVERAL in in_danger(shop, shop.chat())

    def test_given_an_order_when_in_danger_then_its_country(self, shop: Shop) -> None:
        chat = shop.chat()
        chat.complains(order="10034")
        with shop.db.read() as uow:
            order = uow.orders.find("10034")
        assert order is not None
        assert order.country in LINES

        said = in_danger(shop, chat)

        assert LINES[order.country][1] in said
        assert SEVERAL not in said

    def test_given_a_signed_in_customer_when_in_danger_then_their_country(self, shop: Shop) -> None:
        said = in_danger(shop, shop.chat("cus-collins"))

        assert "call 999 now" in said
        assert "Samaritans, 116 123" in said

    def test_given_a_phone_number_when_in_danger_then_its_country(self, shop: Shop) -> None:
        assert "0800 111 0 111" in in_danger(shop, shop.chat(), "Call me on +49 30 90182012")

        chat = shop.chat()
        ask(shop, chat)
        with shop.write() as uow:
            note_contact(uow, chat.id, Contact(Channel.PHONE, "+33 1 23 45 67 89"), NOW)
        assert "3114" in in_danger(shop, chat)

    def test_given_a_country_without_numbers_when_in_danger_then_no_other_ones_are_guessed(
        self, shop: Shop
    ) -> None:
        chat = shop.chat("cus-collins")
        known = {code: one for code, one in shop.thresholds.helplines.items() if code != "GB"}
        fewer = replace(shop.thresholds, helplines=known)
        shop.app = replace(shop.app, rules=FixedRules(fewer))

        assert SEVERAL in in_danger(shop, chat, "Call me on +49 30 90182012")

    def test_given_a_chinese_chat_and_a_known_country_when_in_danger_then_in_chinese(
        self, shop: Shop
    ) -> None:
        said = in_danger(shop, shop.chat("cus-collins", language="zh"))

        assert "请立即拨打999。" in said
        assert "可以随时拨打撒玛利亚会：116 123" in said
