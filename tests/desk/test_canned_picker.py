"""Canned replies are found and put in with the keyboard, with the mouse, and on a phone."""

import re

from playwright.sync_api import Page, expect

from amends.conversations.model import Role
from tests.desk.conftest import Desk
from tests.desk.pages import messages, open_and_claim
from tests.desk.seeding import Chat
from tests.desk.test_accessibility import violations


def composer(page: Page):  # type: ignore[no-untyped-def]
    return page.get_by_label("Message to the customer")


def field(page: Page):  # type: ignore[no-untyped-def]
    return page.get_by_role("combobox", name="Find a canned reply")


def options(page: Page):  # type: ignore[no-untyped-def]
    return page.get_by_role("listbox", name="Canned replies").get_by_role("option")


def chosen(page: Page):  # type: ignore[no-untyped-def]
    return page.get_by_role("option", selected=True)


def claimed(desk: Desk, **features: object) -> tuple[Chat, Page]:
    chat = desk.add_chat()
    page = desk.sign_in("ana", **features)
    open_and_claim(page)
    return chat, page


def find(page: Page, words: str, count: int = 1) -> None:
    field(page).fill(words)
    expect(options(page)).to_have_count(count)


class TestFinding:
    def test_given_slash_at_the_beginning_then_words_find_and_enter_puts_in(
        self, desk: Desk
    ) -> None:
        chat, page = claimed(desk)

        page.keyboard.press("/")
        expect(field(page)).to_be_focused()
        expect(chosen(page)).to_have_count(1)
        page.keyboard.type("goodbye")
        expect(options(page)).to_have_count(1)
        expect(field(page)).to_have_attribute("aria-activedescendant", "canned-1")
        page.keyboard.press("Enter")

        expect(composer(page)).to_be_focused()
        expect(field(page)).to_be_hidden()
        with desk.db.read() as uow:
            case = uow.cases.get(chat.case_id)
        assert case is not None
        assert f"your case number is {case.number}" in composer(page).input_value()

    def test_given_slash_inside_a_text_then_it_is_a_slash(self, desk: Desk) -> None:
        _, page = claimed(desk)

        page.keyboard.type("and/or")

        expect(composer(page)).to_have_value("and/or")
        expect(field(page)).to_be_hidden()

    def test_given_alt_t_and_arrow_keys_then_the_list_is_gone_through_and_escape_leaves(
        self, desk: Desk
    ) -> None:
        _, page = claimed(desk)
        page.keyboard.type("Hello")

        page.keyboard.press("Alt+t")
        expect(chosen(page)).to_have_attribute("id", "canned-1")
        page.keyboard.press("ArrowDown")
        expect(chosen(page)).to_have_attribute("id", "canned-2")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowUp")
        expect(chosen(page)).to_have_attribute("id", f"canned-{options(page).count()}")
        page.keyboard.press("Escape")

        expect(composer(page)).to_be_focused()
        expect(composer(page)).to_have_value("Hello")

    def test_given_nothing_found_then_told_so(self, desk: Desk) -> None:
        _, page = claimed(desk)
        page.keyboard.press("Alt+t")

        find(page, "no such words", 0)

        expect(page.locator(".canned-count")).to_have_text("No reply is found.")
        page.keyboard.press("Enter")
        expect(field(page)).to_be_visible()

    def test_given_chinese_words_then_the_text_is_put_in_in_the_customers_language(
        self, desk: Desk
    ) -> None:
        _, page = claimed(desk)
        page.keyboard.press("Alt+t")

        find(page, "询问订单号")
        page.keyboard.press("Enter")

        expect(composer(page)).to_have_value("Which order is this about? The number has five "
            "digits and stands in the confirmation e-mail. If you cannot find it, tell me what "
            "you ordered and roughly when.")  # fmt: skip


