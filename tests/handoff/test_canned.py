"""Canned replies: what may be written, what is filled in, and what is found."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.cases.model import Category
from amends.handoff import canned, canned_editing, canned_values, queue
from amends.handoff.canned import CannedReply, Placeholder, Values, Wording
from amends.handoff.errors import (
    CannedFileError,
    GapsLeft,
    NotAllowed,
    ReplyChanged,
    ShortcutTaken,
    ShortcutUnusable,
    UnknownPlaceholder,
    UnknownReply,
    WordingIncomplete,
)
from amends.handoff.load_canned import load_canned
from amends.handoff.model import StaffMember, StaffRole
from tests.handoff.steps import claimed
from tests.support.shop import ANA, LATE, Shop

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
SAM = StaffMember("s-sam", "sam", "Sam", StaffRole.SUPERVISOR)
LUZ = StaffMember("s-luz", "luz", "Luz", StaffRole.SUPERVISOR)
SORRY = Wording(
    {"en": "Say sorry", "zh": "道歉"},
    {"en": "I am sorry, {customer_name}.", "zh": "{customer_name}，很抱歉。"},
    "sorry",
)


def reply(shortcut: str, title: str = "A title", text: str = "A text", **facts: object):  # type: ignore[no-untyped-def]
    category = facts.get("category")
    wording = Wording({"en": title}, {"en": text}, shortcut, category, bool(facts.get("on", True)))  # type: ignore[arg-type]
    return CannedReply(shortcut, wording, 1, NOW)


class TestChecking:
    def test_given_blanks_and_slash_when_checked_then_tidied(self) -> None:
        found = canned.checked(
            replace(SORRY, titles={"en": " Sorry ", "zh": "道歉"}, shortcut="/Sorry")
        )

        assert found.titles["en"] == "Sorry"
        assert found.shortcut == "sorry"

    @pytest.mark.parametrize("name", ["amount", "refund", "date", "Customer_Name", " item", ""])
    def test_given_unknown_placeholder_when_checked_then_named(self, name: str) -> None:
        wording = replace(SORRY, texts={**SORRY.texts, "en": f"You get {{{name}}} back"})

        with pytest.raises(UnknownPlaceholder) as refused:
            canned.checked(wording)

        assert f"{{{name}}}" in str(refused.value)

    def test_given_no_placeholder_promises_money_or_time(self) -> None:
        promising = ("amount", "refund", "voucher", "remed", "date", "due", "time", "day")

        assert not [one for one in Placeholder for word in promising if word in one.value]

    @pytest.mark.parametrize(
        ("titles", "texts"),
        [
            ({}, {}),
            ({"en": "Sorry"}, {}),
            ({"en": "Sorry"}, {"zh": "抱歉"}),
            ({"en": "Sorry", "zh": "  "}, {"en": "Sorry.", "zh": "抱歉"}),
            ({"en": "S" * 81}, {"en": "Sorry."}),
            ({"en": "Sorry"}, {"en": "S" * 2001}),
        ],
    )
    def test_given_half_a_language_or_too_much_when_checked_then_refused(
        self, titles: dict[str, str], texts: dict[str, str]
    ) -> None:
        with pytest.raises(WordingIncomplete):
            canned.checked(replace(SORRY, titles=titles, texts=texts))

    def test_given_one_language_alone_when_checked_then_kept(self) -> None:
        found = canned.checked(replace(SORRY, titles={"zh": "道歉"}, texts={"zh": "抱歉。"}))

        assert found.texts == {"zh": "抱歉。"}

    @pytest.mark.parametrize("shortcut", ["", "a", "two words", "-begins", "道歉", "x" * 33])
    def test_given_unusable_shortcut_when_checked_then_refused(self, shortcut: str) -> None:
        with pytest.raises(ShortcutUnusable):
            canned.checked(replace(SORRY, shortcut=shortcut))


class TestFilling:
    VALUES = Values(
        {Placeholder.CASE_NUMBER: "AM-7K3F9D", Placeholder.CUSTOMER_NAME: ""},
        {"en": "we wait for your answer", "zh": "等您回复"},
    )

    def test_given_known_values_then_filled_and_the_rest_stays_a_gap(self) -> None:
        text = "{customer_name}: case {case_number}, next {next_step}."

        filled = canned.fill(text, "en", self.VALUES)

        assert filled == "{customer_name}: case AM-7K3F9D, next we wait for your answer."
        assert canned.gaps(filled) == ("{customer_name}",)

    def test_given_chinese_text_then_the_next_step_is_said_in_chinese(self) -> None:
        assert canned.fill("下一步：{next_step}。", "zh", self.VALUES) == "下一步：等您回复。"

    def test_given_value_that_looks_like_a_placeholder_then_it_is_not_filled_again(self) -> None:
        values = Values({Placeholder.ITEM: "{case_number}", Placeholder.CASE_NUMBER: "AM-1"})

        assert canned.fill("Your {item}", "en", values) == "Your {case_number}"

    def test_given_gap_when_it_is_to_be_sent_then_refused_and_named(self) -> None:
        with pytest.raises(GapsLeft, match=r"\{order_number\}"):
            canned.refuse_gaps("Your order {order_number} and {order_number}")

    def test_given_braces_that_are_no_gap_when_sent_then_let_through(self) -> None:
        canned.refuse_gaps("Enter {} or {12} or { this } there")

    @given(st.text(), st.sampled_from(["en", "zh"]))
    def test_given_any_text_then_filling_twice_changes_nothing_more(
        self, text: str, language: str
    ) -> None:
        once = canned.fill(text, language, self.VALUES)

        assert canned.fill(once, language, self.VALUES) == once


class TestValuesInChat:
    def look(self, shop: Shop, customer: str | None) -> Values:
        chat = shop.chat(customer)
        chat.complains(order=LATE)
        asked = claimed(shop, chat)
        with shop.db.read() as uow:
            found = queue.summary(uow, asked.id)
        return canned_values.values_in_chat(found, "Ana", "Fernhill")

    def test_given_signed_in_customer_then_all_that_is_known_is_filled_in(self, shop: Shop) -> None:
        values = self.look(shop, "cus-collins")

        assert values.plain[Placeholder.CUSTOMER_NAME]
        assert values.plain[Placeholder.ORDER_NUMBER] == LATE
        assert values.plain[Placeholder.CASE_NUMBER].startswith("AM-")
        assert values.plain[Placeholder.STAFF_NAME] == "Ana"
        assert values.next_step["en"] == "I look into it and answer you here"
        assert values.plain[Placeholder.ITEM] == ""

    def test_given_guest_with_somebodys_order_then_the_owner_is_not_named(self, shop: Shop) -> None:
        assert self.look(shop, None).plain[Placeholder.CUSTOMER_NAME] == ""


class TestSearching:
    REPLIES = (
        reply(
            "late-order",
            "Apologise for a late order",
            "We are sorry",
            category=Category.NOT_RECEIVED,
        ),
        reply("ask-order", "Ask for the number", "Which order is it?"),
        reply("goodbye", "Say goodbye", "Thank you for your order"),
        reply("old", "Order in the old shop", "Nobody uses this", on=False),
    )

    def found(self, query: str, category: str | None = None) -> list[str]:
        return [one.id for one in canned.search(self.REPLIES, query, category)]

    def test_given_empty_query_then_all_in_use_and_what_suits_the_case_first(self) -> None:
        assert self.found("", "not_received")[0] == "late-order"
        assert set(self.found("")) == {"late-order", "ask-order", "goodbye"}

    def test_given_word_of_shortcut_title_and_text_then_ranked_in_that_order(self) -> None:
        assert self.found("ask") == ["ask-order"]
        assert self.found("order") == ["late-order", "ask-order", "goodbye"]

    def test_given_several_words_then_each_must_be_found(self) -> None:
        assert self.found("thank order") == ["goodbye"]
        assert self.found("order nonsense") == []

    def test_given_chinese_words_then_found_by_title_and_text(self) -> None:
        shipped = load_canned(NOW)

        assert [one.id for one in canned.search(shipped, "照片", None)] == ["ask-photo"]

    @given(st.text(max_size=12))
    def test_given_any_query_then_only_replies_in_use_are_found_each_once(self, query: str) -> None:
        ids = self.found(query)

        assert len(ids) == len(set(ids))
        assert "old" not in ids


class TestShippedReplies:
    def test_given_the_shipped_file_then_a_dozen_stand_in_both_languages(self) -> None:
        shipped = load_canned(NOW)

        assert len(shipped) >= 12
        assert all(one.wording.texts.keys() == {"en", "zh"} for one in shipped)

    def test_given_unknown_placeholder_in_a_file_then_the_reply_is_named(
        self, tmp_path: Path
    ) -> None:
        file = tmp_path / "replies.yml"
        file.write_text(
            "refund:\n  title: {en: a, zh: b}\n  text: {en: 'You get {amount}', zh: c}\n"
        )

        with pytest.raises(CannedFileError, match=r"refund.*\{amount\}"):
            load_canned(NOW, file)


class TestEditing:
    @pytest.fixture
    def shop(self, shop: Shop) -> Shop:
        with shop.write() as uow:
            for member in (SAM, LUZ):
                uow.staff.add(member, "no password opens this")
        return shop

    def add(self, shop: Shop, wording: Wording = SORRY) -> CannedReply:
        with shop.write() as uow:
            return canned_editing.add(uow, wording, SAM, NOW)

    def test_given_two_editors_then_the_second_is_told_and_the_first_stands(
        self, shop: Shop
    ) -> None:
        known = self.add(shop)
        with shop.write() as uow:
            wording = replace(SORRY, texts={"en": "Sorry!", "zh": "抱歉！"})
            canned_editing.change(uow, known.id, wording, known.version, SAM, NOW)

        with pytest.raises(ReplyChanged), shop.write() as uow:
            canned_editing.change(uow, known.id, SORRY, known.version, LUZ, NOW)

        with shop.db.read() as uow:
            stands = canned_editing.reply_of(uow, known.id)
        assert (stands.version, stands.changed_by) == (2, SAM.id)
        assert stands.wording.texts["en"] == "Sorry!"

    def test_given_shortcut_of_another_reply_then_refused(self, shop: Shop) -> None:
        first = self.add(shop)
        second = self.add(shop, replace(SORRY, shortcut="other"))

        with pytest.raises(ShortcutTaken), shop.write() as uow:
            canned_editing.add(uow, SORRY, SAM, NOW)
        with pytest.raises(ShortcutTaken), shop.write() as uow:
            canned_editing.change(uow, second.id, first.wording, 1, SAM, NOW)

    def test_given_agent_then_may_not_write_replies(self, shop: Shop) -> None:
        known = self.add(shop)

        with pytest.raises(NotAllowed), shop.write() as uow:
            canned_editing.add(uow, replace(SORRY, shortcut="mine"), ANA, NOW)
        with pytest.raises(NotAllowed), shop.write() as uow:
            canned_editing.change(uow, known.id, SORRY, 1, ANA, NOW)

    def test_given_unknown_reply_then_refused(self, shop: Shop) -> None:
        with pytest.raises(UnknownReply), shop.write() as uow:
            canned_editing.change(uow, "none", SORRY, 1, SAM, NOW)

    def test_given_first_start_then_loaded_once_and_edits_stand(self, shop: Shop) -> None:
        shipped = load_canned(NOW)
        with shop.write() as uow:
            assert canned_editing.begin_with(uow, shipped) == len(shipped)
        with shop.write() as uow:
            edited = replace(shipped[0].wording, active=False)
            canned_editing.change(uow, shipped[0].id, edited, 1, SAM, NOW)

        with shop.write() as uow:
            assert canned_editing.begin_with(uow, shipped) == 0

        with shop.db.read() as uow:
            assert not canned_editing.reply_of(uow, shipped[0].id).wording.active
            assert len(uow.canned.all()) == len(shipped)