class TestPuttingIn:
    def test_given_cursor_inside_a_text_then_put_in_there(self, desk: Desk) -> None:
        _, page = claimed(desk)
        page.keyboard.type("AB")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("Alt+t")

        find(page, "ask-item")
        options(page).first.click()
        expect(field(page)).to_be_hidden()

        value = composer(page).input_value()
        assert value.startswith("A")
        assert value.endswith("B")
        assert "order 10034" in value

    def test_given_a_gap_then_it_must_be_filled_before_it_is_sent_and_nothing_is_lost(
        self, desk: Desk
    ) -> None:
        chat, page = claimed(desk)
        page.keyboard.press("/")
        find(page, "apology-damaged")
        page.keyboard.press("Enter")

        page.keyboard.press("End")
        page.keyboard.press("Enter")

        expect(page.locator(".toast-error")).to_contain_text("fill in {item}")
        expect(composer(page)).to_have_value(
            "I am sorry that your {item} arrived damaged. You did nothing wrong, and we will put "
            "this right with you."
        )
        assert not [one for one in messages(desk, chat) if one.role is Role.STAFF]

        composer(page).fill(composer(page).input_value().replace("{item}", "lamp"))
        page.keyboard.press("Enter")
        expect(composer(page)).to_have_value("")
        expect(page.get_by_role("log", name="Transcript")).to_contain_text("your lamp arrived")

    def test_given_a_gap_then_it_is_selected_so_that_typing_fills_it(self, desk: Desk) -> None:
        _, page = claimed(desk)
        page.keyboard.press("/")
        find(page, "apology-damaged")
        page.keyboard.press("Enter")
        expect(composer(page)).to_be_focused()

        page.keyboard.type("lamp")

        assert "your lamp arrived" in composer(page).input_value()


def test_given_a_phone_then_found_and_put_in_by_tapping(desk: Desk) -> None:
    size = {"width": 390, "height": 780}
    _, page = claimed(desk, viewport=size, has_touch=True)

    page.get_by_role("button", name="Replies").tap()
    expect(chosen(page)).to_have_count(1)
    box = page.locator(".canned").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert box["y"] >= 0
    assert violations(page) == []
    find(page, "goodbye")
    options(page).first.tap()
    expect(field(page)).to_be_hidden()

    assert "Thank you for telling us" in composer(page).input_value()


def test_given_the_open_picker_then_axe_finds_nothing(desk: Desk) -> None:
    _, page = claimed(desk, color_scheme="dark")

    page.keyboard.press("Alt+t")
    expect(chosen(page)).to_have_count(1)

    assert violations(page) == []


class TestSuggestedSteps:
    def test_given_missing_order_then_its_step_puts_the_question_in(self, desk: Desk) -> None:
        desk.add_chat(order=None, customer=None)
        page = desk.sign_in("ana")
        open_and_claim(page)
        steps = page.get_by_role("complementary", name="Case").locator(".step")
        expect(steps.first).to_contain_text("Answer the customer")

        steps.filter(has_text="Ask for the order number").get_by_role("button").click()

        expect(composer(page)).to_be_focused()
        expect(composer(page)).to_have_value("Which order is this about? The number has five "
            "digits and stands in the confirmation e-mail. If you cannot find it, tell me what "
            "you ordered and roughly when.")  # fmt: skip

    def test_given_remedy_within_ones_authority_then_its_step_opens_the_dialog_with_it_chosen(
        self, desk: Desk
    ) -> None:
        _, page = claimed(desk)
        step = page.locator(".step-grant")
        expect(step).to_contain_text("It is within your authority")

        step.get_by_role("button").click()

        dialog = page.get_by_role("dialog", name="Grant a remedy")
        expect(dialog.locator("input:checked")).to_be_focused()

    def test_given_chat_that_still_waits_then_steps_are_told_without_buttons(
        self, desk: Desk
    ) -> None:
        desk.add_chat()
        page = desk.sign_in("ana")
        page.locator(".row").first.click()

        expect(page.locator(".step").first).to_contain_text("Answer the customer")
        expect(page.locator(".step").get_by_role("button")).to_have_count(0)


def test_given_enter_at_once_after_typing_then_what_was_typed_is_found_and_put_in(
    desk: Desk,
) -> None:
    _, page = claimed(desk)

    page.keyboard.type("/goodbye\n")

    expect(composer(page)).to_have_value(re.compile("Thank you for telling us"))
    expect(composer(page)).to_be_focused()
